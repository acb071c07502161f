// What is promised about a clientOrderId that is sent again: the first answer, and never a second order.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DAY_US, kinds, Pit, refused } from '../testing/test-exchange.ts'

describe('the same clientOrderId again', () => {
  test('gives the first answer again, marked, and nothing happens', () => {
    const pit = new Pit()
    const first = pit.place({ clientOrderId: 'a' })
    pit.hear()
    const before = pit.exchange.seq
    assert.deepEqual(pit.place({ clientOrderId: 'a' }), { ...first, duplicate: true })
    assert.deepEqual(pit.place({ clientOrderId: 'a', size: 77, price: 5 }), { ...first, duplicate: true })
    pit.cancel('a')
    assert.deepEqual(pit.place({ clientOrderId: 'a' }), { ...first, duplicate: true }, 'after its end too')
    assert.deepEqual(kinds(pit.told()), ['canceled', 'balance'])
    assert.equal(pit.exchange.seq, before + 2)
  })

  test('gives a reject again too', () => {
    const pit = new Pit()
    const first = pit.place({ clientOrderId: 'a', size: 5_000 })
    assert.equal(first.execType, 'rejected')
    assert.deepEqual(pit.place({ clientOrderId: 'a', size: 1 }), { ...first, duplicate: true })
  })

  test('of a replace gives its first answer, of anything else it is taken', () => {
    const pit = new Pit()
    const first = pit.place({ clientOrderId: 'a' })
    pit.place({ clientOrderId: 'x' })
    const replaced = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 })
    pit.hear()
    assert.deepEqual(pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 }), {
      ...replaced,
      duplicate: true,
    })
    refused(pit.replace({ clientOrderId: 'b', origClientOrderId: 'x', size: 5 }), 'duplicate-client-order-id', /in use/)
    refused(pit.replace({ clientOrderId: 'x', origClientOrderId: 'b', size: 4 }), 'duplicate-client-order-id', /in use/)
    assert.deepEqual(pit.place({ clientOrderId: 'a' }), { ...first, duplicate: true })
    assert.deepEqual(pit.place({ clientOrderId: 'b' }), { ...replaced, duplicate: true })
    assert.deepEqual(pit.told(), [])
  })

  test('is free again 24 hours after the end, not before, and not while the order is open', () => {
    const pit = new Pit()
    pit.place({ clientOrderId: 'a' })
    pit.place({ clientOrderId: 'b' })
    pit.cancel('a')
    pit.ts += DAY_US - 2_000
    assert.equal(pit.place({ clientOrderId: 'a' }).duplicate, true)
    assert.equal(pit.orders('ann').length, 2)
    assert.equal(pit.place({ clientOrderId: 'a' }).duplicate, undefined)
    assert.equal(pit.place({ clientOrderId: 'b' }).duplicate, true)
    assert.equal(pit.orders('ann').length, 2)
  })

  test('is another id in another account', () => {
    const pit = new Pit()
    pit.open('bob')
    pit.place({ clientOrderId: 'a' })
    assert.equal(pit.place({ clientOrderId: 'a', accountId: 'bob' }).duplicate, undefined)
    refused(pit.cancel('c1', 'bob'), 'unknown-order', /no order c1/)
  })

  test('is remembered across a restart, a replace too', () => {
    const pit = new Pit()
    const first = pit.place({ clientOrderId: 'a' })
    const replaced = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 })
    pit.restart()
    assert.deepEqual(pit.place({ clientOrderId: 'a', size: 1 }), { ...first, duplicate: true })
    const again = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 5 })
    assert.deepEqual(again, { ...replaced, duplicate: true })
    assert.equal(pit.exchange.findAccount('hash of ann'), 'ann')
  })

  test('a new order under an id that was free again is not forgotten with the old one', () => {
    const pit = new Pit()
    const ids = Array.from({ length: 10 }, (_, at) => `old${at}`)
    for (const id of ids) pit.place({ clientOrderId: id })
    pit.do({ type: 'order.cancelAll', accountId: 'ann' })
    pit.ts += DAY_US
    assert.equal(pit.place({ clientOrderId: 'old9', size: 3 }).duplicate, undefined)
    for (let i = 0; i < 4; i++) pit.do({ type: 'clock.advance' })
    assert.equal(pit.orders('ann').length, 1)
    assert.partialDeepStrictEqual(pit.place({ clientOrderId: 'old9' }), { size: 3, duplicate: true })
    assert.partialDeepStrictEqual(pit.cancel('old9'), { execType: 'canceled', size: 3 })
  })
})
