// The port to the sessions of all gateways of a market: a logon takes a session over wherever it is, and what the
// connection before it had sent and was not carried out yet is not carried out any more. A process that is alone has
// none: its SessionRegistry knows all sessions.

import type { Logon } from '@papertape/venue'
import type { SessionHolder } from './session-registry.ts'

export interface SharedSessions {
  /**
   * Settles when no command of the session's former holder is carried out any more, or the new one has gone: a logon
   * that nobody waits for takes no session over.
   * @returns the logon, which its commands carry; undefined when the account has the most sessions it may have, or
   * the holder has gone
   */
  open(accountId: string, sessionId: string, holder: SessionHolder): Promise<Logon | undefined>
  /** Does nothing when another connection has taken the session over. */
  close(logon: Logon): void
}
