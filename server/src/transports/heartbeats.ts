// When the heartbeats of WebSockets are due: one timer for all that have the same interval, since a timer of its own is
// a twentieth of what an idle connection may have of memory. Knows nothing of what a heartbeat is.

import type { Clock } from '@papertape/protocol'

export interface Beating {
  beat(): void
}

export class Heartbeats {
  readonly #clock: Clock
  readonly #byInterval = new Map<number, SharedBeat>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The first is due after an interval. */
  start(connection: Beating, everyMs: number): void {
    let interval = this.#byInterval.get(everyMs)
    if (interval === undefined) {
      interval = new SharedBeat(this.#clock, everyMs)
      this.#byInterval.set(everyMs, interval)
    }
    interval.add(connection)
  }

  /** @param everyMs what it was started with. */
  stop(connection: Beating, everyMs: number): void {
    const interval = this.#byInterval.get(everyMs)
    interval?.remove(connection)
    if (interval?.isEmpty === true) this.#byInterval.delete(everyMs)
  }
}

/** Of all connections with one interval. */
class SharedBeat {
  readonly #clock: Clock
  readonly #everyMs: number
  /** In the order in which they are due. */
  readonly #dueMs = new Map<Beating, number>()
  #cancelTimer: (() => void) | undefined

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock
    this.#everyMs = everyMs
  }

  get isEmpty(): boolean {
    return this.#dueMs.size === 0
  }

  add(connection: Beating): void {
    this.#dueMs.delete(connection)
    this.#dueMs.set(connection, this.#clock.nowMs() + this.#everyMs)
    this.#arm()
  }

  remove(connection: Beating): void {
    this.#dueMs.delete(connection)
    if (!this.isEmpty) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #arm(): void {
    if (this.#cancelTimer !== undefined || this.isEmpty) return
    const [firstMs] = this.#dueMs.values()
    const waitMs = Math.max(1, firstMs! - this.#clock.nowMs())
    this.#cancelTimer = this.#clock.setTimer(() => {
      this.#cancelTimer = undefined
      this.#beatDue()
      this.#arm()
    }, waitMs)
  }

  #beatDue(): void {
    const nowMs = this.#clock.nowMs()
    for (const [connection, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) return
      this.#dueMs.delete(connection)
      this.#dueMs.set(connection, nowMs + this.#everyMs)
      connection.beat()
    }
  }
}
