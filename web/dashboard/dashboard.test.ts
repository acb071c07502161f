// The dashboard as a whole, on ports made of promises: selection, frozen screen, another market, the operator's notice.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderEntry, SharedFeedSession } from '@papertape/client'
import { createFrameSources } from '../connections/frame-source.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { instrumentOf, stateOf, tradeOf } from '../testing/sample-market.ts'
import { createDashboard, type DashboardPorts } from './dashboard.ts'

async function open(change: Partial<DashboardPorts> = {}) {
  const clock = manualClock()
  let feed: Parameters<DashboardPorts['openFeed']>[0] | undefined
  const books: string[][] = []
  const ports: DashboardPorts = {
    clock,
    storage: { getItem: () => null, setItem() {}, removeItem() {} },
    frameSources: createFrameSources(),
    nowMs: () => 1_000,
    setTimer: () => () => {},
    newId: () => 'id1',
    becomeOperator: async () => {},
    isOperator: async () => false,
    instruments: async () => [instrumentOf('AAA'), instrumentOf('BBB')],
    candles: async (symbol, interval) => ({ id: 'test-1', symbol, interval, candles: [] }),
    minutesOf: async () => ({ id: 'test-1', interval: '1m', candles: {} }),
    trades: async symbol => ({ id: 'test-1', symbol, trades: [] }),
    news: async () => ({ id: 'test-1', news: [] }),
    openFeed(options) {
      feed = options
      const session = { state: {}, close() {}, reconnect() {}, resnapshot() {} }
      return {
        ...session,
        setBooks: (list: readonly string[]) => books.push([...list]),
      } as unknown as SharedFeedSession
    },
    openOrders: () => ({ state: {}, close() {} }) as unknown as OrderEntry,
    bytesAnswered: () => 0,
    bytesOfOrders: () => 0,
    account: async () => ({ accountId: 'a1', accounts: [{ accountId: 'a1' }] }),
    accounts: {
      switchTo: async () => {},
      add: async () => {},
      reset: async () => {},
      forget: async () => {},
      follow: () => () => {},
    },
    cash: {
      ledger: async () => ({ entries: [], after: null }),
      deposit: async () => Promise.reject(new Error('refused')),
    },
    alerts: { list: async () => [], create: async () => Promise.reject(new Error('refused')), remove: async () => {} },
    onVisible: () => () => {},
    fills: async () => [],
    rooms: async () => [],
    orderHistory: async () => ({ orders: [], next: null }),
    orderLife: async () => [],
    ...change,
  }
  const dashboard = createDashboard(ports)
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    clock.frames(10)
  }
  dashboard.start()
  await settle()
  const send = async (seq: number, price: number) => {
    feed!.onEvent({ event: 'trade', data: tradeOf(seq, price) }, `test-${seq}`)
    await settle()
  }
  feed!.onEvent({ event: 'snapshot', data: { id: 'test-1', instruments: [stateOf('AAA'), stateOf('BBB')] } }, 'test-1')
  await settle()
  return { dashboard, settle, send, books, feed: () => feed! }
}

test('shows the first instrument, and opens the book of the selected one', async () => {
  const { dashboard, settle, books, feed } = await open()
  assert.equal(dashboard.selection.state.get().symbol, 'AAA')
  dashboard.selection.select({ symbol: 'BBB' })
  await settle()
  assert.deepEqual([feed().books, books], [['AAA'], [['BBB']]])
  assert.equal(dashboard.depth.state.get().symbol, 'BBB')
})

test('another instrument clears the price of the ticket, and keeps its size', async () => {
  const { dashboard } = await open()
  dashboard.ticket.change({ price: '10.00', size: '70' })
  dashboard.selection.select({ symbol: 'BBB' })
  const { price, size } = dashboard.ticket.state.get()
  assert.deepEqual([price, size], ['', '70'])
})

test('a frozen screen shows its position and no later price; connections and settings go on', async () => {
  const { dashboard, settle, send } = await open()
  await send(2, 10)
  dashboard.connections.tape.update({ position: 'test-2' })
  dashboard.setFrozen(true)
  await send(3, 11)
  dashboard.connections.orders.update({ state: 'waiting' })
  await settle()
  assert.equal(dashboard.frozen.get(), 'test-2')
  assert.equal(dashboard.store.summary('AAA').get().last, 10)
  assert.equal(dashboard.connections.orders.facts.get().state, 'waiting')
  dashboard.setFrozen(false)
  await settle()
  assert.equal(dashboard.store.summary('AAA').get().last, 11)
})

test('another market at the same address ends the freeze, and is said', async () => {
  const { dashboard, settle, feed } = await open()
  feed().onEpoch?.('aaaa', undefined)
  dashboard.setFrozen(true)
  assert.equal(dashboard.notice.get(), '')
  feed().onEpoch?.('bbbb', 'aaaa')
  await settle()
  assert.equal(dashboard.frozen.get(), null)
  assert.match(dashboard.notice.get(), /^Another market answers at this address now/)
})

test('the notice says whether the operator token was accepted, until it is dismissed', async () => {
  const { dashboard } = await open({
    becomeOperator: async token => {
      if (token !== 'right') throw new Error('wrong token')
    },
  })
  await dashboard.takeOperatorToken('wrong')
  assert.equal(dashboard.notice.get(), 'You are not the operator: wrong token')
  await dashboard.takeOperatorToken('right')
  assert.match(dashboard.notice.get(), /^You are the operator\./)
  dashboard.dismissNotice()
  assert.equal(dashboard.notice.get(), '')
})
