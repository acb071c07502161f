// What a session sends of its private stream and of its answers, in order. A script may hold it for a time, lose one
// answer, or end the connection after it; without scripts everything is sent at once. Used by orders/order-session.ts.

import type { Clock, LabCloseCode } from '@papertape/protocol'
import type { AckScript } from './ack-script.ts'

/** What the end of a connection needs of it. */
export interface EndableConnection {
  /** The connection is lost without an end, after what was sent before. */
  cut(): void
  /** By the closing handshake, with a code that the client has asked for. */
  closeAtRequest(code: LabCloseCode): void
}

export interface QueuedAnswer {
  readonly script?: AckScript | undefined
  send(): void
  /** In place of send(). */
  lose(): void
}

export class AnswerQueue {
  readonly #connection: EndableConnection
  readonly #clock: Clock
  /** While a script holds the queue: the answer that it delays, then those behind it. */
  #waiting: QueuedAnswer[] = []
  #cancelTimer = () => {}
  #onEmpty: (() => void)[] = []
  #isClosed = false

  constructor(connection: EndableConnection, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
  }

  push(answer: QueuedAnswer): void {
    if (this.#isClosed) return
    this.#waiting.push(answer)
    if (this.#waiting.length === 1) this.#next()
  }

  /** Settles when nothing waits. */
  emptied(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    return new Promise(resolve => this.#onEmpty.push(resolve))
  }

  /** The connection ends: what waits is lost with it. */
  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    this.#end()
  }

  #next(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const { script } = first
      if (script !== undefined && script.delayMs > 0) {
        this.#cancelTimer = this.#clock.setTimer(() => this.#resume(), script.delayMs)
        return
      }
      this.#take()
    }
    this.#end()
  }

  #resume(): void {
    this.#take()
    this.#next()
  }

  #take(): void {
    const { script, ...answer } = this.#waiting.shift()!
    if (script?.isLost === true) answer.lose()
    else answer.send()
    const { end } = script ?? {}
    if (end === undefined) return
    if (end.code === undefined) this.#connection.cut()
    else this.#connection.closeAtRequest(end.code)
  }

  #end(): void {
    this.#waiting = []
    for (const resolve of this.#onEmpty) resolve()
    this.#onEmpty = []
  }
}
