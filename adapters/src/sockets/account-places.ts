// The places for streams of an account: as many as it may have sessions on the order channel. A stream gives its place
// back when its connection ends or its token opens the account no longer.

import { CodedError, type KnownAccount } from '@papertape/gateway'
import type { AdapterConnection } from '../adapter.ts'
import type { AdapterDeps } from '../adapter-deps.ts'

/**
 * Takes a place for a connection, which is closed when the token ends.
 * @returns gives the place back.
 * @throws {CodedError} too-many-sessions
 */
export function takeAccountPlace(
  { accounts, accountStreams, limits }: AdapterDeps,
  account: KnownAccount,
  connection: AdapterConnection,
): () => void {
  const { accountId } = account
  if (accountStreams.isFull(accountId)) {
    throw new CodedError('too-many-sessions', `an account has at most ${limits.sessionsMax} streams; close one`)
  }
  const leave = accountStreams.open(accountId)
  const releaseToken = accounts.hold(account, () => connection.close('tokenEnded'))
  return () => {
    releaseToken()
    leave()
  }
}
