// What a route's schema has beside the keywords of Fastify and @fastify/swagger, and parts that several routes share.
// The document is built by openapi.ts. Used by routes and transports.

import type {} from '@fastify/swagger'
import type { ErrorCode } from '@papertape/protocol'
import Type from 'typebox'

declare module 'fastify' {
  interface FastifySchema {
    /** Error codes of this route beside those that openapi.ts adds to each route. */
    readonly problems?: readonly ErrorCode[]
    /** The exchange may refuse the command: 422 with a reject code. */
    readonly rejects?: boolean
  }
}

export const TAGS = {
  marketData: 'Market data',
  feed: 'Feed',
  account: 'Accounts and orders',
  market: 'Market',
  service: 'Service',
  documents: 'Documents',
} as const

/** The schema is for the document only: the handler checks the request, with error messages of its own. */
export const UNCHECKED = { validatorCompiler: () => () => true } as const

/** Not part of the API: the dashboard's files, preflights. */
export const HIDDEN = { schema: { hide: true } } as const

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

/** An answer in another media type than JSON. */
export function mediaAnswer(mediaType: string, description: string) {
  const schema =
    mediaType === 'application/json'
      ? Type.Record(Type.String(), Type.Unknown(), { description })
      : Type.String({ description })
  return { description, content: { [mediaType]: { schema } } }
}
