// Estimates the server's clock from its greetings and heartbeats. Compared with the monotonic clock, so that a jump of
// the local wall clock changes nothing. The feed session and the order channel each have one.

import type { Clock } from '@papertape/protocol'

/** A heartbeat may be delayed by this much; a larger difference means that the server's clock was set back. */
const DELAY_MAX_MS = 5_000

export class ServerClock {
  readonly #clock: Clock
  #aheadMs: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param isGreeting first message of a connection: replaces the estimate */
  learn(serverTimeMs: number, isGreeting: boolean): void {
    const aheadMs = serverTimeMs - this.#clock.nowMs()
    const known = this.#aheadMs
    // Network delay only makes the server's clock look late, so the largest difference is the best estimate.
    const isDelayed = known !== undefined && aheadMs < known && known - aheadMs <= DELAY_MAX_MS
    if (isGreeting || !isDelayed) this.#aheadMs = aheadMs
  }

  /** Add it to the local wall clock to get the server's; undefined before the first greeting. */
  get offsetMs(): number | undefined {
    if (this.#aheadMs === undefined) return undefined
    return Math.round(this.#aheadMs + this.#clock.nowMs() - this.#clock.wallMs())
  }
}
