// The store: events in, rows out, one notice a frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrames } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { instrumentOf, quoteOf, stateOf, tradeOf } from '../testing/sample-market.ts'
import { createMarketStore } from './store.ts'

function open() {
  const clock = manualClock()
  const store = createMarketStore(createFrames(clock))
  store.setInstruments([instrumentOf('AAA'), instrumentOf('BBB')])
  store.apply({ event: 'snapshot', data: { id: 'test-1', instruments: [stateOf('AAA'), stateOf('BBB')] } })
  clock.frame()
  return { clock, store }
}

test('a row follows the trades, and listeners hear of many in one frame once', () => {
  const { clock, store } = open()
  const row = store.row('AAA')
  let heard = 0
  row.subscribe(() => heard++)
  for (let seq = 2; seq < 50; seq++) store.apply({ event: 'trade', data: tradeOf(seq, 10 + seq / 100) })
  assert.equal(row.get().last, null, 'nothing changes under the reader before the frame')
  clock.frame()
  assert.equal(heard, 1)
  assert.equal(row.get().last, 10.49)
  assert.equal(row.get().volume, 980)
  assert.equal(row.get().direction, 'up')
})

test('a trade of one symbol does not wake the others', () => {
  const { clock, store } = open()
  let heard = 0
  store.row('BBB').subscribe(() => heard++)
  store.apply({ event: 'trade', data: tradeOf(2, 11) })
  clock.frame()
  assert.equal(heard, 0)
})

test('ticks are counted with their direction; a trade at the same price is none', () => {
  const { clock, store } = open()
  const prices = [10, 10, 10.01, 10]
  prices.forEach((price, at) => {
    store.apply({ event: 'trade', data: tradeOf(2 + at, price) })
  })
  clock.frame()
  const { tick, tickDirection } = store.row('AAA').get()
  assert.deepEqual({ tick, tickDirection }, { tick: 2, tickDirection: 'down' })
})

test('a snapshot moves the price without a tick: nobody traded', () => {
  const { clock, store } = open()
  store.apply({ event: 'trade', data: tradeOf(2, 10) })
  const lastTrade = tradeOf(9, 20)
  store.apply({ event: 'snapshot', data: { id: 'test-9', instruments: [stateOf('AAA', { lastTrade })] } })
  clock.frame()
  assert.equal(store.row('AAA').get().last, 20)
  assert.equal(store.row('AAA').get().tick, 0)
})

test('quotes, phases of the whole market, and the clock', () => {
  const { clock, store } = open()
  store.apply({ event: 'quote', data: quoteOf(5, 9.99, 10.01) })
  const status = { seq: 6, ts: 6, time: 6_000, symbol: null, phase: 'halted', reason: 'test', until: null } as const
  store.apply({ event: 'status', data: status })
  clock.frames(20)
  assert.equal(store.row('AAA').get().bid, 9.99)
  assert.equal(store.print('AAA').get().phase, 'halted')
  assert.equal(store.row('BBB').get().phase, 'halted')
  assert.equal(store.clock.get(), 6_000)
})

test('a quote wakes the readers of the row, not those of the print', () => {
  const { clock, store } = open()
  const heard: string[] = []
  store.row('AAA').subscribe(() => heard.push('row'))
  store.print('AAA').subscribe(() => heard.push('print'))
  store.apply({ event: 'quote', data: quoteOf(5, 9.99, 10.01) })
  clock.frame()
  assert.deepEqual(heard, ['row'])
})
