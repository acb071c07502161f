// Which account and rights a request has, by cookie or token. Always 200, so that a page without an account sees no
// error.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SessionAnswer } from '@papertape/protocol/schemas'
import { lookUpAccount } from '../auth/account-tokens.ts'
import { requestToken } from '../auth/identity.ts'
import type { Operator } from '../auth/operator.ts'
import { SAME_ORIGIN, TAGS } from '../docs/route-schema.ts'
import type { VenueClient } from '../venue/venue-client.ts'

export interface SessionRoutesOptions {
  readonly venue: VenueClient
  readonly operator: Operator
  /** Part of the name of the accounts' cookies. */
  readonly epoch: () => string
}

export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRoutesOptions> = async (app, options) => {
  const { venue, operator, epoch } = options
  app.get(
    '/session',
    {
      schema: {
        operationId: 'getSession',
        summary: 'The account and the rights of the sender',
        description: 'By cookie or token; 200 also without either.',
        tags: [TAGS.account],
        response: { 200: SessionAnswer },
        ...SAME_ORIGIN,
      },
    },
    async request => {
      const account = await lookUpAccount(venue, requestToken(request, epoch()))
      return { accountId: account?.accountId ?? null, operator: operator.is(request) }
    },
  )
}
