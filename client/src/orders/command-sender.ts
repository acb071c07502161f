// Sends the commands of the request table over whatever connection there is: in the order they were asked, at the pace
// that the server takes, and again when they came back. It holds no socket; order-channel.ts hands it the way out.

import type { Environment } from '../platform/environment.ts'
import { type ChannelCommand, RequestTable } from './request-table.ts'
import { DEFAULT_LIMITS, type SendLimits, SendThrottle } from './send-throttle.ts'

/** A command without an answer for so long, while nothing arrives, is reason to doubt the connection. */
const UNANSWERED_MS = 3_000

export interface SenderPorts {
  /** The connection takes commands now. */
  maySend(): boolean
  send(message: ChannelCommand): void
  /** When anything last came on this connection, by Environment.nowMs. */
  lastArrivalMs(): number | undefined
  /** A command has had no answer in its time, or none while nothing came at all. */
  onDoubt(): void
}

export class CommandSender {
  readonly requests: RequestTable
  readonly #environment: Environment
  readonly #ports: SenderPorts
  #limits: SendLimits = DEFAULT_LIMITS
  #throttle: SendThrottle
  #cancelFlush: (() => void) | undefined
  #cancelCheck: (() => void) | undefined

  constructor(environment: Environment, ports: SenderPorts) {
    this.#environment = environment
    this.#ports = ports
    this.requests = new RequestTable(environment, () => ports.onDoubt())
    this.#throttle = new SendThrottle(this.#limits, environment.nowMs())
  }

  /** A new connection, which the server counts anew. */
  begin(): void {
    this.#throttle = new SendThrottle(this.#limits, this.#environment.nowMs())
  }

  setLimits(limits: SendLimits): void {
    this.#limits = limits
    this.#throttle.setLimits(limits)
  }

  /** Past the table: a logon, a ping that checks the connection. */
  sendNow(message: ChannelCommand): void {
    this.#throttle.spend(this.#environment.nowMs())
    this.#ports.send(message)
  }

  /** Sends what is due. */
  flush(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
    if (!this.#ports.maySend()) return
    const nowMs = this.#environment.nowMs()
    let againInMs = Infinity
    for (const pending of this.requests.unsent) {
      if (pending.notBeforeMs > nowMs) {
        againInMs = Math.min(againInMs, pending.notBeforeMs - nowMs)
        continue
      }
      const waitMs = this.#throttle.take(nowMs)
      if (waitMs > 0) {
        againInMs = Math.min(againInMs, waitMs)
        break
      }
      this.requests.sent(pending)
      this.#ports.send({ ...pending.command, requestId: pending.requestId })
    }
    if (againInMs < Infinity) this.#cancelFlush = this.#environment.setTimer(() => this.flush(), againInMs)
    this.#checkSoon()
  }

  /** The terminal answer to a command, or a word to come back with it. */
  answer(requestId: unknown, message: { readonly type: string }): void {
    const outcome = this.requests.answer(requestId, message)
    if (outcome === undefined) return
    if (outcome.refusedForMs !== undefined) this.#throttle.pause(outcome.refusedForMs, this.#environment.nowMs())
    this.flush()
  }

  stop(): void {
    this.#cancelFlush?.()
    this.#cancelCheck?.()
  }

  /** A command that gets no answer while nothing at all arrives says more than a missing heartbeat, and sooner. */
  #checkSoon(): void {
    if (this.#cancelCheck !== undefined || this.requests.oldestSentAt === undefined) return
    this.#cancelCheck = this.#environment.setTimer(() => {
      this.#cancelCheck = undefined
      const silentSinceMs = Math.max(this.requests.oldestSentAt ?? Infinity, this.#ports.lastArrivalMs() ?? 0)
      if (this.#environment.nowMs() - silentSinceMs >= UNANSWERED_MS) this.#ports.onDoubt()
      this.#checkSoon()
    }, UNANSWERED_MS)
  }
}
