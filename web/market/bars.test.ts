// Bars: the history up to a position, the trades after it; no trade twice and none missing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinBars, type Trade } from '@papertape/protocol'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { barOf, tradeOf } from '../testing/sample-market.ts'
import { BARS_KEPT, createBarStore } from './bars.ts'

const trades: Trade[] = Array.from({ length: 200 }, (_, at) =>
  tradeOf(at + 1, 10 + Math.sin(at) / 4, { time: 1_000 + at * 700, size: 1 + (at % 7) }),
)
const barsOf = (list: readonly Trade[], intervalMs: number) =>
  joinBars(
    list.map(({ time, price, size }) => ({
      time,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: size,
      vwap: price,
      trades: 1,
    })),
    intervalMs,
  )

const volumeOf = (list: readonly { volume: number }[]) => list.reduce((sum, bar) => sum + bar.volume, 0)

function open() {
  const clock = manualClock()
  const bars = createBarStore(createFrameScheduler(clock))
  const series = bars.clear('AAA', '1m')
  const read = () => {
    clock.frames(10)
    return bars.state.get()
  }
  return { bars, series, read }
}

test('wherever the history ends, history and trades together give the bars of all trades', () => {
  const whole = barsOf(trades, 60_000)
  for (const cut of [0, 1, 57, 120, 199, 200]) {
    const { bars, series, read } = open()
    // The history is being requested: it may contain these trades; its position decides.
    for (const trade of trades.slice(0, 150)) bars.add(trade)
    bars.setHistory(series, barsOf(trades.slice(0, cut), 60_000), cut)
    for (const trade of trades.slice(Math.max(150, cut))) bars.add(trade)
    const shown = read().bars.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume])
    const expected = whole.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume])
    assert.deepEqual(shown, expected, `cut at ${cut}`)
  }
})

test('late answers of an earlier series are ignored, also when the same bars are selected again', () => {
  const { bars, series, read } = open()
  bars.clear('AAA', '5m')
  const again = bars.clear('AAA', '1m')
  bars.add(trades[60]!)
  bars.setHistory(series, barsOf(trades.slice(0, 10), 60_000), 10)
  bars.fail(series)
  assert.equal(read().phase, 'loading')
  bars.setHistory(again, barsOf(trades.slice(0, 60), 60_000), 60)
  bars.setHistory(series, barsOf(trades.slice(0, 10), 60_000), 10)
  assert.equal(volumeOf(read().bars), volumeOf(barsOf(trades.slice(0, 61), 60_000)))
})

test('earlier pages are joined without holes or doubles, until one is empty', () => {
  const { bars, series, read } = open()
  const whole = Array.from({ length: 90 }, (_, minute) => barOf(10, { time: minute * 60_000 }))
  assert.equal(bars.requestEarlier(), undefined, 'the history comes first')
  bars.setHistory(series, whole.slice(60), 0)
  const asked: number[] = []
  for (let page = bars.requestEarlier(); page !== undefined; page = bars.requestEarlier()) {
    asked.push(page.toMs)
    assert.equal(bars.requestEarlier(), undefined, 'one at a time')
    assert.equal(read().earlier, 'loading')
    // One bar more than asked for, as from a server whose `to` is inclusive.
    const end = page.toMs / 60_000 + 1
    bars.addEarlier(series, end === 1 ? [] : whole.slice(Math.max(0, end - 41), end))
  }
  assert.deepEqual(read().bars, whole)
  assert.deepEqual(asked, [60 * 60_000, 20 * 60_000, 0])
  assert.equal(read().earlier, 'none')
})

test('a page that reaches the beginning of the market is the last', () => {
  const { bars, series, read } = open()
  const whole = Array.from({ length: 60 }, (_, minute) => barOf(10, { time: 600_000 + minute * 60_000 }))
  bars.setHistory(series, whole.slice(30), 0, 600_000)
  assert.equal(bars.requestEarlier()?.toMs, whole[30]!.time)
  bars.addEarlier(series, whole.slice(0, 30), 600_000)
  assert.deepEqual([read().bars.length, read().earlier, bars.requestEarlier()], [60, 'none', undefined])
  // All of it in the first answer.
  const other = bars.clear('BBB', '1m')
  bars.setHistory(other, whole, 0, 600_000)
  assert.deepEqual([read().earlier, bars.requestEarlier()], ['none', undefined])
})

test('a page that failed can be requested again, and one of another series changes nothing', () => {
  const { bars, series, read } = open()
  bars.setHistory(series, [barOf(10, { time: 600_000 })], 0)
  bars.requestEarlier()
  bars.failEarlier(series)
  assert.equal(read().earlier, 'failed')
  assert.equal(bars.requestEarlier()?.toMs, 600_000)
  const other = bars.clear('BBB', '1m')
  bars.setHistory(other, [barOf(20, { time: 600_000 })], 0)
  bars.addEarlier(series, [barOf(10, { time: 540_000 })])
  bars.failEarlier(series)
  assert.deepEqual([read().bars.length, read().earlier], [1, 'unknown'])
})

test('keeps a limited number of bars, and then requests no more', () => {
  const { bars, series, read } = open()
  const times = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => barOf(10, { time: (from + at) * 60_000 }))
  bars.setHistory(series, times(30_000, 300), 0)
  bars.requestEarlier()
  bars.addEarlier(series, times(0, 30_000))
  assert.deepEqual([read().bars.length, read().earlier], [BARS_KEPT, 'full'])
  assert.equal(read().bars[0]!.time, (30_300 - BARS_KEPT) * 60_000)
  assert.equal(bars.requestEarlier(), undefined)
})

test('a missing history delays no live bar, and no trade counts twice once it is there', () => {
  const { bars, series, read } = open()
  for (const trade of trades.slice(0, 100)) bars.add(trade)
  assert.deepEqual(read().bars, [], 'the history may still come')
  bars.fail(series)
  for (const trade of trades.slice(100)) bars.add(trade)
  bars.fail(series)
  const whole = barsOf(trades, 60_000)
  assert.equal(volumeOf(read().bars), volumeOf(whole))
  bars.setHistory(series, barsOf(trades.slice(0, 57), 60_000), 57)
  assert.equal(volumeOf(read().bars), volumeOf(whole))
})

test('trades of other symbols are ignored', () => {
  const { bars, series, read } = open()
  bars.setHistory(series, [], 0)
  bars.add(tradeOf(1, 10, { symbol: 'BBB' }))
  assert.deepEqual(read().bars, [])
})
