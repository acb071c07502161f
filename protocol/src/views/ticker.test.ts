// A ticker: its state after each event, the change of day at midnight UTC, and restoring it from a snapshot.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEvent, Trade } from '../schemas/feed/events.ts'
import { Ticker } from './ticker.ts'
import { tickerSnapshot } from './ticker-snapshot.ts'

const DAY_MS = 86_400_000
const MIDNIGHT = 20_000 * DAY_MS
let seq = 0
const stamp = (time: number) => ({ seq: ++seq, ts: time * 1_000, time })
function trade(time: number, price: number, size = 1): { event: 'trade'; data: Trade } {
  const data: Trade = { ...stamp(time), symbol: 'PPR', tradeId: seq, price, size, aggressor: 'buy' }
  return { event: 'trade', data }
}
const quote = (time: number, bid: number): FeedEvent => ({
  event: 'quote',
  data: { ...stamp(time), symbol: 'PPR', bid, bidSize: 1, ask: null, askSize: 0 },
})
const untraded = (previousClose: number) => ({ open: null, high: null, low: null, volume: 0, previousClose })

function createTicker(events: readonly FeedEvent[] = []): Ticker {
  const ticker = new Ticker('PPR', 'continuous', 100)
  for (const event of events) ticker.apply(event)
  return ticker
}

describe('the day', () => {
  test('has only the previous close before the first trade', () => {
    const ticker = createTicker()
    assert.deepEqual(ticker.day, untraded(100))
    assert.equal(ticker.change, null)
  })

  test('keeps open, high, low and volume of its trades', () => {
    const prices = [101, 99, 104, 103]
    const ticker = createTicker(prices.map((price, i) => trade(MIDNIGHT + i, price, 10)))
    assert.deepEqual(ticker.day, { open: 101, high: 104, low: 99, volume: 40, previousClose: 100 })
    assert.equal(ticker.lastTrade?.price, 103)
    assert.ok(Math.abs(ticker.change! - 0.03) < 1e-12)
  })

  test('changes with the first trade after midnight: the last price becomes the previous close', () => {
    const ticker = createTicker([trade(MIDNIGHT - 2, 110), trade(MIDNIGHT - 1, 108, 5)])
    assert.deepEqual(ticker.day, { open: 110, high: 110, low: 108, volume: 6, previousClose: 100 })
    ticker.apply(quote(MIDNIGHT + 1, 107))
    assert.equal(ticker.day.previousClose, 100, 'a quote opens no day')
    ticker.apply(trade(MIDNIGHT, 109, 3))
    assert.deepEqual(ticker.day, { open: 109, high: 109, low: 109, volume: 3, previousClose: 108 })
  })

  test('that has figures before the first trade of a market is that of this trade', () => {
    const ticker = createTicker()
    const day = { open: 105, high: 106, low: 99, volume: 70, previousClose: 104 }
    ticker.reset({ ...tickerSnapshot(ticker), day })
    ticker.apply(trade(MIDNIGHT + 1, 108, 5))
    assert.deepEqual(ticker.day, { ...day, high: 108, volume: 75 })
    ticker.apply(trade(MIDNIGHT + DAY_MS, 107))
    assert.equal(ticker.day.previousClose, 108)
  })

  test('can follow days without a trade', () => {
    const ticker = createTicker([trade(MIDNIGHT, 110), trade(MIDNIGHT + 5 * DAY_MS, 90)])
    assert.deepEqual(ticker.day, { open: 90, high: 90, low: 90, volume: 1, previousClose: 110 })
  })
})

describe('a ticker', () => {
  test('shows the newest quote and phase', () => {
    const halted = { symbol: null, phase: 'halted', reason: 'news', until: null } as const
    const ticker = createTicker([quote(MIDNIGHT, 99), quote(MIDNIGHT + 1, 98)])
    ticker.apply({ event: 'status', data: { ...stamp(MIDNIGHT + 2), ...halted } })
    assert.deepEqual([ticker.quote?.bid, ticker.phase], [98, 'halted'])
  })

  test('knows why a phase began and when it ends from its status or a snapshot', () => {
    const paused = { symbol: 'AAA', phase: 'paused', reason: 'limit up', until: MIDNIGHT + 5 } as const
    const ticker = createTicker()
    ticker.apply({ event: 'status', data: { ...stamp(MIDNIGHT), ...paused } })
    const opened = createTicker()
    opened.reset(tickerSnapshot(ticker))
    assert.deepEqual([opened.phase, opened.reason, opened.until], ['paused', 'limit up', MIDNIGHT + 5])
    ticker.reset(tickerSnapshot(createTicker()))
    assert.deepEqual([ticker.reason, ticker.until], [null, null])
  })

  test('is not changed by news, books and candles', () => {
    const ticker = createTicker([trade(MIDNIGHT, 100)])
    const before = tickerSnapshot(ticker)
    const { price: _, tradeId, aggressor, ...rest } = trade(MIDNIGHT, 1).data
    ticker.apply({ event: 'news', data: { ...stamp(MIDNIGHT), headline: 'x', symbols: [], severity: 'info' } })
    ticker.apply({ event: 'book', data: { ...rest, prevSeq: 0, changes: [['bid', 1, 1]], checksum: 0 } })
    assert.deepEqual(tickerSnapshot(ticker), before)
  })

  test('restored from its snapshot continues unchanged, over midnight too', () => {
    const events = [
      trade(MIDNIGHT - 3, 110, 2),
      quote(MIDNIGHT - 2, 109),
      trade(MIDNIGHT - 1, 112),
      trade(MIDNIGHT, 111, 7),
      trade(MIDNIGHT + DAY_MS, 90),
    ]
    for (let stop = 0; stop <= events.length; stop++) {
      const steady = createTicker(events.slice(0, stop))
      const restarted = createTicker()
      restarted.reset(JSON.parse(JSON.stringify(tickerSnapshot(steady))))
      for (const event of events.slice(stop)) {
        for (const ticker of [restarted, steady]) ticker.apply(event)
        assert.deepEqual(tickerSnapshot(restarted), tickerSnapshot(steady), `stopped after ${stop}`)
      }
    }
  })
})
