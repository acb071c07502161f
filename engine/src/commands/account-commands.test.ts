// Idempotency: a clientOrderId that is sent again gets the first answer, and never a second order.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertRejected, DAY_US, kinds, TestExchange } from '../testing/test-exchange.ts'

describe('the same clientOrderId again', () => {
  test('returns the first answer, marked as duplicate, and changes nothing', () => {
    const market = new TestExchange()
    const first = market.place({ clientOrderId: 'a' })
    market.publicEvents()
    const before = market.exchange.seq
    assert.deepEqual(market.place({ clientOrderId: 'a' }), { ...first, duplicate: true })
    assert.deepEqual(market.place({ clientOrderId: 'a', size: 77, price: 5 }), { ...first, duplicate: true })
    market.cancel('a')
    assert.deepEqual(market.place({ clientOrderId: 'a' }), { ...first, duplicate: true }, 'after its end too')
    assert.deepEqual(kinds(market.privateEvents()), ['canceled', 'balance'])
    assert.equal(market.exchange.seq, before + 2)
  })

  test('returns a reject again too', () => {
    const market = new TestExchange()
    const first = market.place({ clientOrderId: 'a', size: 5_000 })
    assert.equal(first.execType, 'rejected')
    assert.deepEqual(market.place({ clientOrderId: 'a', size: 1 }), { ...first, duplicate: true })
  })

  test('returns a reject that a script asked for again, also when the script has gone', () => {
    const market = new TestExchange()
    const first = market.place({ clientOrderId: 'a', refuse: 'insufficient-cash' })
    assertRejected(first, 'insufficient-cash', /A script of the test refuses this order/)
    assert.deepEqual(market.place({ clientOrderId: 'a' }), { ...first, duplicate: true })
  })

  test('returns the first answer of a replace; for another command it is a duplicate id', () => {
    const market = new TestExchange()
    const first = market.place({ clientOrderId: 'a' })
    market.place({ clientOrderId: 'x' })
    const replaced = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 })
    market.publicEvents()
    assert.deepEqual(market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 }), {
      ...replaced,
      duplicate: true,
    })
    assertRejected(
      market.replace({ clientOrderId: 'b', origClientOrderId: 'x', size: 5 }),
      'duplicate-client-order-id',
      /in use/,
    )
    assertRejected(
      market.replace({ clientOrderId: 'x', origClientOrderId: 'b', size: 4 }),
      'duplicate-client-order-id',
      /in use/,
    )
    assert.deepEqual(market.place({ clientOrderId: 'a' }), { ...first, duplicate: true })
    assert.deepEqual(market.place({ clientOrderId: 'b' }), { ...replaced, duplicate: true })
    assert.deepEqual(market.privateEvents(), [])
  })

  test('is free again 24 hours after the end, not before, and not while the order is open', () => {
    const market = new TestExchange()
    market.place({ clientOrderId: 'a' })
    market.place({ clientOrderId: 'b' })
    market.cancel('a')
    market.ts += DAY_US - 2_000
    assert.equal(market.place({ clientOrderId: 'a' }).duplicate, true)
    assert.equal(market.orders('ann').length, 2)
    assert.equal(market.place({ clientOrderId: 'a' }).duplicate, undefined)
    assert.equal(market.place({ clientOrderId: 'b' }).duplicate, true)
    assert.equal(market.orders('ann').length, 2)
  })

  test('is independent in another account', () => {
    const market = new TestExchange()
    market.open('bob')
    market.place({ clientOrderId: 'a' })
    assert.equal(market.place({ clientOrderId: 'a', accountId: 'bob' }).duplicate, undefined)
    assertRejected(market.cancel('c1', 'bob'), 'unknown-order', /no order c1/)
  })

  test('is remembered across a restart, also of a replace', () => {
    const market = new TestExchange()
    const first = market.place({ clientOrderId: 'a' })
    const replaced = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 })
    market.restart()
    assert.deepEqual(market.place({ clientOrderId: 'a', size: 1 }), { ...first, duplicate: true })
    const again = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 })
    assert.deepEqual(again, { ...replaced, duplicate: true })
    assert.equal(market.exchange.findToken('hash of ann')?.accountId, 'ann')
  })

  test('a new order with a reused id is not forgotten with the old one', () => {
    const market = new TestExchange()
    const ids = Array.from({ length: 10 }, (_, at) => `old${at}`)
    for (const id of ids) market.place({ clientOrderId: id })
    market.do({ type: 'order.cancelAll', accountId: 'ann' })
    market.ts += DAY_US
    assert.equal(market.place({ clientOrderId: 'old9', size: 3 }).duplicate, undefined)
    for (let i = 0; i < 4; i++) market.do({ type: 'clock.advance' })
    assert.equal(market.orders('ann').length, 1)
    assert.partialDeepStrictEqual(market.place({ clientOrderId: 'old9' }), { size: 3, duplicate: true })
    assert.partialDeepStrictEqual(market.cancel('old9'), { execType: 'canceled', size: 3 })
  })
})
