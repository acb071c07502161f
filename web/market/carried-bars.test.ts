// The carried price fills quiet intervals, up to the market's clock, and no closed market.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barOf } from '../testing/sample-market.ts'
import { carryOver, isCarried } from './carried-bars.ts'

const at = (seconds: number, price: number) => barOf(price, { time: seconds * 1_000 })

test('quiet seconds get flat bars at the last close, without volume; traded ones stay the same objects', () => {
  const bars = [at(10, 5), at(13, 6), at(14, 7)]
  const carried = carryOver(bars, 1_000, 14_300)
  assert.deepEqual(
    carried.map(({ time, close, volume }) => [time / 1_000, close, volume]),
    [
      [10, 5, 10],
      [11, 5, 0],
      [12, 5, 0],
      [13, 6, 10],
      [14, 7, 10],
    ],
  )
  assert.deepEqual(
    carried.filter(bar => !isCarried(bar)),
    bars,
  )
  assert.ok(bars.every(bar => carried.includes(bar)))
})

test('time that passes without trades moves the chart on, and a new trade starts where the carried bars end', () => {
  const bars = [at(10, 5)]
  assert.equal(carryOver(bars, 1_000, 10_999), bars)
  assert.equal(carryOver(bars, 1_000, 11_000).length, 2)
  assert.equal(carryOver(bars, 1_000, 13_500).length, 4)
  assert.deepEqual(
    carryOver([...bars, at(13, 6)], 1_000, 13_500).map(({ time }) => time / 1_000),
    [10, 11, 12, 13],
  )
  assert.equal(carryOver(bars, 1_000, 0), bars, 'before the clock is known')
})

test('a closed market is not carried over: neither a night of minutes nor one of hours', () => {
  for (const intervalMs of [1_000, 60_000, 300_000, 3_600_000]) {
    const bars = [at(0, 5), at(17.5 * 3_600, 6)]
    assert.equal(carryOver(bars, intervalMs, 17.5 * 3_600_000), bars, String(intervalMs))
  }
  const hour = [at(0, 5), at(3 * 3_600, 6)]
  assert.equal(carryOver(hour, 3_600_000, 0).length, 4)
})
