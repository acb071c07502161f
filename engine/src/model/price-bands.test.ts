// Reference and bands against a mean over all trades; widths by price and tier; the schedule of a day.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACME } from '../testing/test-exchange.ts'
import { PriceBands } from './price-bands.ts'
import { DEFAULT_RULES, LULD_BANDS } from './rules.ts'
import { bandFactorAt, DAY_MS, phaseAt, scheduledAfter } from './trading-day.ts'

const HOUR_MS = 3_600_000

test('the reference is the mean of the last five minutes alone', () => {
  const bands = new PriceBands({ ...LULD_BANDS, holdMs: 0, updateBps: 0 }, ACME)
  const trades: [time: number, ticks: number][] = []
  let random = 7
  for (let time = 0; time < 2_000_000; ) {
    random = (random * 48_271) % 2_147_483_647
    time += random % 9_000
    const ticks = 9_000 + (random % 2_000)
    trades.push([time, ticks])
    bands.trade(time, ticks, true)
    // The window is counted in whole seconds.
    const from = Math.floor(time / 1_000) - 300
    const inside = trades.filter(([at]) => Math.floor(at / 1_000) > from).map(([, price]) => price)
    const mean = Math.round(inside.reduce((sum, price) => sum + price, 0) / inside.length)
    assert.equal(bands.referenceTicks, mean)
    assert.equal(bands.highTicks, mean + Math.round(mean * 0.05))
  }
  const again = new PriceBands({ ...LULD_BANDS, holdMs: 0, updateBps: 0 }, ACME)
  again.restore(JSON.parse(JSON.stringify(bands.state())))
  assert.deepEqual(again.state(), bands.state())
  assert.equal(again.lowTicks, bands.lowTicks)
})

test('a restored window has the same mean to the last bit, also of prices off the tick grid', () => {
  const rules = { ...LULD_BANDS, holdMs: 0, updateBps: 0 }
  const bands = new PriceBands(rules, ACME)
  const again = new PriceBands(rules, ACME)
  // The last mean is half a tick: it is rounded by the last bit of the sum.
  const prices = [101.6, 100.3, 108.8, 104.6, 103.9, 101.2, 107.1, 105.2]
  for (const [at, ticks] of prices.entries()) {
    if (at === 6) again.restore(JSON.parse(JSON.stringify(bands.state())))
    for (const each of at < 6 ? [bands] : [bands, again]) each.trade(at * 100_000, ticks, true)
  }
  assert.equal(again.referenceTicks, bands.referenceTicks)
  assert.deepEqual(again.state(), bands.state())
})

test('widths depend on the previous close and the tier, and have a maximum for low prices', () => {
  const widthOf = (previousCloseTicks: number, tierTwo: readonly string[] = []) =>
    new PriceBands({ ...LULD_BANDS, tierTwo }, { ...ACME, previousCloseTicks }).highTicks - previousCloseTicks
  assert.equal(widthOf(10_000), 500)
  assert.equal(widthOf(10_000, ['ACME']), 1_000)
  assert.equal(widthOf(300), 60)
  assert.equal(widthOf(70), 15)
  assert.equal(widthOf(10), 8)
})

test('a day: its phases, the next event, and when bands are doubled', () => {
  const schedule = {
    preOpenMs: 8 * HOUR_MS,
    openingAuctionMs: 9 * HOUR_MS,
    continuousMs: 9.5 * HOUR_MS,
    closingAuctionMs: 16 * HOUR_MS,
    closedMs: 16.25 * HOUR_MS,
  }
  const rules = { ...DEFAULT_RULES, schedule, bands: LULD_BANDS }
  const day = 20_000 * DAY_MS
  const at = (hours: number) => day + hours * HOUR_MS
  assert.deepEqual(
    [0, 8, 9, 9.5, 15.99, 16, 16.25, 23].map(hours => phaseAt(schedule, at(hours))),
    ['closed', 'preOpen', 'openingAuction', 'continuous', 'continuous', 'closingAuction', 'closed', 'closed'],
  )
  assert.deepEqual(scheduledAfter(rules, at(9.5)), { time: at(16) - 25 * 60_000, event: 'bands' })
  assert.deepEqual(scheduledAfter(rules, at(16)), { time: at(16.25), event: 'close' })
  assert.deepEqual(scheduledAfter(rules, at(16.25)), { time: at(32), event: 'preOpen' })
  assert.equal(scheduledAfter(DEFAULT_RULES, day), undefined)
  assert.deepEqual([bandFactorAt(rules, at(12)), bandFactorAt(rules, at(15.75))], [1, 2])
  assert.equal(bandFactorAt(DEFAULT_RULES, at(15.75)), 1)
})
