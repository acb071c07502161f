// Ends streams of Server-Sent Events that are old, each at an age of its own below the maximum, so that in time they
// spread over the servers that there are. One timer serves all of them: it looks at most once a second. Knows no
// transport.

import type { Clock } from '@papertape/protocol'

/** An open stream: ends for its age, and says to its client after how long it should come back. */
export interface Rotating {
  rotate(retryMs: number): void
}

export interface RotationOptions {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** 0: no stream is ended. */
  readonly ageMaxMs: number
  /** False while newcomers are refused: none is ended, since it could not come back. */
  readonly takesNewcomers: () => boolean
}

/** A stream ends at this part of the maximum age or later. */
const EARLIEST = 0.8
const CHECK_MS = 1_000
/** The number of no check. */
const NEVER = -1
/** Of a short age, so that no stream gets older: the check comes before. */
const CHECKS_PER_AGE = 20
/** The ages of streams spread their ends: who is notified may come back soon. */
const RETRY_MS = { least: 100, most: 1_000 }

export class Rotation {
  readonly #options: RotationOptions
  readonly #checkMs: number
  /** By the number of the check at which they end. */
  readonly #due = new Map<number, Set<Rotating>>()
  #checked = 0
  #isScheduled = false

  constructor(options: RotationOptions) {
    this.#options = options
    this.#checkMs = Math.min(CHECK_MS, options.ageMaxMs / CHECKS_PER_AGE)
  }

  /** @returns when it ends, for remove(). */
  add(stream: Rotating): number {
    const { clock, random, ageMaxMs } = this.#options
    if (ageMaxMs === 0) return NEVER
    const nowMs = clock.nowMs()
    const leastMs = EARLIEST * ageMaxMs + this.#checkMs
    const mostMs = ageMaxMs - this.#checkMs
    const check = this.#checkAt(nowMs + leastMs + (mostMs - leastMs) * random())
    const streams = this.#due.get(check) ?? new Set()
    this.#due.set(check, streams.add(stream))
    if (!this.#isScheduled) {
      this.#checked = this.#checkAt(nowMs)
      this.#schedule()
    }
    return check
  }

  /** The stream has ended. @param check what add() has returned. */
  remove(stream: Rotating, check: number): void {
    const streams = this.#due.get(check)
    streams?.delete(stream)
    if (streams?.size === 0) this.#due.delete(check)
  }

  #checkAt(ms: number): number {
    return Math.floor(ms / this.#checkMs)
  }

  #schedule(): void {
    this.#isScheduled = true
    this.#options.clock.setTimer(() => {
      this.#isScheduled = false
      this.#endDue()
      if (this.#due.size > 0) this.#schedule()
    }, this.#checkMs)
  }

  #endDue(): void {
    const { clock, random, takesNewcomers } = this.#options
    if (!takesNewcomers()) return
    const now = this.#checkAt(clock.nowMs())
    const { least, most } = RETRY_MS
    while (this.#checked < now) {
      const streams = this.#due.get(++this.#checked)
      if (streams === undefined) continue
      this.#due.delete(this.#checked)
      for (const stream of [...streams]) stream.rotate(Math.round(least + (most - least) * random()))
    }
  }
}
