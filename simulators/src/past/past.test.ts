// The past of a market: bars that hold together and end where the market begins, the same however many days there are,
// and like the minutes that the market model itself trades.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Bar, type InstrumentSpec, toTicks } from '@papertape/protocol'
import { autocorrelation, correlation, excessKurtosis, mean, standardDeviation } from '../analysis/facts/statistics.ts'
import { selectInstruments } from '../market/instruments.ts'
import { SESSION_MS } from '../market/intraday-profile.ts'
import { createSimulatedMarket } from '../market/market.ts'
import { PRESETS } from '../market/preset.ts'
import { createSimulation } from '../simulation.ts'
import { createPast, type PastSettings } from './past.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
const MIDNIGHT = 20_456 * DAY_MS
const HOURS = { startMs: 13.5 * 60 * MINUTE_MS, endMs: 20 * 60 * MINUTE_MS }
const [VELTR, NIMBR] = selectInstruments(2) as [InstrumentSpec, InstrumentSpec]
const AT_NINE: PastSettings = { seed: 1, openTime: MIDNIGHT + 9 * 60 * MINUTE_MS, days: 5, hours: null }

const daysOf = (settings: PastSettings, spec = VELTR) => [...createPast(settings).daysOf(spec)]
/** Oldest first. */
const barsOf = (settings: PastSettings, spec = VELTR) =>
  daysOf(settings, spec)
    .flatMap(({ bars }) => bars.toReversed())
    .reverse()

describe('the past', () => {
  test('has a bar for each minute from midnight five days before up to the beginning of the market', () => {
    const times = barsOf(AT_NINE).map(({ time }) => time)
    assert.equal(times.length, 5 * 1_440 + 9 * 60)
    assert.equal(times[0], MIDNIGHT - 5 * DAY_MS)
    for (const [i, time] of times.entries()) assert.equal(time, times[0]! + i * MINUTE_MS)
    const later = barsOf({ ...AT_NINE, openTime: AT_NINE.openTime + 59_999 })
    assert.deepEqual([later.length, later.at(-1)!.time], [times.length, times.at(-1)], 'not the minute that has begun')
  })

  test('with a schedule has the minutes of its trading hours; after their end the next day has begun', () => {
    const lengths = (hour: number) =>
      daysOf({ ...AT_NINE, hours: HOURS, openTime: MIDNIGHT + hour * 60 * MINUTE_MS }).map(({ bars }) => bars.length)
    assert.deepEqual(lengths(9), [0, 390, 390, 390, 390, 390])
    assert.deepEqual(lengths(14), [30, 390, 390, 390, 390, 390])
    assert.deepEqual(lengths(21), [0, 390, 390, 390, 390, 390])
    const [, today] = daysOf({ ...AT_NINE, hours: HOURS, openTime: MIDNIGHT + 21 * 60 * MINUTE_MS })
    assert.equal(today!.bars[0]!.time, MIDNIGHT + HOURS.startMs)
  })

  test('ends at the price at which the market begins, and gives each day the close of the day before', () => {
    for (const hours of [null, HOURS]) {
      const days = daysOf({ ...AT_NINE, openTime: MIDNIGHT + 14 * 60 * MINUTE_MS, hours })
      assert.equal(days[0]!.bars.at(-1)!.close, 184.2)
      for (const [i, { previousClose }] of days.slice(0, -1).entries()) {
        assert.equal(previousClose, days[i + 1]!.bars.at(-1)!.close)
      }
    }
  })

  test('is the same for the same seed, whatever else is asked of it, and another for another seed', () => {
    const bars = barsOf(AT_NINE)
    assert.deepEqual(barsOf({ ...AT_NINE, days: 9 }).slice(-bars.length), bars)
    const past = createPast(AT_NINE)
    const [other, same] = [past.daysOf(NIMBR), past.daysOf(VELTR)]
    other.next()
    assert.deepEqual(same.next().value, daysOf(AT_NINE)[0])
    assert.notDeepEqual(barsOf({ ...AT_NINE, seed: 2 }), bars)
  })

  test('has bars that hold together, on the price grid, of every instrument and preset', () => {
    for (const preset of [undefined, ...PRESETS]) {
      for (const spec of selectInstruments(preset === undefined ? 100 : 2, preset)) {
        const bars = barsOf({ ...AT_NINE, preset, days: 1 }, spec)
        for (const bar of bars) assertWhole(bar, spec)
        for (const [i, { open }] of bars.slice(1).entries()) {
          assert.ok(Math.abs(open / bars[i]!.close - 1) < 0.02, `${spec.symbol} opens where it closed`)
        }
      }
    }
  })
})

