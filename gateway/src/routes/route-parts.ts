// Parts that the schemas of several routes share.

import type { ErrorCode } from '@papertape/protocol'
import Type from 'typebox'

export const TAGS = {
  marketData: 'Market data',
  feed: 'Feed',
  account: 'Accounts and orders',
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

/** Of routes that need the operator's token. */
export const OPERATOR_ONLY = {
  security: [{ operatorToken: [] }, { operatorCookie: [] }],
  problems: ['not-operator'] as const satisfies readonly ErrorCode[],
}

export const symbolParameter = Type.Object({ symbol: Type.String({ description: 'The instrument' }) })
