// The accounts that the browser of a request holds: those of its tokens that this market knows. Used by the routes of
// accounts and sessions, which add, replace and forget them.

import { CodedError } from '../errors/coded-error.ts'
import type { Accounts } from './accounts.ts'
import { BROWSER_ACCOUNTS_MAX, type BrowserAccounts } from './browser-accounts.ts'

export interface HeldAccount {
  readonly accountId: string
  readonly token: string
}

/** Those that this market knows, in the order in which they were added. */
export async function heldAccounts(accounts: Accounts, { tokens }: BrowserAccounts): Promise<readonly HeldAccount[]> {
  const found = await Promise.all(
    tokens.map(async token => {
      const account = await accounts.find(token)
      return account === undefined ? [] : [{ accountId: account.accountId, token }]
    }),
  )
  return found.flat()
}

/** @throws {CodedError} unknown-account, with those that the browser holds. */
export function findHeld(held: readonly HeldAccount[], accountId: string): HeldAccount {
  const found = held.find(one => one.accountId === accountId)
  if (found !== undefined) return found
  const ids = held.map(one => one.accountId).join(', ')
  throw new CodedError(
    'unknown-account',
    `this browser holds no account ${accountId}; ${ids === '' ? 'it holds none' : `it holds ${ids}`}`,
  )
}

/** @throws {CodedError} too-many-accounts */
export function requireRoom(held: readonly HeldAccount[]): void {
  if (held.length < BROWSER_ACCOUNTS_MAX) return
  throw new CodedError(
    'too-many-accounts',
    `a browser holds ${BROWSER_ACCOUNTS_MAX} accounts; DELETE /v1/session/accounts/:id forgets one, .../reset starts one anew`,
  )
}
