// Rejects by the failure rates of an account's profile: drawn from its seed and the number of the command, which the
// account counts. Called once for each command for an order of an account, before anything else.

import type { FailingCommand, Reject } from '@papertape/protocol'
import type { Account } from '../model/account.ts'
import { unitOf } from '../primitives/unit-of.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { reject } from './rejects.ts'

/** undefined: the command is not refused. */
export function drawFailure(state: ExchangeState, account: Account, command: FailingCommand): Reject | undefined {
  const { testProfile } = account
  if (testProfile === undefined) return undefined
  account.testCommands++
  state.changes.account(account)
  let left = unitOf(testProfile.seed, account.testCommands, 'failure')
  for (const { code, rate, command: failing = 'place' } of testProfile.failures ?? []) {
    if (failing !== command) continue
    left -= rate
    if (left < 0) return reject.onRequest(code)
  }
  return undefined
}
