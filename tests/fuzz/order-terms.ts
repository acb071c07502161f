// Terms of orders beyond the one example of their schema, a limit order: every kind of order and every condition, so
// that changes to them begin with one that is accepted. Prices are near those of the test's instrument.

import type { TestRandom } from '../support/random.ts'
import { pick } from './mutations.ts'

const PRICES = [1, 150, 184.33, 250]

/** To be merged into an example. A field that is undefined is not written. */
export function drawTerms(random: TestRandom): object {
  const price = pick(PRICES, random)
  const stopPrice = pick(PRICES, random)
  const side = pick(['buy', 'buy', 'sell'], random)
  const kinds = [
    {},
    { price },
    { orderType: 'market', price: undefined, timeInForce: pick(['IOC', 'FOK', 'OPG', 'CLS'], random) },
    { orderType: 'stop', price: undefined, stopPrice },
    { orderType: 'stopLimit', price, stopPrice },
    { orderType: 'trailingStop', price: undefined, trailAmount: 0.01 + random.below(3) },
    { orderType: 'trailingStop', price: undefined, trailPercent: 0.01 + random.below(5), limitOffset: 0.1 },
  ]
  const conditions = [
    {},
    {},
    {},
    // Some expire while the test runs, some are too late.
    { timeInForce: 'GTD', expireTime: Date.now() + pick([-1_000, 100, 2_000, 60_000, 1e10], random) },
    { timeInForce: 'DAY', postOnly: true, price: 1 },
    { timeInForce: 'IOC', minSize: 1 + random.below(120) },
    { displaySize: 1 + random.below(120), selfTradePrevention: pick(['none', 'cancelBoth', 'decrement'], random) },
  ]
  return { side, ...pick(kinds, random), ...pick(conditions, random) }
}
