// The open sessions of each account and their connections. A logon to an open session takes it over from its
// connection.

export const SESSIONS_MAX = 10

export interface SessionHolder {
  /** Its connection has ended. */
  readonly isGone: boolean
  /** Another connection has logged on to this session. */
  takenOver(): void
}

export class SessionRegistry {
  readonly #accounts = new Map<string, Map<string, SessionHolder>>()

  /** The number of open sessions. */
  get size(): number {
    let size = 0
    for (const sessions of this.#accounts.values()) size += sessions.size
    return size
  }

  /** The number of open sessions of an account. */
  count(accountId: string): number {
    return this.#accounts.get(accountId)?.size ?? 0
  }

  /** Returns false when the account has the most sessions it may have. Notifies the former holder of the session. */
  open(accountId: string, sessionId: string, holder: SessionHolder): boolean {
    const sessions = this.#accounts.get(accountId) ?? new Map<string, SessionHolder>()
    const older = sessions.get(sessionId)
    if (older === undefined && sessions.size >= SESSIONS_MAX) return false
    sessions.set(sessionId, holder)
    this.#accounts.set(accountId, sessions)
    if (older !== holder) older?.takenOver()
    return true
  }

  /** Does nothing when another connection has taken the session over. */
  close(accountId: string, sessionId: string, holder: SessionHolder): void {
    const sessions = this.#accounts.get(accountId)
    if (sessions?.get(sessionId) !== holder) return
    sessions.delete(sessionId)
    if (sessions.size === 0) this.#accounts.delete(accountId)
  }
}
