// Reads the log from a sequence on, in order, for as long as the process lives: a silent consumer is opened anew. Knows
// sequences and subjects, not what a message says.

import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterConnection } from '../nats/cluster-connection.ts'

export interface LogMessage {
  readonly sequence: number
  readonly kind: 'entry' | 'lead' | 'room'
  readonly data: Uint8Array
}

/** The log no longer has what comes next: whoever reads it stood still for longer than it keeps. */
class LogExpired extends Error {
  readonly code = 'log-expired'
}

export interface LogReaderOptions {
  /** The first message that is read. */
  readonly from: number
  /** Called in the order of the log; the next message waits until it has settled. */
  readonly onMessage: (message: LogMessage) => void | Promise<void>
  /** Called once, with LogExpired or what onMessage() has thrown; nothing is read any more. */
  readonly onFailure: (error: Error) => void
}

/** Heartbeats come while nothing is written; without any for so long the consumer is opened anew. */
const SILENCE_MAX_MS = 3_000
const CONSUME = { idle_heartbeat: 500, expires: 2_000, max_messages: 100 }
const LOOK_EACH_MS = 250
const RETRY_MS = 100

export class LogReader {
  readonly #connection: ClusterConnection
  readonly #options: LogReaderOptions
  #next: number
  #isStopped = false
  #stopConsuming = () => {}

  constructor(connection: ClusterConnection, options: LogReaderOptions) {
    this.#connection = connection
    this.#options = options
    this.#next = Math.max(1, options.from)
    void this.#run()
  }

  /** The next message that is read. */
  get next(): number {
    return this.#next
  }

  stop(): void {
    this.#isStopped = true
    this.#stopConsuming()
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#consume()
      } catch (error) {
        if (this.#isStopped) return
        if (error instanceof HandlerFailed || error instanceof LogExpired) {
          this.stop()
          this.#options.onFailure(error instanceof HandlerFailed ? (error.cause as Error) : error)
          return
        }
        // No stream yet, or no server: tried again.
        await delay(RETRY_MS)
      }
    }
  }

  /** Until the consumer falls silent or fails. */
  async #consume(): Promise<void> {
    const consumer = await this.#connection.consumerFrom(this.#next)
    const messages = await consumer.consume(CONSUME)
    let seenMs = performance.now()
    let isHandling = false
    this.#stopConsuming = () => messages.stop()
    void (async () => {
      for await (const { type } of messages.status()) if (type === 'heartbeat') seenMs = performance.now()
    })()
    const watchdog = setInterval(() => {
      if (!isHandling && performance.now() - seenMs > SILENCE_MAX_MS) messages.stop()
    }, LOOK_EACH_MS)
    try {
      for await (const { seq, subject, data } of messages) {
        if (this.#isStopped) return
        if (seq >= this.#next) {
          isHandling = true
          await this.#handle(seq, subject, data)
          isHandling = false
        }
        seenMs = performance.now()
      }
    } finally {
      clearInterval(watchdog)
      messages.stop()
    }
  }

  async #handle(sequence: number, subject: string, data: Uint8Array): Promise<void> {
    if (sequence > this.#next) {
      throw new LogExpired(`the log begins with message ${sequence}, and ${this.#next} is needed`)
    }
    const { lead, room } = this.#connection.subjects
    const kind = subject === lead ? 'lead' : subject === room ? 'room' : 'entry'
    try {
      await this.#options.onMessage({ sequence, kind, data })
    } catch (error) {
      throw new HandlerFailed('', { cause: error })
    }
    this.#next = sequence + 1
  }
}

/** Distinguished from errors of the client, after which it is tried again. */
class HandlerFailed extends Error {}
