// Queue positions, icebergs and self-trade prevention, as sent to owners and reported to the order flow.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, PrivateEvent } from '@papertape/protocol'
import { createExchange } from '../exchange.ts'
import { ACME, BOLT, kinds, TestExchange } from '../testing/test-exchange.ts'

const ahead = (sent: readonly PrivateEvent[]) =>
  sent.flatMap(event => (event.type === 'queue' ? [event.aheadSize] : []))

describe('the size ahead', () => {
  test('is sent with the ack and at each change, and the order trades when it is 0', () => {
    const market = new TestExchange()
    const first = market.bid(9_900, 5)
    const second = market.bid(9_900, 7)
    assert.equal(market.place({ size: 4 }).aheadSize, 12)
    const third = market.bid(9_900, 9)
    market.privateEvents()
    market.do({ type: 'desk.reduce', desk: 1, ref: second, byLots: 3 })
    assert.deepEqual(ahead(market.privateEvents()), [9])
    market.do({ type: 'desk.cancel', desk: 1, ref: third })
    assert.deepEqual(market.privateEvents(), [], 'orders behind it do not count')
    market.offer(9_900, 2)
    assert.deepEqual(ahead(market.privateEvents()), [7])
    market.do({ type: 'desk.cancel', desk: 1, ref: first })
    assert.deepEqual(ahead(market.privateEvents()), [4])
    market.offer(9_900, 4)
    assert.deepEqual(ahead(market.privateEvents()), [0])
    market.offer(9_900, 1)
    assert.deepEqual(kinds(market.privateEvents()), ['partialFill', 'position', 'balance'])
  })

  test('shrinks when an order ahead of it leaves, not when one behind it does', () => {
    const market = new TestExchange()
    market.open('bob')
    market.place({ size: 4, clientOrderId: 'a' })
    market.place({ size: 5, accountId: 'bob', clientOrderId: 'b' })
    market.place({ size: 6, clientOrderId: 'c' })
    market.publicEvents()
    market.replace({ origClientOrderId: 'c', clientOrderId: 'c2', price: 98 })
    assert.deepEqual(market.privateEvents('bob'), [])
    market.replace({ origClientOrderId: 'a', clientOrderId: 'a2', price: 98 })
    assert.deepEqual(ahead(market.privateEvents('bob')), [0])
    market.replace({ origClientOrderId: 'c2', clientOrderId: 'c3', size: 3 })
    const sent = market.privateEvents()
    assert.deepEqual(ahead(sent), [3], 'the order behind it at 98')
    assert.partialDeepStrictEqual(sent[0], { clientOrderId: 'c3', aheadSize: 0 })
  })

  test('is sent once a command, also after a restart', () => {
    const market = new TestExchange()
    for (let i = 0; i < 3; i++) market.bid(9_900, 2)
    market.place({ size: 4, clientOrderId: 'a' })
    market.place({ size: 4, clientOrderId: 'b' })
    market.privateEvents()
    market.restart()
    market.offer(9_900, 5)
    const sent = market.privateEvents()
    assert.deepEqual(
      sent.map(event => event.type === 'queue' && [event.clientOrderId, event.aheadSize]),
      [
        ['a', 1],
        ['b', 5],
      ],
    )
    market.cancel('a')
    assert.deepEqual(ahead(market.privateEvents()), [1])
  })
})

