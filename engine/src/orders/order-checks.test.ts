// Prices and the tick grid: errors of floating-point arithmetic in a price are corrected; a price that is off the grid
// by more is rejected.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertRejected, TestExchange } from '../testing/test-exchange.ts'

/** A price, and the price of the accepted order; undefined: it is rejected. */
const PRICES: readonly [asked: number, taken: number | undefined, code?: string][] = [
  [184.19000000000003, 184.19],
  [0.1 + 0.2, 0.3],
  [184.19 + 1e-12, 184.19],
  [1.1 * 3, 3.3],
  [99, 99],
  [184.19 + 1e-9, undefined, 'off-tick'],
  [184.195, undefined, 'off-tick'],
  [0, undefined, 'price-out-of-band'],
  [-0, undefined, 'price-out-of-band'],
  [-184.19, undefined, 'price-out-of-band'],
  [1e21, undefined, 'price-out-of-band'],
  [1e-9, undefined, 'price-out-of-band'],
]

for (const [asked, taken, code] of PRICES) {
  test(`${asked} is ${taken ?? `rejected: ${code}`}`, () => {
    const market = new TestExchange()
    const answer = market.place({ clientOrderId: 'a', size: 2, price: asked })
    if (taken === undefined) {
      assertRejected(answer, code!, /./)
      return
    }
    assert.equal(answer.price, taken)
    assert.equal(market.exchange.account('ann')!.orders[0]!.price, taken)

    const replaced = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', price: asked, size: 3 })
    assert.equal((replaced as { price: unknown }).price, taken)
    const stop = market.place({
      clientOrderId: 's',
      orderType: 'stop',
      size: 1,
      price: undefined as never,
      stopPrice: asked,
    })
    if (stop.reason === undefined) assert.equal(stop.stopPrice, taken)

    const before = market.exchange.account('ann')!.orders
    market.restart()
    assert.deepEqual(market.exchange.account('ann')!.orders, before)
  })
}
