// One day, measured: a value for each fact, and the curves behind them for plots. The same code for real and for
// simulated days; it does not know which it has.

import type { MarketDay } from '../../order-flow/market-day.ts'
import type { Curves } from './curves.ts'
import type { FactValues } from './fact-targets.ts'
import { type Impact, impactsOf } from './impact.ts'
import { measureOrderFacts } from './order-facts.ts'
import { measurePriceFacts } from './price-facts.ts'

export interface DayMeasures {
  /** Rows of the order flow. */
  readonly events: number
  /** Pooled facts are NaN here: they are found from all days together. */
  readonly values: FactValues
  readonly curves: Curves
  /** Log returns over a minute, and what the metaorders did: what pooled facts are made from. */
  readonly minuteReturns: Float64Array
  readonly impacts: readonly Impact[]
}

export function measureDay(day: MarketDay): DayMeasures {
  const prices = measurePriceFacts(day)
  const orders = measureOrderFacts(day)
  const pooled = {
    absAcfExponent: Number.NaN,
    impactExponent: Number.NaN,
    impactPrefactor: Number.NaN,
    impactRemaining: Number.NaN,
    impactExponentPlain: Number.NaN,
  }
  return {
    events: day.flow.count,
    values: { ...prices.values, ...orders.values, ...pooled },
    curves: { ...prices.curves, ...orders.curves },
    minuteReturns: prices.minuteReturns,
    impacts: impactsOf(day),
  }
}
