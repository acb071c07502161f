// The outlines of the depth chart within the prices of its axis, and the steady maximum of its sizes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate } from '../market/depth.ts'
import { depthShape, steadyMaximum } from './depth-shape.ts'

const BOOK = {
  bids: cumulate([
    [9.9, 10],
    [9.8, 20],
    [9, 70],
  ]),
  asks: cumulate([[10.1, 15]]),
}
const points = (list: readonly { x: number; y: number }[]) => list.map(({ x, y }) => [x, y])

test('an outline has the total at each price, up to the end of the axis', () => {
  const { bids, asks, most } = depthShape(BOOK, { low: 9.5, high: 10.5 })
  assert.deepEqual(points(bids), [
    [9.9, 10],
    [9.8, 30],
    [9.5, 30],
  ])
  assert.deepEqual(points(asks), [
    [10.1, 15],
    [10.5, 15],
  ])
  assert.equal(most, 30)
})

test('levels before the axis begins count in its first point', () => {
  assert.deepEqual(points(depthShape(BOOK, { low: 9, high: 9.85 }).bids), [
    [9.85, 10],
    [9.8, 30],
    [9, 100],
  ])
  assert.deepEqual(points(depthShape(BOOK, { low: 9.2, high: 9.5 }).bids), [
    [9.5, 30],
    [9.2, 30],
  ])
})

test('a side that is beyond the axis, or empty, has no outline', () => {
  assert.deepEqual(depthShape(BOOK, { low: 9.95, high: 10 }), { bids: [], asks: [], most: 0 })
  assert.deepEqual(depthShape({ bids: [], asks: [] }, { low: 9, high: 11 }).asks, [])
})

test('a maximum is round, holds the figure, and stays while it is well filled', () => {
  assert.deepEqual(
    [0, 1, 30, 499, 501, 1_000].map(most => steadyMaximum(most, 0)),
    [1, 1, 50, 500, 1_000, 1_000],
  )
  assert.deepEqual(
    [500, 490, 320, 160, 140, 501].map(most => steadyMaximum(most, 500)),
    [500, 500, 500, 500, 200, 1_000],
  )
})
