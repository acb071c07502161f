// Fill models beside the book, and rejects by rate: what fills an order and what does not, across a restart, without a
// trace in the public events, and the same for the same seed.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, PlaceOrder, TestProfile } from '@papertape/protocol'
import { unitOf } from '../primitives/unit-of.ts'
import { assertRejected, TestExchange } from '../testing/test-exchange.ts'

/** An exchange with a quote 99.90 to 100.10 of 50 each, and `tess` with a profile. */
function open(profile: Partial<TestProfile>): TestExchange {
  const market = new TestExchange()
  market.openTesting('tess')
  market.do({ type: 'account.profile', accountId: 'tess', profile: { seed: 7, ...profile } })
  market.bid(9_990, 50)
  market.offer(10_010, 50)
  market.publicEvents()
  return market
}

const place = (market: TestExchange, more: Partial<PlaceOrder>) => market.place({ accountId: 'tess', ...more })
const executions = (market: TestExchange) =>
  market.privateEvents('tess').filter((event): event is Execution => event.type === 'execution')
const outcomes = (market: TestExchange) =>
  executions(market).map(({ execType, lastSize, lastPrice, liquidity }) => [execType, lastSize, lastPrice, liquidity])
const print = (market: TestExchange) =>
  market.do({ type: 'trade.print', symbol: 'ACME', price: 99.8, size: 1, aggressor: 'sell', hidden: false })
/** Asserts that nothing is public, and that cash and shares are conserved. */
function assertHidden(market: TestExchange): void {
  assert.deepEqual(market.publicEvents(), [])
  market.exchange.checkpointChanges()
}

describe('the optimistic model', () => {
  test('fills an order that trades at once whole at the best price, and marks it', () => {
    const market = open({ fillModel: 'optimistic' })
    const answer = place(market, { size: 80, price: 101 })
    assert.equal(answer.fillModel, 'optimistic')
    assert.deepEqual(outcomes(market), [
      ['new', 0, null, null],
      ['fill', 80, 100.1, 'taker'],
    ])
    assertHidden(market)
  })

  test('fills a waiting one whole at its price when a quote or a trade touches that, also after a restart', () => {
    for (const touch of [(market: TestExchange) => market.offer(9_980, 60), print]) {
      const market = open({ fillModel: 'optimistic' })
      market.bid(9_970, 1)
      place(market, { size: 100, price: 99.8 })
      assert.deepEqual(outcomes(market), [['new', 0, null, null]])
      market.restart()
      market.offer(9_985, 1)
      assert.deepEqual(outcomes(market), [])
      touch(market)
      assert.deepEqual(outcomes(market), [['fill', 100, 99.8, 'maker']])
    }
  })
})

describe('the pessimistic model', () => {
  test('fills what the other side shows, level by level; the rest waits', () => {
    const market = open({ fillModel: 'pessimistic' })
    market.offer(10_020, 5)
    market.publicEvents()
    place(market, { clientOrderId: 'a', size: 80, price: 100.2 })
    assert.deepEqual(outcomes(market), [
      ['new', 0, null, null],
      ['partialFill', 50, 100.1, 'taker'],
      ['partialFill', 5, 100.2, 'taker'],
    ])
    assertHidden(market)
    assert.equal(market.exchange.account('tess')!.orders[0]!.leavesSize, 25)
  })

  test('fills the rest when a trade is beyond its price, at its price; a touch does not', () => {
    const market = open({ fillModel: 'pessimistic' })
    market.bid(9_960, 5)
    place(market, { side: 'buy', size: 10, price: 99.7 })
    market.offer(9_990, 50)
    market.trade(9_970)
    market.restart()
    market.publicEvents()
    market.offer(9_970, 1)
    assert.deepEqual(outcomes(market), [])
    market.trade(9_969)
    assert.deepEqual(outcomes(market), [['fill', 10, 99.7, 'maker']])
  })

  test('cancels the rest of a market order, and refuses FOK and post-only as the book does', () => {
    const market = open({ fillModel: 'pessimistic' })
    place(market, { orderType: 'market', timeInForce: 'IOC', size: 60 })
    assert.deepEqual(
      outcomes(market).map(([execType]) => execType),
      ['new', 'partialFill', 'canceled'],
    )
    assertRejected(place(market, { timeInForce: 'FOK', size: 60, price: 101 }), 'cannot-fill', /Only 50 of 60/)
    assertRejected(place(market, { postOnly: true, price: 101 }), 'post-only-would-trade', /100.1/)
    assertHidden(market)
  })

  test('fills a stop that has triggered, and a replaced order anew', () => {
    const market = open({ fillModel: 'pessimistic' })
    place(market, { clientOrderId: 'stop', orderType: 'stop', stopPrice: 100.1, size: 20 })
    place(market, { clientOrderId: 'a', price: 99, size: 20 })
    market.restart()
    market.trade(10_010)
    assert.deepEqual(
      outcomes(market).map(([execType]) => execType),
      ['triggered', 'fill'],
    )
    market.do({ type: 'order.replace', accountId: 'tess', clientOrderId: 'b', origClientOrderId: 'a', price: 100.1 })
    assert.deepEqual(
      outcomes(market).map(([execType, size]) => [execType, size]),
      [
        ['replaced', 0],
        ['fill', 20],
      ],
    )
  })
})

