// Sends the commands of the request table: in order, at the server's rate, and again when they have to be repeated.
// Owns no socket; order-channel.ts gives it the means to send.

import type { Clock } from '@papertape/protocol'
import { type ChannelCommand, RequestTable, sentIdOf } from './request-table.ts'
import { DEFAULT_LIMITS, type SendLimits, SendThrottle } from './send-throttle.ts'

/** A command without an answer for this time, while nothing arrives, makes the connection suspect. */
const UNANSWERED_MS = 3_000

interface SenderPorts {
  /** The connection accepts commands now. */
  canSend(): boolean
  send(message: ChannelCommand): void
  /** When anything last arrived on this connection, by Clock.nowMs. */
  lastArrivalMs(): number | undefined
  /** A command was not answered in time, or nothing arrived while one was pending. */
  onUnanswered(): void
}

export class CommandSender {
  readonly requests: RequestTable
  readonly #clock: Clock
  readonly #ports: SenderPorts
  #limits: SendLimits = DEFAULT_LIMITS
  #throttle: SendThrottle
  #cancelFlush: (() => void) | undefined
  #cancelCheck: (() => void) | undefined

  constructor(clock: Clock, ports: SenderPorts) {
    this.#clock = clock
    this.#ports = ports
    this.requests = new RequestTable(clock, () => ports.onUnanswered())
    this.#throttle = new SendThrottle(this.#limits, clock.nowMs())
  }

  /** A new connection: the server counts its messages from zero. */
  startConnection(): void {
    this.#throttle = new SendThrottle(this.#limits, this.#clock.nowMs())
  }

  setLimits(limits: SendLimits): void {
    this.#limits = limits
    this.#throttle.setLimits(limits)
  }

  /** Without the table: a logon, a ping that checks the connection. */
  sendNow(message: ChannelCommand): void {
    this.#throttle.spend(this.#clock.nowMs())
    this.#ports.send(message)
  }

  /** Sends what is due. */
  flush(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
    if (!this.#ports.canSend()) return
    const nowMs = this.#clock.nowMs()
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
      this.requests.markSent(pending)
      this.#ports.send({ ...pending.command, requestId: sentIdOf(pending) })
    }
    if (againInMs < Infinity) this.#cancelFlush = this.#clock.setTimer(() => this.flush(), againInMs)
    this.#scheduleCheck()
  }

  /** An answer to a command: final, or a request to repeat it later. */
  answer(requestId: unknown, message: { readonly type: string }): void {
    const repeat = this.requests.answer(requestId, message)
    if (repeat === undefined) return
    if (repeat.refusedForMs !== undefined) this.#throttle.pause(repeat.refusedForMs, this.#clock.nowMs())
    this.flush()
  }

  stop(): void {
    this.#cancelFlush?.()
    this.#cancelCheck?.()
  }

  /** A pending command without any arrival shows a dead connection sooner than a missing heartbeat. */
  #scheduleCheck(): void {
    if (this.#cancelCheck !== undefined || this.requests.oldestSentAtMs === undefined) return
    this.#cancelCheck = this.#clock.setTimer(() => {
      this.#cancelCheck = undefined
      const silentSinceMs = Math.max(this.requests.oldestSentAtMs ?? Infinity, this.#ports.lastArrivalMs() ?? 0)
      if (this.#clock.nowMs() - silentSinceMs >= UNANSWERED_MS) this.#ports.onUnanswered()
      this.#scheduleCheck()
    }, UNANSWERED_MS)
  }
}
