// Trailing stops and prints of real data, whose prices are not those of the exchange. What else there is about trailing
// stops is in the rulebook.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kinds, TestExchange } from '../testing/test-exchange.ts'

/** A sell stop a currency unit below the best trade, with a limit half a unit below that. */
function trailing(): TestExchange {
  const market = new TestExchange({ bands: null, collar: null })
  market.stock(10)
  market.place({ side: 'sell', orderType: 'trailingStop', trailAmount: 1, limitOffset: 0.5, size: 10 })
  market.privateEvents()
  return market
}

const print = (price: number) =>
  ({ type: 'trade.print', symbol: 'ACME', price, size: 1, aggressor: 'buy', hidden: false }) as const

test('a print beyond the ladder moves the stop price as far as the highest price would', () => {
  const market = trailing()
  market.do(print(2_000))
  assert.equal(market.orders()[0]!.stopPrice, 999)
  market.privateEvents()
  market.do(print(999))
  assert.deepEqual(kinds(market.privateEvents()).slice(0, 2), ['triggered', 'queue'])
  assert.equal(market.orders()[0]!.price, 998.5)
})

test('a print off the tick grid moves no stop price', () => {
  const market = trailing()
  const [{ stopPrice } = {}] = market.orders()
  market.do(print(500.005))
  assert.equal(market.orders()[0]!.stopPrice, stopPrice)
})
