// The view of the ladder: rows stay under a pointer, recentre when the touch leaves the middle, never end below zero.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate } from '../market/depth.ts'
import { follow, isCentred, type LadderView, recentre, reveal, scroll, topOf, touchOf } from './ladder-view.ts'

const COUNT = 20
const start: LadderView = { of: 'AAA 1', centre: 1000, isScrolled: false }
const at = (touch: number | undefined, isHeld = false) => ({ of: 'AAA 1', touch, count: COUNT, isHeld })

test('the rows stay while the touch is in the middle half, and recentre when it leaves', () => {
  for (const touch of [995, 1000, 1005]) assert.equal(follow(start, at(touch)), start)
  assert.equal(follow(start, at(1006)).centre, 1006)
  assert.equal(follow(start, at(994)).centre, 994)
  assert.equal(follow(start, at(undefined)), start)
})

test('no row moves under a pointer or the focus', () => {
  assert.equal(follow(start, at(1200, true)), start)
  assert.equal(isCentred(start, 1200, COUNT), false)
  assert.equal(follow(start, at(1200)).centre, 1200, 'once it is left')
})

test('what was scrolled to stays, until the touch is in the middle again or a person recentres', () => {
  const scrolled = scroll(start, 8, COUNT)
  assert.deepEqual([scrolled.centre, follow(scrolled, at(1000))], [1008, scrolled])
  assert.deepEqual(follow(scrolled, at(1007)), { ...scrolled, isScrolled: false })
  assert.deepEqual(recentre(scrolled, 1000), start)
})

test('another instrument or grouping starts around its own touch', () => {
  const other = follow(scroll(start, 8, COUNT), { ...at(500, true), of: 'BBB 1' })
  assert.deepEqual(other, { of: 'BBB 1', centre: 500, isScrolled: false })
  const unknown = follow(start, { ...at(undefined), of: 'BBB 1' })
  assert.equal(unknown.centre, undefined)
  assert.equal(follow(unknown, { ...at(500, true), of: 'BBB 1' }).centre, 500)
})

test('the lowest row is the first group, also after scrolling on', () => {
  const low = { ...start, centre: 3 }
  assert.equal(topOf(low, COUNT), COUNT)
  const down = scroll(scroll(low, -5, COUNT), -5, COUNT)
  assert.equal(topOf(down, COUNT), COUNT)
  assert.equal(topOf(scroll(down, 1, COUNT), COUNT), COUNT + 1)
})

test('a group is brought into view by the shortest way', () => {
  assert.equal(topOf(start, COUNT), 1010)
  assert.equal(topOf(reveal(start, 1013, COUNT), COUNT), 1013)
  assert.equal(topOf(reveal(start, 989, COUNT), COUNT), 1008)
  assert.equal(reveal(start, 1010, COUNT), start)
  assert.equal(reveal(start, 991, COUNT), start)
})

test('the touch is between the best prices, at the one there is, or at another known price', () => {
  const grid = { tickSize: 0.01, decimals: 2, groupTicks: 1 }
  const bids = cumulate([[10, 5]])
  const asks = cumulate([[10.04, 5]])
  assert.equal(touchOf({ bids, asks }, 9, grid), 1002)
  assert.equal(touchOf({ bids, asks }, 9, { ...grid, groupTicks: 10 }), 100)
  assert.equal(touchOf({ bids: [], asks }, 9, grid), 1004)
  assert.equal(touchOf({ bids, asks: [] }, 9, grid), 1000)
  assert.equal(touchOf({ bids: [], asks: [] }, 9, grid), 900)
  assert.equal(touchOf({ bids: [], asks: [] }, null, grid), undefined)
})
