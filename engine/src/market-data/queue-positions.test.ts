// Where an order stands in its queue, icebergs, and orders of one account that meet: as their owner and the order flow
// hear of it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, PrivateEvent } from '@papertape/protocol'
import { createExchange } from '../exchange.ts'
import { ACME, BOLT, kinds, Pit } from '../testing/test-exchange.ts'

const ahead = (told: readonly PrivateEvent[]) =>
  told.flatMap(event => (event.type === 'queue' ? [event.aheadSize] : []))

describe('the size ahead', () => {
  test('is told at the ack and on each change, and the order trades when it is 0', () => {
    const pit = new Pit()
    const first = pit.bid(9_900, 5)
    const second = pit.bid(9_900, 7)
    assert.equal(pit.place({ size: 4 }).aheadSize, 12)
    const third = pit.bid(9_900, 9)
    pit.told()
    pit.do({ type: 'desk.reduce', desk: 1, ref: second, byLots: 3 })
    assert.deepEqual(ahead(pit.told()), [9])
    pit.do({ type: 'desk.cancel', desk: 1, ref: third })
    assert.deepEqual(pit.told(), [], 'what is behind does not count')
    pit.offer(9_900, 2)
    assert.deepEqual(ahead(pit.told()), [7])
    pit.do({ type: 'desk.cancel', desk: 1, ref: first })
    assert.deepEqual(ahead(pit.told()), [4])
    pit.offer(9_900, 4)
    assert.deepEqual(ahead(pit.told()), [0])
    pit.offer(9_900, 1)
    assert.deepEqual(kinds(pit.told()), ['partialFill', 'position', 'balance'])
  })

  test('shrinks when an order of another account before it moves away, and not when one behind it does', () => {
    const pit = new Pit()
    pit.open('bob')
    pit.place({ size: 4, clientOrderId: 'a' })
    pit.place({ size: 5, accountId: 'bob', clientOrderId: 'b' })
    pit.place({ size: 6, clientOrderId: 'c' })
    pit.hear()
    pit.replace({ origClientOrderId: 'c', clientOrderId: 'c2', price: 98 })
    assert.deepEqual(pit.told('bob'), [])
    pit.replace({ origClientOrderId: 'a', clientOrderId: 'a2', price: 98 })
    assert.deepEqual(ahead(pit.told('bob')), [0])
    pit.replace({ origClientOrderId: 'c2', clientOrderId: 'c3', size: 3 })
    const told = pit.told()
    assert.deepEqual(ahead(told), [3], 'the order that came behind it at 98')
    assert.partialDeepStrictEqual(told[0], { clientOrderId: 'c3', aheadSize: 0 })
  })

  test('is told once a command, and goes on after a restart', () => {
    const pit = new Pit()
    for (let i = 0; i < 3; i++) pit.bid(9_900, 2)
    pit.place({ size: 4, clientOrderId: 'a' })
    pit.place({ size: 4, clientOrderId: 'b' })
    pit.told()
    pit.restart()
    pit.offer(9_900, 5)
    const told = pit.told()
    assert.deepEqual(
      told.map(event => event.type === 'queue' && [event.clientOrderId, event.aheadSize]),
      [
        ['a', 1],
        ['b', 5],
      ],
    )
    pit.cancel('a')
    assert.deepEqual(ahead(pit.told()), [1])
  })
})

describe('many orders at one price', () => {
  const ACCOUNTS = 60
  const ORDERS = 200
  const HEAD_SIZE = 1_004
  /** A head order, and behind it what `ACCOUNTS` accounts may have. */
  function crowd(): Pit {
    const pit = new Pit()
    pit.open('head', 1_000_000)
    pit.place({ accountId: 'head', clientOrderId: 'h0', size: HEAD_SIZE })
    for (let account = 0; account < ACCOUNTS; account++) {
      pit.open(`a${account}`)
      for (let i = 0; i < ORDERS; i++) pit.place({ accountId: `a${account}`, clientOrderId: `${i}`, size: 1 })
    }
    pit.envelopes()
    return pit
  }
  const shrinkHead = (pit: Pit, by: number) =>
    pit.do({
      type: 'order.replace',
      accountId: 'head',
      origClientOrderId: `h${by - 1}`,
      clientOrderId: `h${by}`,
      size: HEAD_SIZE - by,
    })
  const places = (pit: Pit) => pit.envelopes().filter(({ event }) => event.type === 'queue')

  test('a command tells a few owners of a change that concerns them all, the first in the queue at once', () => {
    const pit = crowd()
    for (let by = 1; by <= 40; by++) {
      shrinkHead(pit, by)
      const told = places(pit)
      assert.ok(told.length <= 32, `${told.length} events of one command`)
      if (by > 1) continue
      const [first] = told
      assert.equal(first?.accountId, 'a0')
      assert.partialDeepStrictEqual(first?.event, { clientOrderId: '0', aheadSize: HEAD_SIZE - 1 })
    }
  })

  test('each owner is told at most twenty places a second beside the first two hundred, and in the end the newest of each order', () => {
    const pit = crowd()
    for (let by = 1; by <= 3; by++) shrinkHead(pit, by)
    const newest = new Map<string, number>()
    const counts = new Map<string, number>()
    places(pit)
    for (let step = 0; step < 4_000; step++) {
      if (step === 700) pit.restart()
      if (step < 1_000) shrinkHead(pit, step + 4)
      pit.pass(10)
      for (const { accountId, event } of places(pit)) {
        counts.set(accountId, (counts.get(accountId) ?? 0) + 1)
        if (event.type === 'queue') newest.set(`${accountId} ${event.clientOrderId}`, event.aheadSize)
      }
    }
    assert.ok(Math.max(...counts.values()) <= 200 + 40 * 20)
    for (let at = 0; at < ACCOUNTS * ORDERS; at++) {
      assert.equal(newest.get(`a${Math.floor(at / ORDERS)} ${at % ORDERS}`), 1 + at)
    }
  })

  test('costs a change no more than a few steps, and a restart no more than a look along the queue', () => {
    const pit = crowd()
    const cpu = process.cpuUsage()
    for (let by = 1; by <= 500; by++) shrinkHead(pit, by)
    const changesMs = process.cpuUsage(cpu).user / 1_000
    pit.hear()
    const state = JSON.parse(JSON.stringify(pit.exchange.checkpoint()))
    const before = process.cpuUsage()
    createExchange({ instruments: [ACME, BOLT] }, state)
    const restartMs = process.cpuUsage(before).user / 1_000
    // Walking the orders at each change takes seconds for both.
    assert.ok(changesMs < 500, `500 changes took ${changesMs} ms`)
    assert.ok(restartMs < 1_000, `the restart took ${restartMs} ms`)
  })
})

