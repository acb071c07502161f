// Bars: the history up to a position, the trades after it; no trade twice and none missing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinBars, type Trade } from '@papertape/protocol'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { tradeOf } from '../testing/sample-market.ts'
import { createBarStore } from './bars.ts'

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

function open() {
  const clock = manualClock()
  const bars = createBarStore(createFrameScheduler(clock))
  bars.clear('AAA', '1m')
  const read = () => {
    clock.frames(10)
    return bars.state.get()
  }
  return { bars, read }
}

test('wherever the history ends, history and trades together give the bars of all trades', () => {
  const whole = barsOf(trades, 60_000)
  for (const cut of [0, 1, 57, 120, 199, 200]) {
    const { bars, read } = open()
    // The history is being requested: it may contain these trades; its position decides.
    for (const trade of trades.slice(0, 150)) bars.add(trade)
    bars.setHistory('AAA', '1m', barsOf(trades.slice(0, cut), 60_000), cut)
    for (const trade of trades.slice(Math.max(150, cut))) bars.add(trade)
    const shown = read().bars.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume])
    const expected = whole.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume])
    assert.deepEqual(shown, expected, `cut at ${cut}`)
  }
})

test('a response for another symbol or interval is ignored', () => {
  const { bars, read } = open()
  bars.setHistory('BBB', '1m', barsOf(trades, 60_000), 1)
  bars.setHistory('AAA', '5m', barsOf(trades, 300_000), 1)
  assert.equal(read().phase, 'loading')
  bars.fail('AAA', '1m')
  assert.equal(read().phase, 'failed')
})

test('a missing history delays no live bar, and no trade counts twice once it is there', () => {
  const { bars, read } = open()
  for (const trade of trades.slice(0, 100)) bars.add(trade)
  assert.deepEqual(read().bars, [], 'the history may still come')
  bars.fail('AAA', '1m')
  for (const trade of trades.slice(100)) bars.add(trade)
  bars.fail('AAA', '1m')
  const volume = (list: readonly { volume: number }[]) => list.reduce((sum, bar) => sum + bar.volume, 0)
  const whole = barsOf(trades, 60_000)
  assert.equal(volume(read().bars), volume(whole))
  bars.setHistory('AAA', '1m', barsOf(trades.slice(0, 57), 60_000), 57)
  assert.equal(volume(read().bars), volume(whole))
})

test('trades of other symbols are ignored', () => {
  const { bars, read } = open()
  bars.setHistory('AAA', '1m', [], 0)
  bars.add(tradeOf(1, 10, { symbol: 'BBB' }))
  assert.deepEqual(read().bars, [])
})
