// GTD orders end exactly at their expireTime, the market's clock, also when it passes while the exchange is down.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertRejected, kinds, TestExchange } from '../testing/test-exchange.ts'

const MINUTE_MS = 60_000

function placed(): { readonly market: TestExchange; readonly expireTime: number } {
  const market = new TestExchange()
  const expireTime = market.time + MINUTE_MS
  market.place({ timeInForce: 'GTD', expireTime, price: 99 })
  market.privateEvents()
  return { market, expireTime }
}

test('an order is there a millisecond before its expireTime, and gone at it', () => {
  const { market, expireTime } = placed()
  market.pass(MINUTE_MS - 1)
  assert.equal(market.orders()[0]!.orderStatus, 'new')
  assert.equal(market.orders()[0]!.expireTime, expireTime)
  market.privateEvents()
  market.pass(1)
  const [expired] = market.privateEvents()
  assert.ok(expired?.type === 'execution')
  assert.deepEqual([expired.execType, expired.reason?.code], ['expired', 'expire-time-reached'])
  assert.equal(market.exchange.account('ann')!.balance.buyingPower, 100_000)
})

test('a time that passes while the exchange is down ends the order before the first command', () => {
  const { market } = placed()
  market.restart()
  market.time += 2 * MINUTE_MS
  market.offer(9_900, 10)
  assert.deepEqual(kinds(market.privateEvents()), ['expired', 'balance'], 'it does not trade with the offer')
})

test('an expireTime that is not after the market time is refused with the earliest one', () => {
  const market = new TestExchange()
  const refused = market.place({ timeInForce: 'GTD', expireTime: market.time })
  assertRejected(refused, 'bad-expire-time', /over/)
  assert.deepEqual(refused.reason?.limit, { name: 'expireTimeMin', value: market.time + 1 })
})

test('a canceled order does not expire later', () => {
  const { market } = placed()
  const [order] = market.orders()
  market.cancel(order!.clientOrderId)
  market.privateEvents()
  market.pass(2 * MINUTE_MS)
  assert.deepEqual(market.privateEvents(), [])
})
