// Orders that their script fills beside the book: in pieces, after a cancel, across a restart; cash and shares are
// conserved, and neither the public events nor another account show anything of them.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, PlaceOrder, PrivateEvent, TestDirective } from '@papertape/protocol'
import * as seeded from '@papertape/protocol/testing'
import fc from 'fast-check'
import { kinds, TestExchange } from '../testing/test-exchange.ts'

/** Each plays a market three times. */
const RUNS = 60
const SCRIPTED = 100_000_000_000_000

/** An exchange with a quote 99.90 to 100.10, and the test account `tess`. */
function open(): TestExchange {
  const market = new TestExchange()
  market.openTesting('tess')
  market.bid(9_990, 50)
  market.offer(10_010, 50)
  market.publicEvents()
  return market
}

const place = (market: TestExchange, testDirective: TestDirective, more: Partial<PlaceOrder> = {}) =>
  market.place({ accountId: 'tess', testDirective, ...more })

const executions = (events: readonly PrivateEvent[]) =>
  events.filter((event): event is Execution => event.type === 'execution')
const sent = (market: TestExchange) => executions(market.privateEvents('tess'))
const fills = (market: TestExchange) => sent(market).filter(({ lastSize }) => lastSize > 0)
const sizes = (market: TestExchange) => fills(market).map(({ lastSize }) => lastSize)
/** What a checkpoint checks: that cash and shares are conserved. */
function audit(market: TestExchange): void {
  market.publicEvents()
  market.exchange.checkpointChanges()
}

describe('a fill in pieces', () => {
  test('is at the limit, marked, beside the book and under a number of its own', () => {
    const market = open()
    const testDirective = { fill: { pieces: 3 } }
    const answer = place(market, testDirective, { size: 10, price: 99 })
    const events = market.privateEvents('tess')
    assert.deepEqual(kinds(events), ['new', 'partialFill', 'partialFill', 'fill', 'position', 'balance'])
    const all = executions(events)
    assert.deepEqual(
      all.map(({ lastSize, lastPrice, tradeId, cumSize }) => [lastSize, lastPrice, tradeId, cumSize]),
      [
        [0, null, null, 0],
        [4, 99, SCRIPTED + 1, 4],
        [3, 99, SCRIPTED + 2, 7],
        [3, 99, SCRIPTED + 3, 10],
      ],
    )
    assert.ok(all.every(execution => execution.testDirective === testDirective))
    assert.equal(Number(answer.orderId), SCRIPTED + 1)
    assert.deepEqual(market.exchange.takeEvents(), [])
    const { balance, positions } = market.exchange.account('tess')!
    assert.deepEqual([balance, positions[0]!.size], [{ cash: 99_010, buyingPower: 99_010 }, 10])
    audit(market)
  })

  test('comes by the clock of the market, also across a restart', () => {
    const market = open()
    place(market, { fill: { pieces: 3, everyMs: 100, afterMs: 50 } }, { size: 9, price: 99 })
    const seen: number[][] = []
    for (let ms = 0; ms < 400; ms += 50) {
      market.pass(50)
      seen.push(sizes(market))
      market.restart()
    }
    assert.deepEqual(seen, [[3], [], [3], [], [3], [], [], []])
    audit(market)
  })

  test('of one time come by orderId, with and without a restart', () => {
    for (const restarts of [false, true]) {
      const market = open()
      place(market, { fill: { pieces: 3, everyMs: 100 } }, { clientOrderId: 'a', size: 9, price: 99 })
      place(market, { fill: { afterMs: 200 } }, { clientOrderId: 'b', price: 99 })
      market.pass(100)
      if (restarts) market.restart()
      market.privateEvents()
      market.pass(100)
      assert.deepEqual(
        fills(market).map(({ clientOrderId }) => clientOrderId),
        ['a', 'b'],
      )
    }
  })

  test('of a part leaves the rest open; of a market order the rest is canceled', () => {
    const market = open()
    place(market, { fill: { size: 7, pieces: 2 } }, { clientOrderId: 'rest', size: 10, price: 101 })
    assert.deepEqual(sizes(market), [4, 3])
    market.offer(9_000, 20)
    market.pass(1_000)
    assert.deepEqual(sent(market), [])
    assert.equal(market.exchange.account('tess')!.orders[0]!.leavesSize, 3)
    market.cancel('rest', 'tess')
    assert.deepEqual(kinds(market.privateEvents('tess')), ['canceled', 'balance'])
    place(market, { fill: { size: 7 } }, { orderType: 'market', timeInForce: 'IOC', side: 'buy' })
    const all = sent(market)
    assert.deepEqual(
      all.map(({ execType, lastPrice, liquidity }) => [execType, lastPrice, liquidity]),
      [
        ['new', null, null],
        ['partialFill', 100.1, 'taker'],
        ['canceled', null, null],
      ],
    )
    audit(market)
  })

  test('goes on with the size and the price of a replace', () => {
    const market = open()
    place(market, { fill: { pieces: 2, everyMs: 10 } }, { clientOrderId: 'a', size: 10, price: 99 })
    market.do({
      type: 'order.replace',
      accountId: 'tess',
      clientOrderId: 'b',
      origClientOrderId: 'a',
      size: 8,
      price: 98,
    })
    market.pass(10)
    assert.deepEqual(
      fills(market).map(({ lastSize, lastPrice }) => [lastSize, lastPrice]),
      [
        [5, 99],
        [3, 98],
      ],
    )
    audit(market)
  })

  test('is refused as any order for which there is no cash', () => {
    const market = open()
    const { reason } = place(market, { fill: {} }, { size: 2_000, price: 99 })
    assert.equal(reason!.code, 'insufficient-cash')
  })
})

