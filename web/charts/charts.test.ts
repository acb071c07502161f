// The arithmetic behind the charts: marks, ranges, outlines, text alternatives.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bar } from '@papertape/protocol'
import { priceMarks, priceMarksFor, timeMarks } from './axis.ts'
import { describeBar, describeCandles, describeDepth } from './describe.ts'
import { barsBetween, bodyWidth, priceRange, SLOT_PX, slotFor, VOLUME_SHARE, withVolumeShare } from './scale.ts'
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

test('a chart of any height from 120 px on has at least four price labels, which do not overlap', () => {
  for (let heightPx = 96; heightPx <= 900; heightPx += 7) {
    for (const span of [0.11, 0.5, 1.7, 33, 4_000]) {
      const marks = priceMarksFor(100, 100 + span, heightPx, 0.01)
      assert.ok(marks.length >= 4, `${marks.length} at ${heightPx} px for ${span}`)
      assert.ok(marks.length <= heightPx / 14, `${marks.length} labels overlap at ${heightPx} px`)
    }
  }
})

test('time marks are at the bars in which a round time begins, far enough apart; the day is named where it begins', () => {
  const range = { first: 0, end: 300 }
  const marks = timeMarks(bars, range, 8, MINUTE, 'utc')
  assert.deepEqual(
    marks.slice(0, 2).map(({ bar: at, label }) => [at, label]),
    [
      [15, '00:15'],
      [30, '00:30'],
    ],
  )
  const overnight = [...bars.slice(0, 100), ...Array.from({ length: 100 }, (_, at) => bar(1_440 + at, 10))]
  const days = timeMarks(overnight, { first: 0, end: 200 }, 8, MINUTE, 'utc')
  assert.deepEqual(
    days.filter(({ bar: at }) => at > 88 && at < 110).map(({ bar: at, label }) => [at, label]),
    [
      [90, '01:30'],
      [100, '2 Jan'],
    ],
  )
  const seconds = bars.map((one, at) => ({ ...one, time: at * 1_000 }))
  assert.equal(timeMarks(seconds, range, 8, 1_000, 'utc')[0]!.label, '00:00:15')
})

test('bars of whole days are named by their date in UTC, whatever the zone', () => {
  const days = Array.from({ length: 30 }, (_, at) => bar(at * 1_440, 10))
  for (const zone of ['utc', 'local'] as const) {
    const marks = timeMarks(days, { first: 0, end: 30 }, 100, 1_440 * MINUTE, zone)
    assert.deepEqual([marks.length, marks[0]!.label, marks.at(-1)!.label], [29, '2 Jan', '30 Jan'])
  }
})

test('the bars between two places', () => {
  assert.deepEqual(barsBetween(bars, 200.4, 302), { first: 200, end: 300 })
  assert.deepEqual(barsBetween(bars, -40, 10.2), { first: 0, end: 11 })
  assert.deepEqual(barsBetween(bars, 400, 500), { first: 300, end: 300 })
  assert.deepEqual(barsBetween([], -90, 2), { first: 0, end: 0 })
})

test('the price range covers every visible bar, with the volume beneath', () => {
  const view = { first: 201, end: 300 }
  const prices = priceRange(bars, view, 0.01, undefined)
  const { low, high } = withVolumeShare(prices)
  const lows = bars.slice(view.first).map(one => one.low)
  assert.ok(Math.min(...lows) >= low + (high - low) * VOLUME_SHARE)
  assert.ok(Math.max(...bars.map(one => one.high)) <= high)
  const flat = priceRange([bar(0, 10)], { first: 0, end: 1 }, 1, undefined)
  assert.ok(flat.high - flat.low >= 8)
})

test('the price range is kept while the prices fit well, and changes when they leave it or need little of it', () => {
  const all = { first: 0, end: 1 }
  const of = (low: number, high: number) => [{ ...bar(0, 10), low, high }]
  const before = priceRange(of(10, 12), all, 0.01, undefined)
  assert.equal(priceRange(of(10, 12.1), all, 0.01, before), before)
  assert.equal(priceRange(of(10.2, 11.8), all, 0.01, before), before)
  assert.notEqual(priceRange(of(10, 13), all, 0.01, before), before)
  assert.notEqual(priceRange(of(10.9, 11.1), all, 0.01, before), before)
  assert.equal(priceRange([], { first: 0, end: 0 }, 0.01, before), before)
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
  const described = { symbol: 'AAA', interval: '1m', bars, decimals: 2, zone: 'utc', own: ['Position 5.'] } as const
  assert.match(
    describeCandles(described),
    /^Candles of AAA, one minute each, 300 bars to 1 Jan 04:59 UTC\. Last 10\.20, up 2\.00% .* Position 5\.$/,
  )
  assert.match(describeCandles({ ...described, interval: '5m', bars: [bar(0, 10)] }), /, five minutes each, 1 bar to /)
  assert.match(describeCandles({ ...described, bars: [] }), /no bars/)
  assert.equal(
    describeBar(bar(1, 10.5), '1m', 2, 'utc'),
    '1 Jan 00:01: open 10.00, high 10.60, low 9.90, close 10.50, volume 101',
  )
  assert.match(describeDepth(depth, 2), /10 bid from 10\.00 down, 92 offered from 10\.10 up/)
})

test('few bars are drawn wider, up to a limit', () => {
  assert.equal(slotFor(3, 800), SLOT_PX.fill)
  assert.equal(slotFor(60, 800), 12)
  assert.equal(slotFor(300, 800), SLOT_PX.default)
})
