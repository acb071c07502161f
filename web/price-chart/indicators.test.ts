// The curves that are computed from the bars.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barOf } from '../testing/sample-market.ts'
import { dayVwap, lacksDayStart, movingAverage } from './indicators.ts'

const DAY_MS = 86_400_000

test('the moving average is the mean of the last closes, once there are enough', () => {
  const bars = [1, 2, 3, 4, 10].map(price => barOf(price))
  assert.deepEqual(movingAverage(bars, 3), [undefined, undefined, 2, 3, 17 / 3])
  assert.deepEqual(movingAverage(bars, 6), [undefined, undefined, undefined, undefined, undefined])
})

test('the VWAP weighs by volume, is not moved by carried bars, and begins anew with each day', () => {
  const bars = [
    barOf(10, { time: DAY_MS - 1, volume: 5 }),
    barOf(20, { time: DAY_MS, volume: 0, trades: 0 }),
    barOf(20, { time: DAY_MS + 1, volume: 30 }),
    barOf(40, { time: DAY_MS + 2, volume: 10 }),
    barOf(99, { time: DAY_MS + 3, volume: 0, trades: 0 }),
  ]
  assert.deepEqual(dayVwap(bars), [10, undefined, 20, 25, 25])
  assert.equal(lacksDayStart(bars), false)
  assert.equal(lacksDayStart(bars.slice(1)), true)
  assert.equal(lacksDayStart([]), false)
})
