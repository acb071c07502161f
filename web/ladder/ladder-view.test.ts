// The view of the ladder: rows stay under a pointer, recentre when the touch leaves the middle, never end below zero.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate } from '../market/depth.ts'
import { follow, isCentred, type LadderView, recentre, reveal, scroll, topOf, touchOf } from './ladder-view.ts'

const COUNT = 20
const start: LadderView = { of: 'AAA 1', centre: 1000, isScrolled: false }
const touch = (middle: number, spread = 1) => ({ middle, spread })
const at = (middle: number | undefined, isHeld = false) => ({
  of: 'AAA 1',
  touch: middle === undefined ? undefined : touch(middle),
  count: COUNT,
  isHeld,
})

test('the rows stay while the touch is in the middle half, and recentre when it leaves', () => {
  for (const middle of [996, 1000, 1004]) assert.equal(follow(start, at(middle)), start)
  assert.equal(follow(start, at(1005)).centre, 1005)
  assert.equal(follow(start, at(995)).centre, 995)
  assert.equal(follow(start, at(undefined)), start)
})

test('both best prices keep rows on their far side, in few rows and with a wide spread too', () => {
  for (const count of [5, 7, 9, 20]) {
    for (let spread = 0; spread < count - 2; spread++) {
      for (let middle = 990; middle <= 1010; middle++) {
        const view = follow(start, { ...at(0), touch: touch(middle, spread), count })
        const top = topOf(view, count)
        const above = top - Math.ceil(middle + spread / 2)
        const below = Math.floor(middle - spread / 2) - (top - count + 1)
        assert.ok(Math.min(above, below) >= 0, `${count} rows, spread ${spread}: ${above} above, ${below} below`)
      }
    }
  }
})

test('no row moves under a pointer or the focus', () => {
  assert.equal(follow(start, at(1200, true)), start)
  assert.equal(isCentred(start, touch(1200), COUNT), false)
  assert.equal(follow(start, at(1200)).centre, 1200, 'once it is left')
})

test('what was scrolled to stays, until the touch is in the middle again or a person recentres', () => {
  const scrolled = scroll(start, 8, COUNT)
  assert.deepEqual([scrolled.centre, follow(scrolled, at(1000))], [1008, scrolled])
  assert.deepEqual(follow(scrolled, at(1006)), { ...scrolled, isScrolled: false })
  assert.deepEqual(recentre(scrolled, touch(1000)), start)
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
  assert.deepEqual(touchOf({ bids, asks }, 9, grid, 9), touch(1002, 4))
  assert.deepEqual(touchOf({ bids, asks }, 9, { ...grid, groupTicks: 10 }, 9), touch(100, 0.4))
  assert.deepEqual(touchOf({ bids: [], asks }, 9, grid, 9), touch(1004, 0))
  assert.deepEqual(touchOf({ bids, asks: [] }, 9, grid, 9), touch(1000, 0))
  assert.deepEqual(touchOf({ bids: [], asks: [] }, 9, grid, 9), touch(900, 0))
  assert.equal(touchOf({ bids: [], asks: [] }, null, grid, 9), undefined)
  assert.deepEqual(touchOf({ bids, asks }, 9, grid, 4), touch(900, 0), 'too far apart to be in the rows')
  assert.deepEqual(touchOf({ bids, asks }, null, grid, 4), touch(1002, 4))
})
