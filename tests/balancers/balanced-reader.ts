// A reader of every event through a balancer, over one transport and version of HTTP, each visit on a new connection:
// when one ends it goes on at once from its last event, at whichever gateway it is given. What it receives is judged by
// its RawReader; this one counts how it went.

import { setTimeout as pause } from 'node:timers/promises'
import { FEED_TRANSPORTS } from '../transport-changes/feed-transports.ts'
import type { RawReader } from '../transport-changes/raw-reader.ts'
import type { BalancedTransport } from './balanced-transports.ts'
import { openWire } from './wire.ts'

const RETRY_MS = 25
/** Then it goes on over another connection. */
const VISIT_MAX_MS = 20_000

export class BalancedReader {
  readonly name: string
  readonly transport: BalancedTransport
  /** Connections that the other side ended. */
  losses = 0
  visits = 0
  readonly #reader: RawReader
  readonly #port: number
  #isStopped = false
  #isLeaving = false
  #seenMs = performance.now()
  #longestMs = 0

  constructor(name: string, reader: RawReader, port: number, transport: BalancedTransport) {
    this.name = name
    this.transport = transport
    this.#reader = reader
    this.#port = port
  }

  get events(): number {
    return this.#reader.events
  }

  /** Reads until `stop`. @throws when it was sent something else than the log has */
  async run(): Promise<void> {
    while (!this.#isStopped) await this.#visit()
    await this.#reader.settle()
  }

  stop(): void {
    this.#isStopped = true
  }

  /** It leaves the connection with the next event, and goes on over another one. */
  change(): void {
    this.#isLeaving = true
  }

  /** The longest time without an event since the last call, milliseconds. */
  takeLongest(): number {
    const longest = Math.max(this.#longestMs, performance.now() - this.#seenMs)
    this.#longestMs = 0
    return Math.round(longest)
  }

  async #visit(): Promise<void> {
    const { kind, version } = this.transport
    const wire = openWire(version, this.#port)
    this.#reader.connect(`${kind} over ${version}`)
    this.#isLeaving = false
    this.visits++
    try {
      const { how } = await FEED_TRANSPORTS[kind]({
        url: `http://localhost:${this.#port}`,
        connect: wire.connect,
        parameters: this.#reader.parameters,
        last: this.#reader.last,
        maxMs: VISIT_MAX_MS,
        isEnding: () => false,
        take: frame => {
          const before = this.#reader.events
          this.#reader.take(frame)
          if (this.#reader.events > before) this.#see()
          return this.#isStopped || (this.#isLeaving && this.#reader.position !== undefined)
        },
      })
      if (how !== 'lost') return
      this.losses++
      await pause(RETRY_MS)
    } finally {
      wire.close()
    }
  }

  #see(): void {
    const nowMs = performance.now()
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#seenMs)
    this.#seenMs = nowMs
  }
}
