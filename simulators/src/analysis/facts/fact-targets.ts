// The stylised facts as one table, in the order of reports: the measure of each, its target range, and the values of
// real days and of ABIDES, the best-known simulator. measure-day.ts measures, verdict.ts judges.

import { BOOK_FACTS } from './targets/book-targets.ts'
import type { Fact } from './targets/fact.ts'
import { IMPACT_FACTS } from './targets/impact-targets.ts'
import { ORDER_FACTS } from './targets/order-targets.ts'
import { PRICE_FACTS } from './targets/price-targets.ts'

const FACTS = { ...PRICE_FACTS, ...ORDER_FACTS, ...BOOK_FACTS, ...IMPACT_FACTS } as const

export type FactName = keyof typeof FACTS
export const FACT_NAMES = Object.keys(FACTS) as readonly FactName[]

/** NaN where a day lacks the data. */
export type FactValues = Readonly<Record<FactName, number>>

export function factOf(name: FactName): Fact {
  return FACTS[name]
}
