// What a route's schema has beside the keywords of Fastify and @fastify/swagger. The document is built by openapi.ts.
// Used by routes and transports.

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

/** Not part of the API: the dashboard's files, preflights. */
export const HIDDEN = { schema: { hide: true } } as const

/** An answer in another media type than JSON. */
export function mediaAnswer(mediaType: string, description: string) {
  const schema =
    mediaType === 'application/json'
      ? Type.Record(Type.String(), Type.Unknown(), { description })
      : Type.String({ description })
  return { description, content: { [mediaType]: { schema } } }
}
