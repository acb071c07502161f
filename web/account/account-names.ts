// The names that a person gives to accounts, kept in this browser; an account without one shows the start of its id.
// Pure, but for the preference's key.

import type { Preference } from '../dashboard/preferences.ts'

export type AccountNames = Readonly<Record<string, string>>

export const ACCOUNT_NAMES: Preference<AccountNames> = {
  key: 'account-names',
  read(stored) {
    if (typeof stored !== 'object' || stored === null) return NO_NAMES
    return Object.fromEntries(Object.entries(stored).filter(([, name]) => typeof name === 'string' && name !== ''))
  },
}

const NO_NAMES: AccountNames = {}
export const NAME_LENGTH_MAX = 24
const ID_SHOWN = 7

export function accountLabel(names: AccountNames, accountId: string): string {
  return names[accountId] ?? `${accountId.slice(0, ID_SHOWN)}…`
}

/** @param name empty: the account has no name any more. */
export function withName(names: AccountNames, accountId: string, name: string): AccountNames {
  const { [accountId]: _, ...others } = names
  const kept = name.trim().slice(0, NAME_LENGTH_MAX)
  return kept === '' ? others : { ...others, [accountId]: kept }
}
