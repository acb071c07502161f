// Converts monotonic times to wall clock dates, using the wall clock as it is now: ages computed from the dates stay
// right after the wall clock has jumped. Between jumps the same time has the same date.

import type { Clock } from '@papertape/protocol'

/** Smaller differences are drift between the two clocks and are ignored. */
const JUMP_MIN_MS = 100

export class WallClock {
  readonly #clock: Clock
  #aheadMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#aheadMs = clock.wallMs() - clock.nowMs()
  }

  /** Milliseconds since 1970. */
  date<Time extends number | undefined>(monotonicMs: Time): Time {
    if (monotonicMs === undefined) return monotonicMs
    const aheadMs = this.#clock.wallMs() - this.#clock.nowMs()
    if (Math.abs(aheadMs - this.#aheadMs) >= JUMP_MIN_MS) this.#aheadMs = aheadMs
    return Math.round(monotonicMs + this.#aheadMs) as Time
  }
}
