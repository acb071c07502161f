// The arithmetic behind the charts: marks, ranges, outlines, text alternatives.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bar } from '@papertape/protocol'
import { priceMarks, timeLabel, timeMarks } from './axis.ts'
import { describeBar, describeCandles, describeDepth } from './describe.ts'
import { barAt, bodyWidth, priceRange, SLOT_PX, slotFor, VOLUME_SHARE, visibleBars } from './scale.ts'
import { sparklinePath } from './sparkline.ts'

const MINUTE = 60_000
const bar = (minute: number, close: number): Bar => ({
  time: minute * MINUTE,
  open: 10,
  high: Math.max(10, close) + 0.1,
  low: Math.min(10, close) - 0.1,
  close,
  volume: 100 + minute,
  vwap: 10,
  trades: 3,
})
const bars = Array.from({ length: 300 }, (_, at) => bar(at, 10 + (at % 9) / 10))

test('price marks are round, inside the range, and not finer than a tick', () => {
  assert.deepEqual(priceMarks(10.02, 10.31, 5, 0.01), [10.1, 10.2, 10.3])
  assert.deepEqual(priceMarks(1, 1.02, 10, 0.01), [1, 1.01, 1.02])
  assert.deepEqual(priceMarks(0, 1_000, 4, 0.01), [0, 500, 1_000])
  assert.deepEqual(priceMarks(5, 5, 4, 0.01), [])
})

test('time marks are round, and at most as many as asked for', () => {
  const { stepMs, marks } = timeMarks(0, 100 * MINUTE, 8)
  assert.equal(stepMs, 15 * MINUTE)
  assert.equal(marks.length, 7)
  assert.equal(timeLabel(marks[1]!, stepMs), '00:15')
  assert.equal(timeLabel(0, stepMs), '1 Jan')
  assert.equal(timeLabel(61_000, 1_000), '00:01:01')
})

test('the visible range ends at the newest bar, and moves back', () => {
  const view = visibleBars(bars, 800, 8, MINUTE)
  assert.equal(view.end, 300)
  assert.equal(view.first, 201)
  assert.ok(bars[view.first]!.time >= view.fromMs)
  const earlier = visibleBars(bars, 800, 8, MINUTE, 100)
  assert.deepEqual([earlier.first, earlier.end], [101, 200])
  assert.deepEqual(visibleBars([], 800, 8, MINUTE).end, 0)
})

test('the price range covers every visible bar and leaves the volume its share', () => {
  const view = visibleBars(bars, 800, 8, MINUTE)
  const { low, high } = priceRange(bars, view, 0.01)
  const lows = bars.slice(view.first).map(one => one.low)
  const bottom = low + (high - low) * VOLUME_SHARE
  assert.ok(Math.min(...lows) >= bottom - 1e-9)
  assert.ok(Math.max(...bars.map(one => one.high)) <= high)
  const flat = priceRange([bar(0, 10)], { first: 0, end: 1, fromMs: 0, toMs: MINUTE }, 1)
  assert.ok(flat.high - flat.low >= 8)
})

test('the cursor finds the nearest bar, across gaps too', () => {
  const holes = [bar(0, 10), bar(1, 10), bar(10, 10)]
  const view = { first: 0, end: 3, fromMs: 0, toMs: 20 * MINUTE }
  assert.equal(barAt(holes, view, 1.5 * MINUTE, MINUTE), 1)
  assert.equal(barAt(holes, view, 4 * MINUTE, MINUTE), 1)
  assert.equal(barAt(holes, view, 8 * MINUTE, MINUTE), 2)
  assert.equal(barAt(holes, view, 99 * MINUTE, MINUTE), 2)
  assert.equal(barAt([], { ...view, end: 0 }, 0, MINUTE), undefined)
})

test('bodies have an odd width, so that the wick is in the middle', () => {
  for (let slot = 1; slot < 40; slot++) assert.equal(bodyWidth(slot) % 2, 1)
})

test('a sparkline runs from left to right inside its box; one value gives none', () => {
  assert.equal(sparklinePath([1], 60, 20), '')
  assert.equal(sparklinePath([1, 3, 2], 60, 20), 'M1.0 19.0L30.0 1.0L59.0 10.0')
  assert.equal(sparklinePath([5, 5], 60, 20), 'M1.0 10.0L59.0 10.0')
})

const depth = {
  symbol: 'AAA',
  proof: 'verified' as const,
  seq: 1,
  bids: [
    { price: 10, size: 5, total: 5 },
    { price: 9.9, size: 5, total: 10 },
  ],
  asks: [
    { price: 10.1, size: 2, total: 2 },
    { price: 12, size: 90, total: 92 },
  ],
}

test('text alternatives', () => {
  assert.match(
    describeCandles('AAA', '1m', bars, 2),
    /^Candles of AAA, one minute each, 300 bars\. Last 10\.20, up 2\.00%/,
  )
  assert.match(describeCandles('AAA', '1m', [], 2), /no bars/)
  assert.equal(describeBar(bar(1, 10.5), 2), '00:01:00: open 10.00, high 10.60, low 9.90, close 10.50, volume 101')
  assert.match(describeDepth(depth, 2), /10 bid from 10\.00 down, 92 offered from 10\.10 up/)
})

test('few bars are drawn wider, up to a limit; a chosen width stays', () => {
  assert.equal(slotFor(3, 800, SLOT_PX.default), SLOT_PX.fill)
  assert.equal(slotFor(60, 800, SLOT_PX.default), 12)
  assert.equal(slotFor(300, 800, SLOT_PX.default), SLOT_PX.default)
  assert.equal(slotFor(3, 800, 5), 5)
})
