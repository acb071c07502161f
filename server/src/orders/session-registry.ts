// Which sessions an account has open, and on which connection. A session that logs on again is taken over from the
// connection that held it.

export const SESSIONS_MAX = 10

export interface SessionHolder {
  /** Another connection has logged on to this session. */
  takenOver(): void
}

export class SessionRegistry {
  readonly #accounts = new Map<string, Map<string, SessionHolder>>()

  /** How many sessions an account has open. */
  count(accountId: string): number {
    return this.#accounts.get(accountId)?.size ?? 0
  }

  /** False when the account has as many sessions as it may; an older holder of the same session is told. */
  open(accountId: string, sessionId: string, holder: SessionHolder): boolean {
    const sessions = this.#accounts.get(accountId) ?? new Map<string, SessionHolder>()
    const older = sessions.get(sessionId)
    if (older === undefined && sessions.size >= SESSIONS_MAX) return false
    sessions.set(sessionId, holder)
    this.#accounts.set(accountId, sessions)
    if (older !== holder) older?.takenOver()
    return true
  }

  /** The connection has gone; nothing when the session is another's by now. */
  close(accountId: string, sessionId: string, holder: SessionHolder): void {
    const sessions = this.#accounts.get(accountId)
    if (sessions?.get(sessionId) !== holder) return
    sessions.delete(sessionId)
    if (sessions.size === 0) this.#accounts.delete(accountId)
  }
}
