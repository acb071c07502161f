// The store: events in, summaries out, one notification a frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { instrumentOf, quoteOf, stateOf, tradeOf } from '../testing/sample-market.ts'
import { createMarketStore } from './store.ts'

function open() {
  const clock = manualClock()
  const store = createMarketStore(createFrameScheduler(clock))
  store.setInstruments([instrumentOf('AAA'), instrumentOf('BBB')])
  store.apply({ event: 'snapshot', data: { id: 'test-1', instruments: [stateOf('AAA'), stateOf('BBB')] } })
  clock.frame()
  return { clock, store }
}

test('a summary follows the trades, and notifies once a frame', () => {
  const { clock, store } = open()
  const summary = store.summary('AAA')
  let notified = 0
  summary.subscribe(() => notified++)
  for (let seq = 2; seq < 50; seq++) store.apply({ event: 'trade', data: tradeOf(seq, 10 + seq / 100) })
  assert.equal(summary.get().last, null, 'unchanged before the frame')
  clock.frame()
  assert.equal(notified, 1)
  assert.equal(summary.get().last, 10.49)
  assert.equal(summary.get().volume, 980)
  assert.equal(summary.get().direction, 'up')
})

test('a trade of one symbol does not notify listeners of others', () => {
  const { clock, store } = open()
  let notified = 0
  store.summary('BBB').subscribe(() => notified++)
  store.apply({ event: 'trade', data: tradeOf(2, 11) })
  clock.frame()
  assert.equal(notified, 0)
})

test('ticks are counted with their direction, until another market; a trade at the same price is not one', () => {
  const { clock, store } = open()
  const prices = [10, 10, 10.01, 10]
  prices.forEach((price, at) => {
    store.apply({ event: 'trade', data: tradeOf(2 + at, price) })
  })
  clock.frame()
  const ticks = () => {
    const { tick, tickDirection } = store.summary('AAA').get()
    return { tick, tickDirection }
  }
  assert.deepEqual(ticks(), { tick: 2, tickDirection: 'down' })
  store.clear()
  clock.frame()
  assert.deepEqual(ticks(), { tick: 0, tickDirection: 'flat' })
})

test('a snapshot changes the price without a tick', () => {
  const { clock, store } = open()
  store.apply({ event: 'trade', data: tradeOf(2, 10) })
  const lastTrade = tradeOf(9, 20)
  store.apply({ event: 'snapshot', data: { id: 'test-9', instruments: [stateOf('AAA', { lastTrade })] } })
  clock.frame()
  assert.equal(store.summary('AAA').get().last, 20)
  assert.equal(store.summary('AAA').get().tick, 0)
})

test('news are those of the snapshot, the live ones and older ones, each once, newest first', () => {
  const { store } = open()
  const news = (seq: number) => ({
    seq,
    ts: seq,
    time: seq,
    headline: `${seq}`,
    symbols: [],
    severity: 'info' as const,
  })
  const seqs = () => store.news.get().map(({ seq }) => seq)
  store.apply({ event: 'snapshot', data: { id: 'test-9', instruments: [], news: [news(9), news(7)] } })
  store.apply({ event: 'news', data: news(11) })
  store.addNews([news(7), news(3)])
  assert.deepEqual(seqs(), [11, 9, 7, 3])
  store.addNews(Array.from({ length: 300 }, (_, i) => news(1_000 - i)))
  assert.deepEqual([seqs().length, seqs()[0]], [200, 1_000])
})

test('applies quotes, a phase of the whole market, and the time', () => {
  const { clock, store } = open()
  store.apply({ event: 'quote', data: quoteOf(5, 9.99, 10.01) })
  const status = { seq: 6, ts: 6, time: 6_000, symbol: null, phase: 'halted', reason: 'test', until: null } as const
  store.apply({ event: 'status', data: status })
  clock.frames(20)
  assert.equal(store.summary('AAA').get().bid, 9.99)
  assert.equal(store.tradeSummary('AAA').get().phase, 'halted')
  assert.equal(store.summary('BBB').get().phase, 'halted')
  assert.equal(store.clock.get(), 6_000)
})

test('a quote notifies listeners of the summary, not those of the trade summary', () => {
  const { clock, store } = open()
  const notified: string[] = []
  store.summary('AAA').subscribe(() => notified.push('summary'))
  store.tradeSummary('AAA').subscribe(() => notified.push('tradeSummary'))
  store.apply({ event: 'quote', data: quoteOf(5, 9.99, 10.01) })
  clock.frame()
  assert.deepEqual(notified, ['summary'])
})

test('a phase has the reason and the end of its status, until a snapshot has others', () => {
  const { clock, store } = open()
  const status = {
    seq: 6,
    ts: 6,
    time: 6_000,
    symbol: null,
    phase: 'paused',
    reason: 'limit up',
    until: 9_000,
  } as const
  store.apply({ event: 'status', data: status })
  clock.frame()
  const noted = () => [store.summary('BBB').get().phaseReason, store.summary('BBB').get().phaseEndsMs]
  assert.deepEqual(noted(), ['limit up', 9_000])
  store.apply({ event: 'snapshot', data: { id: 'test-9', instruments: [stateOf('BBB', { phase: 'halted' })] } })
  clock.frame()
  assert.deepEqual(noted(), [null, null])
})
