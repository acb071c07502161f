// What the exchange refuses an account, each with its code and a text that says what to do; and what an account has.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, PlaceOrder } from '@papertape/protocol'
import { Pit, refused } from '../testing/test-exchange.ts'

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
      const pit = new Pit()
      pit.offer(10_000, 5)
      pit.hear()
      const answer = pit.place(order)
      refused(answer, code, text)
      assert.deepEqual(pit.told(), [answer])
      assert.equal(answer.seq, 2)
      assert.deepEqual(pit.exchange.takeEvents(), [], 'nobody else hears of it')
      assert.equal(pit.orders('ann')[0]?.orderStatus, 'rejected')
      assert.deepEqual(pit.exchange.account('ann')?.orders, [])
    })
  }

  test('too-many-orders: the two hundred and first', () => {
    const pit = new Pit()
    for (let i = 0; i < 200; i++) pit.place({ size: 1, price: 1 })
    refused(pit.place({ size: 1, price: 1 }), 'too-many-orders', /200 open orders/)
    pit.offer(10_000, 1)
    assert.equal(pit.place({ size: 1, orderType: 'market' }).execType, 'new', 'what cannot rest needs no room')
  })

  test('not-trading: orders wait for the phase, cancels do not', () => {
    const pit = new Pit()
    pit.place({ clientOrderId: 'a' })
    const ref = pit.bid(9_000, 5)
    pit.hear()
    pit.do({ type: 'phase.set', symbol: 'ACME', phase: 'halted', reason: 'news', until: null })
    assert.partialDeepStrictEqual(pit.hear()[0], {
      event: 'status',
      data: { symbol: 'ACME', phase: 'halted', reason: 'news' },
    })
    assert.equal(pit.exchange.phase('ACME'), 'halted')
    refused(pit.place({}), 'not-trading', /phase halted/)
    refused(pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 }), 'not-trading', /continuous/)
    const order = {
      type: 'desk.place',
      desk: 1,
      ref: 99,
      symbol: 'ACME',
      side: 'buy',
      priceTicks: 1,
      sizeLots: 1,
    } as const
    assert.partialDeepStrictEqual(pit.do({ ...order, instruction: 'rest' }), { accepted: false })
    assert.equal(pit.place({ symbol: 'BOLT' }).execType, 'new', 'the others trade on')
    assert.partialDeepStrictEqual(pit.cancel('a'), { execType: 'canceled' })
    assert.partialDeepStrictEqual(pit.do({ type: 'desk.cancel', desk: 1, ref }), { accepted: true })
    pit.do({ type: 'phase.set', symbol: null, phase: 'continuous', reason: null, until: null })
    assert.equal(pit.place({}).execType, 'new')
  })
})

describe('what an account has', () => {
  test('open buys hold cash, open sells hold shares', () => {
    const pit = new Pit()
    pit.stock(10)
    pit.place({ size: 1_000, price: 99 })
    refused(pit.place({ size: 1, price: 1 }), 'insufficient-cash', /buying power is 0/)
    pit.place({ clientOrderId: 's', side: 'sell', size: 8, price: 120 })
    refused(pit.place({ side: 'sell', size: 3, price: 120 }), 'insufficient-position', /the account has 2/)
    refused(pit.place({ side: 'sell', size: 3, orderType: 'market' }), 'insufficient-position', /the account has 2/)
    refused(pit.replace({ clientOrderId: 't', origClientOrderId: 's', size: 11 }), 'insufficient-position', /has 10/)
    pit.cancel('s')
    assert.equal(pit.place({ side: 'sell', size: 10, price: 120 }).execType, 'new')
  })

  test('what a sell has filled is gone: a replace cannot offer it again', () => {
    const pit = new Pit()
    pit.stock(10)
    pit.place({ clientOrderId: 's', side: 'sell', size: 10, price: 120 })
    pit.bid(12_000, 4)
    refused(pit.replace({ clientOrderId: 't', origClientOrderId: 's', size: 11 }), 'insufficient-position', /has 6/)
    assert.equal((pit.replace({ clientOrderId: 't', origClientOrderId: 's', size: 9 }) as Execution).leavesSize, 5)
  })

  test('a market buy needs what filling it costs now, as far as its collar lets it', () => {
    const pit = new Pit()
    pit.offer(10_000, 500)
    pit.offer(10_400, 500)
    pit.offer(10_501, 500)
    refused(pit.place({ orderType: 'market', size: 981 }), 'insufficient-cash', /may cost 100024/)
    assert.equal(pit.place({ orderType: 'market', size: 980 }).execType, 'new')
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 80, buyingPower: 80 })
  })

  test('the limit that was violated is there for programs', () => {
    const pit = new Pit()
    pit.offer(10_000, 5)
    const limitOf = (order: Partial<PlaceOrder>) => pit.place(order).reason?.limit
    assert.deepEqual(limitOf({ price: 99.995 }), { name: 'tickSize', value: 0.01 })
    assert.deepEqual(limitOf({ price: 1_001 }), { name: 'priceMax', value: 1_000 })
    assert.deepEqual(limitOf({ size: 0 }), { name: 'sizeMin', value: 1 })
    assert.deepEqual(limitOf({ size: 2_000 }), { name: 'buyingPower', value: 100_000 })
    assert.deepEqual(limitOf({ side: 'sell' }), { name: 'freeSize', value: 0 })
    assert.deepEqual(limitOf({ size: 600_000 }), { name: 'notionalMax', value: 50_000_000 })
    assert.deepEqual(limitOf({ price: 100, size: 6, timeInForce: 'FOK' }), { name: 'fillableSize', value: 5 })
    pit.place({ clientOrderId: 'a', size: 1 })
    const cancelReject = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', price: 99.995 })
    assert.partialDeepStrictEqual(cancelReject, { type: 'cancel.reject', limit: { name: 'tickSize', value: 0.01 } })
  })

  test('average cost is exact: what does not divide stays with the rest', () => {
    const pit = new Pit()
    pit.offer(10_000, 1)
    pit.offer(10_001, 2)
    pit.place({ size: 3, price: 101 })
    for (let i = 0; i < 3; i++) pit.bid(10_000, 1)
    for (let i = 0; i < 2; i++) pit.place({ side: 'sell', size: 1, price: 100 })
    assert.partialDeepStrictEqual(pit.exchange.account('ann')?.positions[0], { size: 1, realised: -0.0133 })
    pit.place({ side: 'sell', size: 1, price: 100 })
    assert.deepEqual(pit.exchange.account('ann')?.positions, [
      { symbol: 'ACME', size: 0, avgCost: 0, realised: -0.02, unrealised: 0 },
    ])
    assert.equal(pit.exchange.account('ann')?.balance.cash, 99_999.98)
  })

  test('opening an account tells its balance, and opening it again changes nothing', () => {
    const pit = new Pit()
    assert.deepEqual(pit.told(), [{ type: 'balance', seq: 1, ts: pit.ts, cash: 100_000, buyingPower: 100_000 }])
    assert.deepEqual(pit.open('ann', 5), { type: 'account.opened', accountId: 'ann' })
    assert.deepEqual(pit.told(), [])
    assert.equal(pit.exchange.findAccount('hash of ann'), 'ann')
    assert.equal(pit.exchange.findAccount('?'), undefined)
    assert.equal(pit.exchange.account('?'), undefined)
  })
})
