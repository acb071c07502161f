// A gateway's part of the sessions that all gateways of the market share: asks the leader for each logon, and reports
// those that it has to the next leader. Knows no account and no message of a session.

import type { SessionHolder, SharedSessions } from '@papertape/gateway'
import type { Logon } from '@papertape/venue'
import type { LogonAnswer, SessionRequest, SessionTakenOver } from '../log/session-messages.ts'
import { decodeMessage, encodeMessage } from '../log/wire.ts'
import type { ClusterConnection } from '../nats/cluster-connection.ts'

interface HeldSession {
  readonly accountId: string
  readonly sessionId: string
  readonly holder: SessionHolder
}

const ANSWER_MAX_MS = 1_000
const RETRY_MS = 100
/** A leader that has seen nothing for three seconds takes a gateway for lost. */
const PRESENCE_EACH_MS = 500

export class RemoteSessions implements SharedSessions {
  readonly #connection: ClusterConnection
  readonly #gateway: string
  readonly #held = new Map<number, HeldSession>()
  #lastRequest = 0

  constructor(connection: ClusterConnection, gateway: string) {
    this.#connection = connection
    this.#gateway = gateway
    connection.listen(connection.subjects.sessionsOf(gateway), decodeMessage<SessionTakenOver>, ({ number }) =>
      this.#takenOver(number),
    )
    setInterval(() => this.#sendPresence(), PRESENCE_EACH_MS).unref()
    this.#sendPresence()
  }

  async open(accountId: string, sessionId: string, holder: SessionHolder): Promise<Logon | undefined> {
    const request = ++this.#lastRequest
    const answer = await this.#ask({ type: 'open', gateway: this.#gateway, accountId, sessionId, request }, holder)
    // It may be carried out yet.
    if (answer === undefined) this.#publish({ type: 'abandon', gateway: this.#gateway, request })
    if (answer?.type !== 'opened') return undefined
    this.#held.set(answer.number, { accountId, sessionId, holder })
    return { sessionId, number: answer.number }
  }

  close({ number }: Logon): void {
    if (this.#held.delete(number)) this.#publish({ type: 'close', number })
  }

  /** Another venue leads: it does not know the sessions. */
  report(): void {
    for (const [number, { accountId, sessionId, holder }] of this.#held) {
      void this.#ask({ type: 'open', gateway: this.#gateway, accountId, sessionId, number }, holder).then(answer => {
        if (answer?.type === 'takenOver') this.#takenOver(number)
      })
    }
  }

  #takenOver(number: number): void {
    const session = this.#held.get(number)
    this.#held.delete(number)
    session?.holder.takenOver()
  }

  /**
   * Waits for a leader: whoever logs on meanwhile is closed once the logon is overdue.
   * @returns undefined when the holder has gone
   */
  async #ask(request: SessionRequest, holder: SessionHolder): Promise<LogonAnswer | undefined> {
    const { nats, subjects } = this.#connection
    while (!holder.isGone) {
      try {
        const { data } = await nats.request(subjects.session, encodeMessage(request), { timeout: ANSWER_MAX_MS })
        return decodeMessage<LogonAnswer>(data)
      } catch {
        // Nobody leads now.
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
    return undefined
  }

  #publish(request: SessionRequest): void {
    const { nats, subjects } = this.#connection
    if (!nats.isClosed()) nats.publish(subjects.session, encodeMessage(request))
  }

  #sendPresence(): void {
    const { nats, subjects } = this.#connection
    if (!nats.isClosed()) nats.publish(subjects.presence, new TextEncoder().encode(this.#gateway))
  }
}
