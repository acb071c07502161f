// The terms that only some orders have, such as a stop price: one list, so that an order, its executions, the order
// archive and the client's view have the same. Pure.

import type { Order } from './schemas/orders.ts'

const OPTIONAL_TERMS = [
  'stopPrice',
  'displaySize',
  'selfTradePrevention',
  'expireTime',
  'minSize',
  'trailAmount',
  'trailPercent',
  'limitOffset',
] as const satisfies readonly (keyof Order)[]

type TermName = (typeof OPTIONAL_TERMS)[number]
export type OptionalTerms = Pick<Order, TermName>

/** Those that are there, always in the same sequence, so that equal orders give equal texts. */
export function optionalTermsOf(order: { readonly [Name in TermName]?: Order[Name] | undefined }): OptionalTerms {
  const terms: { [Name in TermName]?: unknown } = {}
  for (const name of OPTIONAL_TERMS) if (order[name] !== undefined) terms[name] = order[name]
  return terms as OptionalTerms
}
