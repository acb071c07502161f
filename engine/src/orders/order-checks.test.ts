// Prices on the tick grid, on the way in and out: what arithmetic lost in a price's last digits is put right and never
// shown again; what is off the grid by more is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pit, refused } from '../testing/test-exchange.ts'

/** A price, and what it is taken for; undefined: it is refused. */
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
  test(`${asked} is ${taken ?? `refused: ${code}`}`, () => {
    const pit = new Pit()
    const answer = pit.place({ clientOrderId: 'a', size: 2, price: asked })
    if (taken === undefined) {
      refused(answer, code!, /./)
      return
    }
    assert.equal(answer.price, taken)
    assert.equal(pit.exchange.account('ann')!.orders[0]!.price, taken)

    const replaced = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', price: asked, size: 3 })
    assert.equal((replaced as { price: unknown }).price, taken)
    const stop = pit.place({
      clientOrderId: 's',
      orderType: 'stop',
      size: 1,
      price: undefined as never,
      stopPrice: asked,
    })
    if (stop.reason === undefined) assert.equal(stop.stopPrice, taken)

    const before = pit.exchange.account('ann')!.orders
    pit.restart()
    assert.deepEqual(pit.exchange.account('ann')!.orders, before)
  })
}
