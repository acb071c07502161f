// Measures one day, real or simulated: a value for each fact, and the curves of the report.

import type { MarketDay } from '../../order-flow/market-day.ts'
import type { Curves } from './curves.ts'
import type { FactValues } from './fact-targets.ts'
import { type Impact, impactsOf } from './impact.ts'
import { measureOrderFacts } from './order-facts.ts'
import type { OwnImpact } from './own-metaorders.ts'
import { measurePriceFacts } from './price-facts.ts'

export interface DayMeasures {
  /** Rows of the order flow. */
  readonly events: number
  /** Pooled facts are NaN here: they are measured over all days together. */
  readonly values: FactValues
  readonly curves: Curves
  /** Log returns over a minute, and impacts of metaorders: the data of pooled facts. */
  readonly minuteReturns: Float64Array
  readonly impacts: readonly Impact[]
  /** Of a user's own metaorders, in other runs of the same day; none for days from files. */
  readonly ownImpacts: readonly OwnImpact[]
}

export function measureDay(day: MarketDay, ownImpacts: readonly OwnImpact[] = []): DayMeasures {
  const prices = measurePriceFacts(day)
  const orders = measureOrderFacts(day)
  const pooled = {
    absAcfExponent: Number.NaN,
    impactExponent: Number.NaN,
    impactPrefactor: Number.NaN,
    impactRemaining: Number.NaN,
    impactExponentPlain: Number.NaN,
    ownImpactExponent: Number.NaN,
    ownImpactPrefactor: Number.NaN,
  }
  return {
    events: day.flow.count,
    values: { ...prices.values, ...orders.values, ...pooled },
    curves: { ...prices.curves, ...orders.curves },
    minuteReturns: prices.minuteReturns,
    impacts: impactsOf(day),
    ownImpacts,
  }
}
