// The end of open connections when the process is to stop: which there are, and that they are notified one after the
// other, so that they do not come back all at once. Until its turn a connection goes on as before. Knows no transport;
// decides no place of newcomers, which are refused by the admission. Begun by main.ts, ended at the latest by app.ts.

import type { Admission } from '@papertape/feed'
import { CodedError } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'

/** An open connection: ends, and says to its client after how long it should come back. */
export interface Leaving {
  drain(retryMs: number): void
}

export interface DrainOptions {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** How long it takes at most to notify all; 0: they are notified at once. */
  readonly maxMs: number
  readonly admission: Admission
  /** A connection could not be notified; the others are. */
  readonly onError: (error: unknown) => void
}

/** Few connections are notified in less than the longest time; a thousand take twenty seconds. */
const PER_CONNECTION_MS = 20
const TICK_MS = 20
/** A client comes back after a random time in this range. What spreads them is that each is notified in its turn. */
const RETRY_MS = { least: 500, most: 3_000 }

export class Drain {
  readonly #options: DrainOptions
  readonly #open = new Set<Leaving>()
  /** Those of them that hold an answer back. */
  readonly #first = new Set<Leaving>()
  readonly #ended = Promise.withResolvers<void>()
  #isClosing = false
  #hasEnded = false
  #order: readonly Leaving[] = []
  #looked = 0
  #startMs = 0
  #windowMs = 0
  #cancelTick = () => {}

  constructor(options: DrainOptions) {
    this.#options = options
  }

  /** The process is to stop: it is not ready, and takes nobody. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Connections are being notified. */
  get isUnderWay(): boolean {
    return this.#isClosing && !this.#hasEnded
  }

  /**
   * To be removed when it has ended.
   * @param atOnce it holds an answer back and is notified first, before the others begin.
   */
  add(connection: Leaving, { atOnce = false } = {}): void {
    this.#open.add(connection)
    if (atOnce) this.#first.add(connection)
  }

  remove(connection: Leaving): void {
    this.#open.delete(connection)
    this.#first.delete(connection)
  }

  /** @throws {CodedError} closing: no further WebSocket is opened. */
  requireOpen(): void {
    if (!this.#isClosing) return
    throw new CodedError('closing', 'the service is shutting down; connect to another one', this.#refusalRetryMs())
  }

  /** A short random time after which a client should come back, whole milliseconds. */
  retryMs(): number {
    return Math.round(RETRY_MS.least + (RETRY_MS.most - RETRY_MS.least) * this.#options.random())
  }

  /** Notifies all, evenly over the window. @returns settles when all have been notified. */
  begin(): Promise<void> {
    if (!this.#isClosing) {
      const { clock, maxMs, random } = this.#options
      this.#close()
      const waiting = [...this.#open].filter(connection => !this.#first.has(connection))
      this.#order = shuffle(waiting, random)
      this.#windowMs = Math.min(maxMs, waiting.length * PER_CONNECTION_MS)
      this.#startMs = clock.nowMs()
      for (const connection of [...this.#first]) this.#notify(connection)
      this.#notifyDue()
    }
    return this.#ended.promise
  }

  /** Notifies all that are left now. */
  end(): void {
    if (this.#hasEnded) return
    this.#close()
    this.#cancelTick()
    this.#hasEnded = true
    for (const connection of [...this.#open]) this.#notify(connection)
    this.#ended.resolve()
  }

  #close(): void {
    this.#isClosing = true
    this.#options.admission.close(() => this.#refusalRetryMs())
  }

  /** A late tick notifies those that are due since the one before. */
  #notifyDue(): void {
    const { clock } = this.#options
    const passedMs = clock.nowMs() - this.#startMs
    if (passedMs >= this.#windowMs) {
      this.end()
      return
    }
    const due = Math.floor((this.#order.length * passedMs) / this.#windowMs)
    while (this.#looked < due) this.#notify(this.#order[this.#looked++]!)
    this.#cancelTick = clock.setTimer(() => this.#notifyDue(), TICK_MS)
  }

  #notify(connection: Leaving): void {
    // It may have ended by itself.
    if (!this.#open.delete(connection)) return
    try {
      connection.drain(this.retryMs())
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /**
   * A newcomer comes back after the length of the window in the mean: also those who are refused again and again ask at
   * most as often as connections are notified.
   */
  #refusalRetryMs(): number {
    return this.retryMs() + Math.round(this.#windowMs * (0.5 + this.#options.random()))
  }
}

/** By Fisher and Yates. Not by age: connections that came in one burst are not notified in one. */
function shuffle<T>(given: readonly T[], random: () => number): readonly T[] {
  const items = [...given]
  for (let left = items.length; left > 1; left--) {
    const picked = Math.min(left - 1, Math.floor(random() * left))
    const last = items[left - 1]!
    items[left - 1] = items[picked]!
    items[picked] = last
  }
  return items
}
