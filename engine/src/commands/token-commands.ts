// The commands of an account's tokens: add, revoke, use. They change who may speak for the account, never its orders,
// cash or private stream.

import type { AddToken, CommandAnswer, RevokeToken, UseToken } from '@papertape/protocol'
import { minuteOf, tokenState } from '../access/account-tokens.ts'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

/** Of an account. */
const TOKENS_MAX = 20
const US_PER_DAY = 86_400_000_000

/** Answers with null when the account has as many tokens as it may. */
export function addToken(state: ExchangeState, command: AddToken): CommandAnswer {
  const { tokenId, tokenHash: hash, name, readOnly, expiresInDays } = command
  const account = state.account(command.accountId)
  assert(state.findToken(hash) === undefined, 'a token opens one account')
  if (account.tokens.size >= TOKENS_MAX) return { type: 'account.token', token: null }
  const createdUs = state.log.ts
  const expiresUs = expiresInDays === undefined ? null : createdUs + expiresInDays * US_PER_DAY
  const token = { tokenId, hash, name, readOnly, createdUs, expiresUs, usedUs: null }
  state.addToken(account, token)
  state.changes.account(account)
  return { type: 'account.token', token: tokenState(token) }
}

/** Answers with null when the account has no such token. */
export function revokeToken(state: ExchangeState, { accountId, tokenId }: RevokeToken): CommandAnswer {
  const account = state.account(accountId)
  const token = account.tokens.get(tokenId)
  if (token === undefined) return { type: 'account.token', token: null }
  state.removeToken(account, token)
  state.changes.account(account)
  return { type: 'account.token', token: tokenState(token) }
}

/** A token that was revoked meanwhile is not used. */
export function useToken(state: ExchangeState, { accountId, tokenId }: UseToken): CommandAnswer {
  const account = state.account(accountId)
  const token = account.tokens.get(tokenId)
  if (token !== undefined) {
    token.usedUs = minuteOf(state.log.ts)
    state.changes.account(account)
  }
  return { type: 'done' }
}
