// Schemas of the tokens of an account: how one is made, listed and revoked. The token itself is in one answer only.

import Type, { type Static } from 'typebox'
import { nullable, text, wallMs } from '../fields.ts'

const name = (options: object = {}) => Type.String({ ...options, description: "The owner's name for it" })
const readOnly = Type.Boolean({ description: 'It reads and streams, and changes nothing' })
const state = {
  id: text('Its id; never the token'),
  name: name(),
  readOnly,
  createdAt: nullable(wallMs('When it was made'), 'of an account from before its tokens were listed'),
  expiresAt: nullable(wallMs('When it opens the account no longer'), 'it does not expire'),
  lastUsedAt: nullable(wallMs('When it was last used, to the minute'), 'not used yet'),
}
const EXAMPLE = {
  id: 't0a1b2c3d4e5f',
  name: 'market maker',
  readOnly: false,
  createdAt: 1_767_605_400_300,
  expiresAt: null,
  lastUsedAt: 1_767_605_400_000,
}

export const TokenState = Type.Object(state, {
  $id: 'TokenState',
  description: 'A token of the account, without the token itself',
  examples: [EXAMPLE],
})
export type TokenState = Static<typeof TokenState>

export const NewToken = Type.Object(
  {
    name: name({ minLength: 1, maxLength: 64 }),
    readOnly: Type.Optional(readOnly),
    expiresInDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3_650, description: 'It does not expire when absent' }),
    ),
  },
  {
    additionalProperties: false,
    description: 'A new token of the account',
    examples: [{ name: 'market maker', expiresInDays: 90 }],
  },
)
export type NewToken = Static<typeof NewToken>

export const TokenAnswer = Type.Object(
  { ...state, token: text('The token; it is shown only once') },
  { description: 'The token that was made', examples: [{ ...EXAMPLE, lastUsedAt: null, token: 'pt_…' }] },
)

export const TokensAnswer = Type.Object(
  { tokens: Type.Array(TokenState, { description: 'In the order in which they were made' }) },
  { description: 'The tokens of the account that are not revoked', examples: [{ tokens: [EXAMPLE] }] },
)
