// What several routes share: parts of their schemas, an error, the answer to a reject, and the rate of an account.

import { type ErrorCode, type Reject, rejectProblem } from '@papertape/protocol'
import Type from 'typebox'
import type { KnownAccount } from '../accounts/accounts.ts'
import { CodedError } from '../errors/coded-error.ts'
import type { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts'
import type { RouteResponse, Sender } from './route.ts'

export const TAGS = {
  marketData: 'Market data',
  feed: 'Feed',
  account: 'Accounts and orders',
  rooms: 'Rooms',
  market: 'Market',
  laboratory: 'Laboratory',
  simulations: 'Simulations',
  service: 'Service',
  documents: 'Documents',
} as const

const ORIGIN_PROBLEMS = ['foreign-origin'] as const satisfies readonly ErrorCode[]

/** Of routes that only pages of this origin and of listed origins may call. */
export const SAME_ORIGIN = { problems: ORIGIN_PROBLEMS } as const

/** Of routes that need an account. */
export const ACCOUNT_ONLY = {
  security: [{ accountToken: [] }, { accountCookie: [] }],
  problems: [...ORIGIN_PROBLEMS, 'not-logged-on', 'bad-token', 'rate-limited'] as const satisfies readonly ErrorCode[],
}

/** Of routes that need an account and change something. */
export const TRADER_ONLY = {
  ...ACCOUNT_ONLY,
  problems: [...ACCOUNT_ONLY.problems, 'read-only'] as const satisfies readonly ErrorCode[],
}

/** Of routes that read an order of the account. */
export const ORDER_ONLY = {
  ...ACCOUNT_ONLY,
  problems: [...ACCOUNT_ONLY.problems, 'unknown-order'] as const satisfies readonly ErrorCode[],
}

export const orderParameter = Type.Object({ id: Type.String({ description: "The exchange's orderId" }) })

export function unknownOrder(orderId: string): CodedError {
  return new CodedError('unknown-order', `this account has no order ${orderId}; GET /v1/orders lists them`)
}

/** The exchange refuses the command, by its own code. */
export function rejectAnswer(reject: Reject): RouteResponse {
  return { status: 422, mediaType: 'application/problem+json', body: rejectProblem(reject) }
}

/** Of routes that need the operator's token. */
export const OPERATOR_ONLY = {
  security: [{ operatorToken: [] }, { operatorCookie: [] }],
  problems: ['not-operator'] as const satisfies readonly ErrorCode[],
}

export const symbolParameter = Type.Object({ symbol: Type.String({ description: 'The instrument' }) })

/**
 * Takes one from the rate of an account; the answer says what is left.
 * @param policy its name in the answer.
 * @throws {CodedError} rate-limited
 */
export function takeFrom(limit: KeyedRateLimit, policy: string, { accountId }: KnownAccount, sender: Sender): void {
  const refusal = limit.tryTake(accountId)
  sender.setHeaders(rateLimitHeaders(policy, limit.rule, limit.state(accountId)))
  if (refusal !== undefined) throw refusal
}