function assertWhole(bar: Bar, spec: InstrumentSpec): void {
  const { open, high, low, close, volume, vwap, trades } = bar
  const text = `${spec.symbol} ${JSON.stringify(bar)}`
  for (const price of [open, high, low, close]) assert.notEqual(toTicks(spec, price), undefined, text)
  assert.ok(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close), text)
  assert.ok(vwap >= low && vwap <= high, text)
  assert.ok(Number.isInteger(trades) && trades >= 1 && volume >= trades && volume % spec.lotSize === 0, text)
  const prices = new Set([open, high, low, close]).size
  assert.ok(trades >= prices, text)
}

/** Minutes of a trading day, as the market model trades them order by order. */
function tradedBars(specs: readonly InstrumentSpec[]): Map<string, Bar[]> {
  const market = createSimulation(createSimulatedMarket({ seed: 1, instruments: specs, startTime: MIDNIGHT }))
  const bars = new Map(specs.map(({ symbol }) => [symbol, [] as Bar[]]))
  while (market.step(MIDNIGHT + SESSION_MS)) {
    for (const { event, data } of market.takeEvents()) if (event === 'candle') bars.get(data.symbol)!.push(data)
  }
  return bars
}

const returnsOf = (bars: readonly Bar[]) => bars.slice(1).map(({ close }, i) => Math.log(close / bars[i]!.close))
const volumesOf = (bars: readonly Bar[]) => bars.map(({ volume }) => volume)

describe('the minutes of the past', () => {
  // A shorter list than one of the twenty: the two most liquid ones, which trade in nearly every minute.
  const specs = [VELTR, NIMBR]
  const traded = tradedBars(specs)

  test('move together, though each by itself', () => {
    const [first, second] = specs.map(spec => returnsOf(barsOf({ ...AT_NINE, hours: HOURS }, spec)))
    const together = correlation(first!, second!)
    assert.ok(together > 0.1 && together < 0.9, `correlation of returns ${together}`)
  })

  for (const spec of specs) {
    const past = barsOf({ ...AT_NINE, hours: HOURS }, spec)
    const market = traded.get(spec.symbol)!

    test(`of ${spec.symbol} move, trade and range like those of the market`, () => {
      const measures: Record<string, (bars: readonly Bar[]) => number> = {
        'deviation of returns': bars => standardDeviation(returnsOf(bars)),
        'mean range': bars => mean(bars.map(({ high, low, close }) => (high - low) / close)),
        'mean volume': bars => mean(volumesOf(bars)),
        'mean trades': bars => mean(bars.map(({ trades }) => trades)),
      }
      for (const [name, measure] of Object.entries(measures)) {
        const ratio = measure(past) / measure(market)
        assert.ok(ratio > 0.5 && ratio < 2, `${name}: ${ratio} of the market's`)
      }
    })

    test(`of ${spec.symbol} have clustered volatility, fat tails, and no memory of direction`, () => {
      const returns = returnsOf(past)
      const moves = returns.map(Math.abs)
      assert.ok(excessKurtosis(returns) > 1, `kurtosis ${excessKurtosis(returns)}`)
      assert.ok(Math.abs(autocorrelation(returns, 1)) < 0.15, `ACF of returns ${autocorrelation(returns, 1)}`)
      assert.ok(autocorrelation(moves, 1) > 0.1, `ACF of moves ${autocorrelation(moves, 1)}`)
      assert.ok(autocorrelation(moves, 10) > 0.05, `ACF of moves at 10 ${autocorrelation(moves, 10)}`)
      const withVolume = correlation(moves, volumesOf(past.slice(1)))
      assert.ok(withVolume > 0.1, `correlation of moves and volume ${withVolume}`)
    })

    test(`of ${spec.symbol} mostly pass beyond their first and last price`, () => {
      const beyond = mean(past.map(({ open, high, close }) => Number(high > Math.max(open, close))))
      assert.ok(beyond > 0.5, `${beyond} of the minutes`)
    })

    test(`of ${spec.symbol} trade most at the ends of a day`, () => {
      const halfHour = (from: number) =>
        mean(past.filter((_, i) => i % 390 >= from && i % 390 < from + 30).map(({ volume }) => volume))
      assert.ok(halfHour(0) > 1.3 * halfHour(180) && halfHour(360) > 1.3 * halfHour(180))
    })
  }
})
