// Builds the command that creates an alert from what a client asks, and refuses fields that its condition lacks or does
// not have. Prices, symbols and orders are checked by the exchange.

import { type AlertTerms, type CreateAlert, type NewAlert, toBasisPoints } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'

const FIELDS = ['symbol', 'price', 'percent', 'orderId'] as const
type AlertField = (typeof FIELDS)[number]

const TERMS = {
  priceCrosses: { needed: ['symbol', 'price'], optional: [] },
  priceMoves: { needed: ['symbol', 'percent'], optional: [] },
  orderFills: { needed: [], optional: ['orderId'] },
  halts: { needed: ['symbol'], optional: [] },
  resumes: { needed: ['symbol'], optional: [] },
} as const satisfies Record<
  NewAlert['condition'],
  { readonly needed: readonly AlertField[]; readonly optional: readonly AlertField[] }
>

/** @throws {CodedError} bad-parameter */
export function alertCommand(accountId: string, asked: NewAlert): CreateAlert {
  const { condition, clientAlertId, percent } = asked
  const { needed, optional } = TERMS[condition]
  const taken: readonly AlertField[] = [...needed, ...optional]
  const missing = needed.filter(name => asked[name] === undefined)
  const surplus = FIELDS.filter(name => asked[name] !== undefined && !taken.includes(name))
  if (missing.length > 0) refuse(`an alert with condition ${condition} needs ${missing.join(' and ')}`)
  if (surplus.length > 0) {
    const takes = taken.length === 0 ? '' : `; it takes ${taken.join(', ')}`
    refuse(`an alert with condition ${condition} has no ${surplus.join(' and no ')}${takes}`)
  }
  if (percent !== undefined && toBasisPoints(percent) === undefined) {
    refuse(`percent is in steps of 0.01: ${percent} is none`)
  }
  const terms = Object.fromEntries(taken.map(name => [name, asked[name]]).filter(([, value]) => value !== undefined))
  // The table has the fields of each condition.
  const checked = { condition, ...terms } as AlertTerms
  return { type: 'alert.create', accountId, ...(clientAlertId !== undefined && { clientAlertId }), ...checked }
}

function refuse(text: string): never {
  throw new CodedError('bad-parameter', text)
}
