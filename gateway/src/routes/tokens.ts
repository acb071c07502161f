// The tokens of an account: made, listed and revoked by one that may trade.

import { NewToken, TokenAnswer, TokensAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import type { Accounts, KnownAccount } from '../accounts/accounts.ts'
import { defineRoute, ok, type Route, type Sender } from './route.ts'
import { ACCOUNT_ONLY, TAGS, TRADER_ONLY } from './route-parts.ts'

const tags = [TAGS.account]

const addSchema = {
  operationId: 'addToken',
  summary: 'Makes a token of the account',
  description: 'The token is in this answer only. A read-only one reads and streams; orders and changes answer 403.',
  body: NewToken,
  response: { 201: TokenAnswer },
  tags,
  ...TRADER_ONLY,
  problems: [...TRADER_ONLY.problems, 'too-many-tokens'] as const,
} as const

const listSchema = {
  operationId: 'listTokens',
  summary: 'The tokens of the account, never the tokens themselves',
  response: { 200: TokensAnswer },
  tags,
  ...ACCOUNT_ONLY,
}

const revokeSchema = {
  operationId: 'revokeToken',
  summary: 'Revokes a token of the account',
  description: 'At once: its order channels are closed with 4401, its streams end with auth-expired.',
  params: Type.Object({ id: Type.String({ description: 'The id of the token' }) }),
  response: { 204: Type.Null({ description: 'The token opens the account no longer' }) },
  tags,
  ...TRADER_ONLY,
  problems: [...TRADER_ONLY.problems, 'unknown-token'] as const,
} as const

export interface TokenRoutesDeps {
  readonly accounts: Accounts
  /** The account of the sender, whose requests are limited. */
  readonly reader: (sender: Sender) => Promise<KnownAccount>
  readonly trader: (sender: Sender) => Promise<KnownAccount>
}

export function tokenRoutes({ accounts, reader, trader }: TokenRoutesDeps): readonly Route[] {
  return [
    defineRoute('POST /account/tokens', addSchema, async ({ body, sender }) => {
      return { status: 201, body: await accounts.addToken(await trader(sender), body) }
    }),

    defineRoute('GET /account/tokens', listSchema, async ({ sender }) =>
      ok({ tokens: await accounts.tokens(await reader(sender)) }),
    ),

    defineRoute('DELETE /account/tokens/:id', revokeSchema, async ({ params, sender }) => {
      await accounts.revokeToken(await trader(sender), params.id)
      return { status: 204 }
    }),
  ]
}
