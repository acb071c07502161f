// The rows of a long list that are drawn.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawnRows, scrollTopFor, visibleRows } from './row-range.ts'

test('rows that are seen in part are visible, all others are not', () => {
  assert.deepEqual(visibleRows(0, 400, 40, 100), { first: 0, end: 10 })
  assert.deepEqual(visibleRows(20, 400, 40, 100), { first: 0, end: 11 })
  assert.deepEqual(visibleRows(3_600, 400, 40, 100), { first: 90, end: 100 })
  assert.deepEqual(visibleRows(0, 400, 40, 3), { first: 0, end: 3 })
})

test('a hidden list, and one scrolled beyond its end, have no rows', () => {
  assert.deepEqual(visibleRows(200, 0, 40, 100), { first: 0, end: 0 })
  assert.deepEqual(visibleRows(9_000, 400, 40, 3), { first: 3, end: 3 })
  assert.deepEqual(drawnRows({ first: 0, end: 0 }, 100, 5), [])
})

test('some rows around the visible ones are drawn, and the one with the focus wherever it is', () => {
  const range = { first: 40, end: 50 }
  const drawn = drawnRows(range, 100, -1)
  assert.deepEqual([drawn[0], drawn.at(-1), drawn.length], [34, 55, 22])
  assert.deepEqual(drawnRows(range, 100, 45), drawn)
  assert.deepEqual(drawnRows(range, 100, 3), [3, ...drawn])
  assert.deepEqual(drawnRows(range, 100, 99), [...drawn, 99])
  assert.deepEqual(drawnRows({ first: 0, end: 3 }, 3, 1), [0, 1, 2])
})

test('the list is scrolled no further than it takes to see a row', () => {
  const seen = { scrollTop: 400, height: 200, rowHeight: 40 }
  assert.deepEqual(
    [9, 10, 14, 15].map(row => scrollTopFor(row, seen)),
    [360, undefined, undefined, 440],
  )
})