describe('a fill after a cancel', () => {
  test('comes when it is due, as the end of the order; until then what it costs is reserved', () => {
    const market = open()
    const order = { clientOrderId: 'late', size: 10, price: 99 }
    const { orderId } = place(market, { fillAfterCancel: { afterMs: 100 } }, order)
    market.offer(9_900, 20)
    market.privateEvents()
    const canceled = market.cancel('late', 'tess') as Execution
    assert.deepEqual([canceled.execType, canceled.orderStatus, canceled.leavesSize], ['canceled', 'canceled', 0])
    assert.equal(market.exchange.account('tess')!.balance.buyingPower, 99_010)
    assert.partialDeepStrictEqual(market.cancel('late', 'tess'), { type: 'cancel.reject', code: 'already-done' })
    assert.equal(market.exchange.account('tess')!.orders.length, 0)
    assert.equal(market.exchange.openOrder('tess', orderId)!.orderStatus, 'canceled')
    market.privateEvents()
    market.pass(99)
    market.restart()
    assert.deepEqual(sent(market), [])
    market.pass(1)
    const [late, ...more] = sent(market)
    assert.deepEqual([late!.execType, late!.orderStatus, late!.cumSize, more], ['fill', 'filled', 10, []])
    assert.deepEqual(late!.testDirective, { fillAfterCancel: { afterMs: 100 } })
    assert.equal(market.exchange.account('tess')!.balance.buyingPower, 99_010)
    assert.partialDeepStrictEqual(market.orders('tess')[0], { orderId, orderStatus: 'filled', cumSize: 10 })
    audit(market)
  })

  test('of a part leaves the order canceled', () => {
    const market = open()
    place(market, { fill: { size: 2 }, fillAfterCancel: { size: 3 } }, { clientOrderId: 'late', size: 10, price: 99 })
    market.do({ type: 'order.cancelAll', accountId: 'tess' })
    market.privateEvents()
    market.pass(1)
    const [late] = sent(market)
    assert.deepEqual([late!.execType, late!.orderStatus, late!.lastSize], ['partialFill', 'canceled', 3])
    assert.deepEqual([late!.cumSize, late!.leavesSize], [5, 0])
    assert.equal(market.exchange.account('tess')!.balance.buyingPower, 100_000 - 5 * 99)
    audit(market)
  })

  test('does not come to an order that expires', () => {
    const market = open()
    place(market, { fillAfterCancel: {} }, { timeInForce: 'DAY' })
    market.phase('closed')
    market.pass(1_000)
    assert.deepEqual(
      sent(market).map(({ execType }) => execType),
      ['new', 'expired'],
    )
    audit(market)
  })
})

