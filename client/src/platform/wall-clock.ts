// Dates times of the clock that only goes forward by the wall clock as it is now, so that an age against the wall clock is
// right even after it has jumped. A time keeps its date until then: a page may tell one loss from another by it.

import type { Environment } from './environment.ts'

/** The two clocks drift apart by less than this between two jumps; what is less is not followed. */
const JUMP_MIN_MS = 100

export class WallClock {
  readonly #environment: Environment
  #aheadMs: number

  constructor(environment: Environment) {
    this.#environment = environment
    this.#aheadMs = environment.now() - environment.precise()
  }

  /** Milliseconds since 1970. */
  date<Time extends number | undefined>(preciseMs: Time): Time {
    if (preciseMs === undefined) return preciseMs
    const aheadMs = this.#environment.now() - this.#environment.precise()
    if (Math.abs(aheadMs - this.#aheadMs) >= JUMP_MIN_MS) this.#aheadMs = aheadMs
    return Math.round(preciseMs + this.#aheadMs) as Time
  }
}
