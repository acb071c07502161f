// Who is asking, by cookie or token: 200 whoever it is, so that a page that has no account yet asks without an error. It
// changes nothing; accounts.ts opens accounts, market.ts makes operators.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SessionAnswer } from '@papertape/protocol/schemas'
import { lookUpAccount } from '../auth/account-tokens.ts'
import { requestToken } from '../auth/identity.ts'
import type { Operator } from '../auth/operator.ts'
import type { VenueClient } from '../venue/venue-client.ts'

export interface SessionRoutesOptions {
  readonly venue: VenueClient
  readonly operator: Operator
  /** Names the market in its accounts' cookies. */
  readonly epoch: () => string
}

export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRoutesOptions> = async (app, options) => {
  const { venue, operator, epoch } = options
  app.get('/session', { schema: { response: { 200: SessionAnswer } } }, async request => {
    const account = await lookUpAccount(venue, requestToken(request, epoch()))
    return { accountId: account?.accountId ?? null, operator: operator.is(request) }
  })
}
