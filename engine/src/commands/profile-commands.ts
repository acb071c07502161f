// The profile of an account for tests: it applies to what is sent after it, and its commands are counted anew.

import type { CommandAnswer, SetTestProfile } from '@papertape/protocol'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

export function setTestProfile(state: ExchangeState, { accountId, profile }: SetTestProfile): CommandAnswer {
  const account = state.account(accountId)
  assert(account.isTesting, 'only an account for tests has a profile')
  account.testProfile = profile
  account.testCommands = 0
  state.changes.account(account)
  return { type: 'done' }
}