test('a margin account is filled short, also after a cancel, and a bracket trades in the book', () => {
  const market = open()
  const account = { accountId: 'mara', tokenHash: 'hash of mara', cash: 10_000, margin: true, testing: true } as const
  market.do({ type: 'account.open', ...account })
  const short = { accountId: 'mara', side: 'sell', size: 10, price: 100 } as const
  market.place({ ...short, testDirective: { fill: { size: 4 }, fillAfterCancel: { afterMs: 10 } }, clientOrderId: 'a' })
  market.cancel('a', 'mara')
  market.restart()
  market.pass(10)
  assert.equal(market.exchange.account('mara')!.positions[0]!.size, -10)
  audit(market)
  market.do({ type: 'account.profile', accountId: 'mara', profile: { seed: 1, fillModel: 'optimistic' } })
  const takeProfit = { clientOrderId: 'p', price: 110 }
  const stopLoss = { clientOrderId: 's', stopPrice: 90 }
  const list = { orderClass: 'bracket', takeProfit, stopLoss } as const
  const { aheadSize, fillModel } = market.place({ accountId: 'mara', price: 99.9, ...list })
  assert.deepEqual([aheadSize, fillModel], [50, undefined])
  audit(market)
})

const directive: fc.Arbitrary<TestDirective> = fc.oneof(
  fc.record({
    fill: fc.record(
      {
        pieces: fc.integer({ min: 1, max: 5 }),
        size: fc.integer({ min: 1, max: 30 }),
        everyMs: fc.constantFrom(0, 1, 30),
        afterMs: fc.constantFrom(0, 20),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    fillAfterCancel: fc.record(
      { size: fc.integer({ min: 1, max: 30 }), afterMs: fc.constantFrom(0, 30) },
      { requiredKeys: [] },
    ),
  }),
)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('script' as const),
      testDirective: directive,
      side: fc.constantFrom('buy' as const, 'sell' as const),
      symbol: fc.constantFrom('ACME', 'BOLT'),
      size: fc.integer({ min: 1, max: 3 }).map(size => size * 10),
      price: fc.integer({ min: 95, max: 105 }),
      timeInForce: fc.constantFrom('GTC' as const, 'DAY' as const, 'IOC' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), of: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('neighbour' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.integer({ min: 95, max: 105 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** @param isScripted false leaves out what `tess` does; its time passes all the same. */
function play(steps: readonly Step[], isScripted: boolean, restartAt: number) {
  const market = open()
  market.stock(40)
  if (isScripted) {
    place(market, { fill: {} }, { size: 40, price: 100 })
    place(market, { fill: {} }, { symbol: 'BOLT', size: 40, price: 100 })
  } else for (let skipped = 0; skipped < 2; skipped++) market.ts += 1_000
  const events: string[] = []
  const ofTess: string[] = []
  let ids = 0
  let orders = 0
  for (const [at, one] of steps.entries()) {
    if (one.do === 'pass') market.pass(one.ms)
    else if (one.do === 'neighbour') {
      market.place({ clientOrderId: `n${++ids}`, side: one.side, price: one.price, size: 5 })
    } else if (!isScripted) market.ts += 1_000
    else if (one.do === 'cancel') market.cancel(`t${one.of}`, 'tess')
    else place(market, one.testDirective, { ...one, clientOrderId: `t${++orders}` } as Partial<PlaceOrder>)
    for (const { accountId, event } of market.envelopes()) {
      if (accountId === 'ann') events.push(JSON.stringify(event))
      else ofTess.push(JSON.stringify(event))
    }
    events.push(...market.exchange.takeEvents().map(event => JSON.stringify(event)))
    if (at === restartAt) market.restart()
  }
  audit(market)
  return { events, ofTess }
}

test('scripts change nothing for others, conserve cash and shares, and are the same across a restart', () => {
  const property = fc.property(fc.array(step, { maxLength: 40, size: 'max' }), fc.nat(40), (steps, restartAt) => {
    const scripted = play(steps, true, restartAt)
    assert.deepEqual(play(steps, false, -1).events, scripted.events)
    assert.deepEqual(play(steps, true, -1), scripted)
  })
  seeded.holds(import.meta.filename, property, RUNS)
})