describe('an iceberg', () => {
  test('shows its part, and goes to the back with the next one', () => {
    const pit = new Pit()
    pit.place({ size: 10, displaySize: 4, clientOrderId: 'i' })
    pit.bid(9_900, 3)
    assert.equal(pit.exchange.levelLots(0, 9_900), 7)
    pit.told()
    pit.offer(9_900, 4)
    const told = pit.told()
    assert.deepEqual(kinds(told), ['partialFill', 'queue', 'position', 'balance'])
    assert.deepEqual(ahead(told), [3])
    assert.equal(pit.exchange.levelLots(0, 9_900), 7)
    pit.restart()
    pit.offer(9_900, 3)
    assert.deepEqual(ahead(pit.told()), [0])
    pit.replace({ origClientOrderId: 'i', clientOrderId: 'j', size: 9 })
    assert.equal(pit.exchange.levelLots(0, 9_900), 4, 'what is hidden goes first')
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 9 * 99)
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
    test(`${mode}: what becomes of them when they meet`, () => {
      const pit = new Pit()
      pit.stock(10)
      pit.place({ side: 'sell', size: 6, price: 101, clientOrderId: 'maker' })
      pit.told()
      pit.place({ size: 8, price: 101, clientOrderId: 'taker', selfTradePrevention: mode! })
      const told = pit.told()
      assert.deepEqual(kinds(told).slice(0, expected.length), expected)
      const asks = pit.exchange.bestAsk(0)
      assert.equal(pit.exchange.levelLots(0, asks), left)
      const reasons = told.flatMap(event => (event.type === 'execution' && event.reason ? [event.reason.code] : []))
      assert.deepEqual([...new Set(reasons)], mode === 'none' ? [] : ['self-trade-prevented'])
      const { balance, orders } = pit.exchange.account('ann')!
      const open = orders.filter(({ side }) => side === 'buy').reduce((sum, { leavesSize }) => sum + leavesSize, 0)
      assert.equal(balance.buyingPower, balance.cash - open * 101)
      if (mode === 'decrement') assert.partialDeepStrictEqual(orders[0], { size: 2, leavesSize: 2 })
    })
  }
})

test('the order flow adds up to the book, through refills, prevention, replaces and auctions', () => {
  const shown = new Map<number, number>()
  const flow = {
    added: (_symbol: number, id: number, _side: number, _ticks: number, lots: number) => void shown.set(id, lots),
    executed: (_symbol: number, id: number, _side: number, _ticks: number, lots: number, left: number) =>
      take(id, lots, left),
    canceled: (_symbol: number, id: number, _side: number, _ticks: number, lots: number, left: number) =>
      take(id, lots, left),
  }
  const take = (id: number, lots: number, left: number) => {
    assert.equal(shown.get(id)! - lots, left, 'what is left follows from what was there')
    if (left === 0) shown.delete(id)
    else shown.set(id, left)
  }
  const pit = new Pit()
  pit.exchange = createExchange({ instruments: [ACME], flow })
  const agrees = () => {
    const { exchange } = pit
    let lots = 0
    for (let at = exchange.bestBid(0); at !== 0; at = exchange.nextBidBelow(0, at)) lots += exchange.levelLots(0, at, 0)
    for (let at = exchange.bestAsk(0); at !== 0; at = exchange.nextAskAbove(0, at)) lots += exchange.levelLots(0, at, 1)
    assert.equal(
      [...shown.values()].reduce((sum, part) => sum + part, 0),
      lots,
    )
  }
  const steps: (() => unknown)[] = [
    () => pit.open('ann'),
    () => pit.stock(50),
    () => pit.place({ side: 'sell', size: 20, displaySize: 6, price: 101, clientOrderId: 'i' }),
    () => pit.bid(10_100, 8),
    () => pit.place({ size: 5, price: 101, selfTradePrevention: 'decrement' }),
    () => pit.replace({ origClientOrderId: 'i', clientOrderId: 'i2', size: 18 }),
    () => pit.replace({ origClientOrderId: 'i2', clientOrderId: 'i3', price: 100.5 }),
    () => pit.place({ size: 3, price: 101, selfTradePrevention: 'cancelMaker', clientOrderId: 'b' }),
    () => pit.phase('paused'),
    () => pit.place({ side: 'sell', size: 9, displaySize: 2, price: 99, clientOrderId: 'c' }),
    () => pit.bid(10_000, 4),
    () => pit.phase('continuous'),
    () => pit.place({ orderType: 'stopLimit', stopPrice: 99.5, side: 'sell', price: 99, size: 4 }),
    () => pit.bid(9_900, 30),
    () => pit.offer(9_900, 3),
  ]
  for (const step of steps) {
    step()
    agrees()
  }
  assert.ok(shown.size > 0)
})
