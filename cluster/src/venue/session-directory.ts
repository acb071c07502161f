// The open sessions of all gateways, as the leader knows them: each logon has a number, later ones larger numbers, and
// only the latest logon of a session has its commands carried out. A leader begins with none, and gateways report those
// that they have. Sends nothing itself.

import { SESSIONS_MAX } from '@papertape/gateway'
import type { Logon } from '@papertape/venue'
import type { LogonAnswer, SessionRequest } from '../log/session-messages.ts'

export interface SharedSession {
  readonly number: number
  readonly gateway: string
  readonly accountId: string
  readonly sessionId: string
  readonly request?: number | undefined
}

/** Of the numbers of a term; those of a later term are larger. */
const NUMBERS_PER_TERM = 2 ** 32

export class SessionDirectory {
  readonly #onTakenOver: (session: SharedSession) => void
  /** By account and session. */
  readonly #accounts = new Map<string, Map<string, SharedSession>>()
  readonly #byNumber = new Map<number, SharedSession>()
  #lastNumber: number

  /** @param onTakenOver called with the session of an earlier logon. */
  constructor(term: number, onTakenOver: (session: SharedSession) => void) {
    this.#lastNumber = term * NUMBERS_PER_TERM
    this.#onTakenOver = onTakenOver
  }

  open({
    gateway,
    accountId,
    sessionId,
    number: known,
    request,
  }: Extract<SessionRequest, { type: 'open' }>): LogonAnswer {
    const sessions = this.#accounts.get(accountId) ?? new Map<string, SharedSession>()
    const earlier = sessions.get(sessionId)
    if (earlier === undefined && known === undefined && sessions.size >= SESSIONS_MAX) return { type: 'tooMany' }
    if (known !== undefined && earlier !== undefined && earlier.number > known) return { type: 'takenOver' }
    const number = known ?? ++this.#lastNumber
    const session = { number, gateway, accountId, sessionId, request }
    if (earlier !== undefined) this.#byNumber.delete(earlier.number)
    sessions.set(sessionId, session)
    this.#accounts.set(accountId, sessions)
    this.#byNumber.set(number, session)
    if (earlier !== undefined && earlier.number !== number) this.#onTakenOver(earlier)
    return { type: 'opened', number }
  }

  close(number: number): void {
    const session = this.#byNumber.get(number)
    if (session === undefined) return
    this.#byNumber.delete(number)
    const sessions = this.#accounts.get(session.accountId)!
    sessions.delete(session.sessionId)
    if (sessions.size === 0) this.#accounts.delete(session.accountId)
  }

  /** Ends the session of a logon that its gateway gave up. */
  abandon(gateway: string, request: number): void {
    for (const session of this.#byNumber.values()) {
      if (session.gateway === gateway && session.request === request) this.close(session.number)
    }
  }

  /** True when there is a later logon to the session. */
  isTakenOver(accountId: string, { sessionId, number }: Logon): boolean {
    const session = this.#accounts.get(accountId)?.get(sessionId)
    return session !== undefined && session.number > number
  }

  has(accountId: string, sessionId: string): boolean {
    return this.#accounts.get(accountId)?.has(sessionId) === true
  }

  /** Ends the sessions of a gateway. @returns them */
  closeAll(gateway: string): SharedSession[] {
    const lost = [...this.#byNumber.values()].filter(session => session.gateway === gateway)
    for (const { number } of lost) this.close(number)
    return lost
  }
}
