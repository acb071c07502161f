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
  'listId',
  'listRole',
  'held',
  'testDirective',
  'fillModel',
] as const satisfies readonly (keyof Order)[]

/** Whether cash or shares are reserved for it: not yet for a held leg, and a stop-loss reserves for its take-profit. */
export function isReserving({
  held,
  listRole,
}: {
  readonly [Name in 'held' | 'listRole']?: Order[Name] | undefined
}): boolean {
  return held === undefined && listRole !== 'takeProfit'
}

type TermName = (typeof OPTIONAL_TERMS)[number]
export type OptionalTerms = Pick<Order, TermName>

/** Those that are there, always in the same sequence, so that equal orders give equal texts. */
export function optionalTermsOf(order: { readonly [Name in TermName]?: Order[Name] | undefined }): OptionalTerms {
  const terms: { [Name in TermName]?: unknown } = {}
  for (const name of OPTIONAL_TERMS) if (order[name] !== undefined) terms[name] = order[name]
  return terms as OptionalTerms
}
