// The exchange's rejects, each with its code and text; what open orders reserve.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, PlaceOrder } from '@papertape/protocol'
import { assertRejected, TestExchange } from '../testing/test-exchange.ts'

describe('a reject', () => {
  const cases: [code: string, order: Partial<PlaceOrder>, text: RegExp][] = [
    ['unknown-symbol', { symbol: 'NOPE' }, /Known ones: ACME, BOLT/],
    ['off-tick', { price: 99.995 }, /multiples of 0.01. Nearest: 99.99, 100/],
    ['off-tick', { symbol: 'BOLT', price: 99.97 }, /multiples of 0.05/],
    ['price-out-of-band', { price: 1_000.01 }, /from 0.01 to 1000/],
    ['price-out-of-band', { price: -1 }, /outside the band/],
    ['bad-size', { size: 0 }, /from 1 to/],
    ['bad-size', { size: 0.5 }, /whole number/],
    ['bad-size', { size: 2 ** 40 }, /to 2147483647/],
    ['bad-size', { symbol: 'BOLT', size: 15 }, /whole multiple of 10/],
    ['price-required', { price: undefined } as never, /needs a price/],
    ['price-not-allowed', { orderType: 'market', price: 99 }, /carries no price/],
    ['stop-price-required', { orderType: 'stop' }, /needs a stopPrice/],
    ['stop-price-required', { orderType: 'stopLimit', price: 99 }, /needs a stopPrice/],
    ['stop-price-not-allowed', { stopPrice: 101 }, /limit order carries no stopPrice/],
    ['price-not-allowed', { orderType: 'stop', price: 99, stopPrice: 101 }, /send a stopLimit order/],
    ['price-required', { orderType: 'stopLimit', stopPrice: 101 }, /needs a price/],
    ['off-tick', { orderType: 'stop', stopPrice: 101.005 }, /Stop price 101.005/],
    ['price-out-of-band', { orderType: 'stop', stopPrice: 1_001 }, /Stop price 1001/],
    ['unsupported-order-type', { orderType: 'stop', stopPrice: 101, timeInForce: 'CLS' }, /one auction alone/],
    ['not-trading', { timeInForce: 'OPG' }, /too late for its opening auction/],
    ['bad-display-size', { displaySize: 11 }, /may show from 1 to 10/],
    ['bad-display-size', { displaySize: 5, timeInForce: 'IOC' }, /able to rest/],
    ['bad-display-size', { symbol: 'BOLT', size: 40, displaySize: 15 }, /whole lots of 10/],
    ['notional-too-large', { size: 600_000, price: 99 }, /worth 59400000; one order may be worth 50000000/],
    ['unsupported-order-type', { timeInForce: 'IOC', postOnly: true }, /able to rest/],
    ['post-only-would-trade', { price: 100, postOnly: true }, /best price 100/],
    ['cannot-fill', { price: 100, timeInForce: 'FOK', size: 6 }, /Only 5 of 6/],
    ['cannot-fill', { orderType: 'market', timeInForce: 'FOK', size: 6 }, /Only 5 of 6/],
    ['no-liquidity', { symbol: 'BOLT', orderType: 'market' }, /Nobody sells BOLT/],
    ['insufficient-cash', { size: 1_011 }, /may cost 100089; the buying power is 100000/],
    ['insufficient-position', { side: 'sell', size: 1 }, /the account has 0/],
  ]
  for (const [code, order, text] of cases) {
    test(`${code}: ${JSON.stringify(order)}`, () => {
      const market = new TestExchange()
      market.offer(10_000, 5)
      market.publicEvents()
      const answer = market.place(order)
      assertRejected(answer, code, text)
      assert.deepEqual(market.privateEvents(), [answer])
      assert.equal(answer.seq, 2)
      assert.deepEqual(market.exchange.takeEvents(), [], 'nothing is published')
      assert.equal(market.orders('ann')[0]?.orderStatus, 'rejected')
      assert.deepEqual(market.exchange.account('ann')?.orders, [])
    })
  }

  test('too-many-orders: the 201st open order', () => {
    const market = new TestExchange()
    for (let i = 0; i < 200; i++) market.place({ size: 1, price: 1 })
    assertRejected(market.place({ size: 1, price: 1 }), 'too-many-orders', /200 open orders/)
    market.offer(10_000, 1)
    assert.equal(
      market.place({ size: 1, orderType: 'market' }).execType,
      'new',
      'an order that cannot rest is not limited',
    )
  })

  test('not-trading: orders are rejected, cancels are not', () => {
    const market = new TestExchange()
    market.place({ clientOrderId: 'a' })
    const ref = market.bid(9_000, 5)
    market.publicEvents()
    market.do({ type: 'phase.set', symbol: 'ACME', phase: 'halted', reason: 'news', until: null })
    assert.partialDeepStrictEqual(market.publicEvents()[0], {
      event: 'status',
      data: { symbol: 'ACME', phase: 'halted', reason: 'news' },
    })
    assert.equal(market.exchange.phase('ACME'), 'halted')
    assertRejected(market.place({}), 'not-trading', /phase halted/)
    assertRejected(market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 }), 'not-trading', /continuous/)
    const order = {
      type: 'desk.place',
      desk: 1,
      ref: 99,
      symbol: 'ACME',
      side: 'buy',
      priceTicks: 1,
      sizeLots: 1,
    } as const
    assert.partialDeepStrictEqual(market.do({ ...order, instruction: 'rest' }), { accepted: false })
    assert.equal(market.place({ symbol: 'BOLT' }).execType, 'new', 'the others trade on')
    assert.partialDeepStrictEqual(market.cancel('a'), { execType: 'canceled' })
    assert.partialDeepStrictEqual(market.do({ type: 'desk.cancel', desk: 1, ref }), { accepted: true })
    market.do({ type: 'phase.set', symbol: null, phase: 'continuous', reason: null, until: null })
    assert.equal(market.place({}).execType, 'new')
  })
})