describe('many orders at one price', () => {
  const ACCOUNTS = 60
  const ORDERS = 200
  const HEAD_SIZE = 1_004
  /** A desk's order at the head, and behind it the orders of `ACCOUNTS` accounts. */
  function manyOrders(): TestExchange {
    const market = new TestExchange()
    market.open('head', 1_000_000)
    market.place({ accountId: 'head', clientOrderId: 'h0', size: HEAD_SIZE })
    for (let account = 0; account < ACCOUNTS; account++) {
      market.open(`a${account}`)
      for (let i = 0; i < ORDERS; i++) market.place({ accountId: `a${account}`, clientOrderId: `${i}`, size: 1 })
    }
    market.envelopes()
    return market
  }
  const shrinkHead = (market: TestExchange, by: number) =>
    market.do({
      type: 'order.replace',
      accountId: 'head',
      origClientOrderId: `h${by - 1}`,
      clientOrderId: `h${by}`,
      size: HEAD_SIZE - by,
    })
  const places = (market: TestExchange) => market.envelopes().filter(({ event }) => event.type === 'queue')

  test('a command sends a change that concerns all to a few owners, the first in the queue at once', () => {
    const market = manyOrders()
    for (let by = 1; by <= 40; by++) {
      shrinkHead(market, by)
      const sent = places(market)
      assert.ok(sent.length <= 32, `${sent.length} events of one command`)
      if (by > 1) continue
      const [first] = sent
      assert.equal(first?.accountId, 'a0')
      assert.partialDeepStrictEqual(first?.event, { clientOrderId: '0', aheadSize: HEAD_SIZE - 1 })
    }
  })

  test('each owner is sent at most twenty positions a second after the first two hundred, and finally the newest of each order', () => {
    const market = manyOrders()
    for (let by = 1; by <= 3; by++) shrinkHead(market, by)
    const newest = new Map<string, number>()
    const counts = new Map<string, number>()
    places(market)
    for (let step = 0; step < 4_000; step++) {
      if (step === 700) market.restart()
      if (step < 1_000) shrinkHead(market, step + 4)
      market.pass(10)
      for (const { accountId, event } of places(market)) {
        counts.set(accountId, (counts.get(accountId) ?? 0) + 1)
        if (event.type === 'queue') newest.set(`${accountId} ${event.clientOrderId}`, event.aheadSize)
      }
    }
    assert.ok(Math.max(...counts.values()) <= 200 + 40 * 20)
    for (let at = 0; at < ACCOUNTS * ORDERS; at++) {
      assert.equal(newest.get(`a${Math.floor(at / ORDERS)} ${at % ORDERS}`), 1 + at)
    }
  })

  test('costs a few steps a change, and one pass along the queue at a restart', () => {
    const market = manyOrders()
    const cpu = process.cpuUsage()
    for (let by = 1; by <= 500; by++) shrinkHead(market, by)
    const changesMs = process.cpuUsage(cpu).user / 1_000
    market.publicEvents()
    const state = JSON.parse(JSON.stringify(market.exchange.checkpoint()))
    const before = process.cpuUsage()
    createExchange({ instruments: [ACME, BOLT] }, state)
    const restartMs = process.cpuUsage(before).user / 1_000
    // Iterating over the orders at each change would take seconds for both.
    assert.ok(changesMs < 500, `500 changes took ${changesMs} ms`)
    assert.ok(restartMs < 1_000, `the restart took ${restartMs} ms`)
  })
})

describe('an iceberg', () => {
  test('shows one part, and the next at the end of the queue', () => {
    const market = new TestExchange()
    market.place({ size: 10, displaySize: 4, clientOrderId: 'i' })
    market.bid(9_900, 3)
    assert.equal(market.exchange.levelLots(0, 9_900), 7)
    market.privateEvents()
    market.offer(9_900, 4)
    const sent = market.privateEvents()
    assert.deepEqual(kinds(sent), ['partialFill', 'queue', 'position', 'balance'])
    assert.deepEqual(ahead(sent), [3])
    assert.equal(market.exchange.levelLots(0, 9_900), 7)
    market.restart()
    market.offer(9_900, 3)
    assert.deepEqual(ahead(market.privateEvents()), [0])
    market.replace({ origClientOrderId: 'i', clientOrderId: 'j', size: 9 })
    assert.equal(market.exchange.levelLots(0, 9_900), 4, 'hidden lots go first')
    assert.equal(market.exchange.account('ann')?.balance.buyingPower, 100_000 - 9 * 99)
  })
})