test('the model of an order for an auction, and of an account without a profile, is the book', () => {
  const market = open({ fillModel: 'optimistic' })
  assert.equal(place(market, { timeInForce: 'CLS' }).fillModel, undefined)
  market.do({ type: 'account.profile', accountId: 'tess', profile: { seed: 1 } })
  assert.equal(place(market, { price: 99.9 }).aheadSize, 50)
})

describe('a failure rate', () => {
  const failures = [
    { code: 'insufficient-cash', rate: 0.2 },
    { code: 'unknown-order', rate: 1, command: 'cancel' },
  ] as const

  /** Which of a hundred orders are refused; each of them is a command of the account. */
  function refused(seed: number, restartAt = -1): number[] {
    const market = open({ failures: [...failures], seed })
    const numbers: number[] = []
    for (let n = 0; n < 100; n++) {
      const { reason } = place(market, { clientOrderId: `r${n}`, price: 1, size: 1 })
      if (reason === undefined) continue
      assert.deepEqual([reason.code, reason.scripted], ['insufficient-cash', true])
      numbers.push(n)
      if (n > restartAt) market.restart()
    }
    return numbers
  }

  test('refuses its share, the same for the same seed and across restarts', () => {
    const numbers = refused(7)
    assert.ok(numbers.length > 8 && numbers.length < 35, `${numbers.length}`)
    assert.deepEqual(refused(7, 1_000), numbers)
    assert.notDeepEqual(refused(8), numbers)
  })

  test('is that of one command, and of no order with a testDirective', () => {
    const market = open({ failures: [{ code: 'bad-size', rate: 1 }, failures[1]] })
    assertRejected(place(market, {}), 'bad-size', /A script of the test/)
    place(market, { clientOrderId: 'a', testDirective: { ackDelayMs: 1 } })
    assert.partialDeepStrictEqual(market.cancel('a', 'tess'), { code: 'unknown-order', scripted: true })
    const change = { type: 'order.replace', accountId: 'tess', clientOrderId: 'b', origClientOrderId: 'a' } as const
    assert.partialDeepStrictEqual(market.do({ ...change, size: 3 }), { execType: 'replaced' })
  })
})

test('draws are spread over their range', () => {
  const counts = new Array<number>(10).fill(0)
  for (let n = 0; n < 10_000; n++) counts[Math.floor(unitOf(7, n, 'failure') * 10)]!++
  for (const count of counts) assert.ok(count > 850 && count < 1_150, `${counts}`)
})

describe('the pessimistic model and hidden lots', () => {
  /** 200 at 100.00, of which 10 are shown, and 200 at 105.00; without a collar. */
  function openIceberg(cash: number): TestExchange {
    const market = new TestExchange({ collar: null })
    market.stock(200)
    market.do({ type: 'account.open', accountId: 'tess', tokenHash: '#tess', cash, testing: true })
    market.do({ type: 'account.profile', accountId: 'tess', profile: { seed: 7, fillModel: 'pessimistic' } })
    market.place({ side: 'sell', price: 100, size: 200, displaySize: 10 })
    market.offer(10_500, 200)
    return market
  }
  const buyAll = (market: TestExchange) => place(market, { orderType: 'market', timeInForce: 'IOC', size: 200 })

  test('a market order needs the cash for what it takes of the shown ones', () => {
    assertRejected(buyAll(openIceberg(20_100)), 'insufficient-cash', /20,950|20950/)
    const market = openIceberg(20_950)
    assert.equal(buyAll(market).execType, 'new')
    assert.equal(market.exchange.account('tess')!.balance.cash, 0)
  })

  test('fill-or-kill is not filled by hidden ones', () => {
    const kill = { price: 100, size: 50, timeInForce: 'FOK' } as const
    assert.equal(place(openIceberg(20_000), kill).execType, 'rejected')
  })
})

test('what fills an order does not depend on whether another account waits for a price', () => {
  const fillsOf = (hasOther: boolean) => {
    const market = new TestExchange({ collar: null })
    for (const accountId of ['tess', 'tim']) {
      market.openTesting(accountId)
      market.do({ type: 'account.profile', accountId, profile: { seed: 7, fillModel: 'pessimistic' } })
    }
    market.trade(10_000)
    if (hasOther) market.place({ accountId: 'tim', price: 50, size: 10 })
    place(market, { clientOrderId: 'stop', orderType: 'stopLimit', stopPrice: 101, price: 103, size: 10 })
    market.trade(10_100)
    const waiting = executions(market).map(({ execType }) => execType)
    market.trade(10_100)
    return [waiting, executions(market).map(({ execType }) => execType)]
  }
  assert.deepEqual(fillsOf(true), [['new', 'triggered'], ['fill']])
  assert.deepEqual(fillsOf(false), fillsOf(true))
})