describe('the cash and shares of an account', () => {
  test('open buys reserve cash, open sells reserve shares', () => {
    const market = new TestExchange()
    market.stock(10)
    market.place({ size: 1_000, price: 99 })
    assertRejected(market.place({ size: 1, price: 1 }), 'insufficient-cash', /buying power is 0/)
    market.place({ clientOrderId: 's', side: 'sell', size: 8, price: 120 })
    assertRejected(market.place({ side: 'sell', size: 3, price: 120 }), 'insufficient-position', /the account has 2/)
    assertRejected(
      market.place({ side: 'sell', size: 3, orderType: 'market' }),
      'insufficient-position',
      /the account has 2/,
    )
    assertRejected(
      market.replace({ clientOrderId: 't', origClientOrderId: 's', size: 11 }),
      'insufficient-position',
      /has 10/,
    )
    market.cancel('s')
    assert.equal(market.place({ side: 'sell', size: 10, price: 120 }).execType, 'new')
  })

  test('a replace cannot offer shares that the order has sold already', () => {
    const market = new TestExchange()
    market.stock(10)
    market.place({ clientOrderId: 's', side: 'sell', size: 10, price: 120 })
    market.bid(12_000, 4)
    assertRejected(
      market.replace({ clientOrderId: 't', origClientOrderId: 's', size: 11 }),
      'insufficient-position',
      /has 6/,
    )
    assert.equal((market.replace({ clientOrderId: 't', origClientOrderId: 's', size: 9 }) as Execution).leavesSize, 5)
  })

  test('a market buy needs the present cost of filling it within its collar', () => {
    const market = new TestExchange()
    market.offer(10_000, 500)
    market.offer(10_400, 500)
    market.offer(10_501, 500)
    assertRejected(market.place({ orderType: 'market', size: 981 }), 'insufficient-cash', /may cost 100024/)
    assert.equal(market.place({ orderType: 'market', size: 980 }).execType, 'new')
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 80, buyingPower: 80 })
  })

  test('a reject has the limit that was exceeded as a field', () => {
    const market = new TestExchange()
    market.offer(10_000, 5)
    const limitOf = (order: Partial<PlaceOrder>) => market.place(order).reason?.limit
    assert.deepEqual(limitOf({ price: 99.995 }), { name: 'tickSize', value: 0.01 })
    assert.deepEqual(limitOf({ price: 1_001 }), { name: 'priceMax', value: 1_000 })
    assert.deepEqual(limitOf({ size: 0 }), { name: 'sizeMin', value: 1 })
    assert.deepEqual(limitOf({ size: 2_000 }), { name: 'buyingPower', value: 100_000 })
    assert.deepEqual(limitOf({ side: 'sell' }), { name: 'freeSize', value: 0 })
    assert.deepEqual(limitOf({ size: 600_000 }), { name: 'notionalMax', value: 50_000_000 })
    assert.deepEqual(limitOf({ price: 100, size: 6, timeInForce: 'FOK' }), { name: 'fillableSize', value: 5 })
    market.place({ clientOrderId: 'a', size: 1 })
    const cancelReject = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', price: 99.995 })
    assert.partialDeepStrictEqual(cancelReject, { type: 'cancel.reject', limit: { name: 'tickSize', value: 0.01 } })
  })

  test('average cost is exact: remainders stay with the rest', () => {
    const market = new TestExchange()
    market.offer(10_000, 1)
    market.offer(10_001, 2)
    market.place({ size: 3, price: 101 })
    for (let i = 0; i < 3; i++) market.bid(10_000, 1)
    for (let i = 0; i < 2; i++) market.place({ side: 'sell', size: 1, price: 100 })
    assert.partialDeepStrictEqual(market.exchange.account('ann')?.positions[0], { size: 1, realised: -0.0133 })
    market.place({ side: 'sell', size: 1, price: 100 })
    assert.deepEqual(market.exchange.account('ann')?.positions, [
      { symbol: 'ACME', size: 0, avgCost: 0, realised: -0.02, unrealised: 0 },
    ])
    assert.equal(market.exchange.account('ann')?.balance.cash, 99_999.98)
  })

  test('opening an account sends its balance; opening it again changes nothing', () => {
    const market = new TestExchange()
    assert.deepEqual(market.privateEvents(), [
      { type: 'balance', seq: 1, ts: market.ts, cash: 100_000, buyingPower: 100_000 },
    ])
    assert.deepEqual(market.open('ann', 5), { type: 'account.opened', accountId: 'ann' })
    assert.deepEqual(market.privateEvents(), [])
    assert.equal(market.exchange.findToken('hash of ann')?.accountId, 'ann')
    assert.equal(market.exchange.findToken('?'), undefined)
    assert.equal(market.exchange.account('?'), undefined)
  })
})