describe('two orders of one account', () => {
  const cases: [mode: Execution['selfTradePrevention'], kinds: string[], left: number][] = [
    ['none', ['new', 'fill', 'partialFill', 'position'], 0],
    ['cancelTaker', ['new', 'canceled'], 6],
    ['cancelMaker', ['new', 'canceled'], 0],
    ['cancelBoth', ['new', 'canceled', 'canceled'], 0],
    ['decrement', ['new', 'canceled', 'replaced', 'balance'], 0],
  ]
  for (const [mode, expected, left] of cases) {
    test(`${mode}: what happens when they would trade`, () => {
      const market = new TestExchange()
      market.stock(10)
      market.place({ side: 'sell', size: 6, price: 101, clientOrderId: 'maker' })
      market.privateEvents()
      market.place({ size: 8, price: 101, clientOrderId: 'taker', selfTradePrevention: mode! })
      const sent = market.privateEvents()
      assert.deepEqual(kinds(sent).slice(0, expected.length), expected)
      const asks = market.exchange.bestAsk(0)
      assert.equal(market.exchange.levelLots(0, asks), left)
      const reasons = sent.flatMap(event => (event.type === 'execution' && event.reason ? [event.reason.code] : []))
      assert.deepEqual([...new Set(reasons)], mode === 'none' ? [] : ['self-trade-prevented'])
      const { balance, orders } = market.exchange.account('ann')!
      const open = orders.filter(({ side }) => side === 'buy').reduce((sum, { leavesSize }) => sum + leavesSize, 0)
      assert.equal(balance.buyingPower, balance.cash - open * 101)
      if (mode === 'decrement') assert.partialDeepStrictEqual(orders[0], { size: 2, leavesSize: 2 })
    })
  }
})

test('the order flow adds up to the book over refills, prevention, replaces and auctions', () => {
  const shown = new Map<number, number>()
  const flow = {
    added: (_symbol: number, id: number, _side: number, _ticks: number, lots: number) => void shown.set(id, lots),
    executed: (_symbol: number, id: number, _side: number, _ticks: number, lots: number, left: number) =>
      take(id, lots, left),
    canceled: (_symbol: number, id: number, _side: number, _ticks: number, lots: number, left: number) =>
      take(id, lots, left),
    printed: () => undefined,
  }
  const take = (id: number, lots: number, left: number) => {
    assert.equal(shown.get(id)! - lots, left, 'the lots left follow from the lots before')
    if (left === 0) shown.delete(id)
    else shown.set(id, left)
  }
  const market = new TestExchange()
  market.exchange = createExchange({ instruments: [ACME], flow })
  const agrees = () => {
    const { exchange } = market
    let lots = 0
    for (let at = exchange.bestBid(0); at !== 0; at = exchange.nextBidBelow(0, at)) lots += exchange.levelLots(0, at, 0)
    for (let at = exchange.bestAsk(0); at !== 0; at = exchange.nextAskAbove(0, at)) lots += exchange.levelLots(0, at, 1)
    assert.equal(
      [...shown.values()].reduce((sum, part) => sum + part, 0),
      lots,
    )
  }
  const steps: (() => unknown)[] = [
    () => market.open('ann'),
    () => market.stock(50),
    () => market.place({ side: 'sell', size: 20, displaySize: 6, price: 101, clientOrderId: 'i' }),
    () => market.bid(10_100, 8),
    () => market.place({ size: 5, price: 101, selfTradePrevention: 'decrement' }),
    () => market.replace({ origClientOrderId: 'i', clientOrderId: 'i2', size: 18 }),
    () => market.replace({ origClientOrderId: 'i2', clientOrderId: 'i3', price: 100.5 }),
    () => market.place({ size: 3, price: 101, selfTradePrevention: 'cancelMaker', clientOrderId: 'b' }),
    () => market.phase('paused'),
    () => market.place({ side: 'sell', size: 9, displaySize: 2, price: 99, clientOrderId: 'c' }),
    () => market.bid(10_000, 4),
    () => market.phase('continuous'),
    () => market.place({ orderType: 'stopLimit', stopPrice: 99.5, side: 'sell', price: 99, size: 4 }),
    () => market.bid(9_900, 30),
    () => market.offer(9_900, 3),
  ]
  for (const step of steps) {
    step()
    agrees()
  }
  assert.ok(shown.size > 0)
})
