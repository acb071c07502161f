// The server's clock as far as its greetings and heartbeats show it. Kept against the clock that only goes forward, so
// that a jump of our own wall clock changes nothing. The feed session and the order channel each have one.

import type { Environment } from './environment.ts'

/** A heartbeat may be late by this and still say nothing about the server's clock; one later means that it was set back. */
const LATE_MOST_MS = 5_000

export class ServerClock {
  readonly #environment: Environment
  #aheadMs: number | undefined

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** @param greeting a new connection: what was known before is not compared. */
  learn(serverTimeMs: number, greeting: boolean): void {
    const aheadMs = serverTimeMs - this.#environment.precise()
    const known = this.#aheadMs
    // The way here can only make the server's clock look late, so the largest difference is the truest.
    const isLate = known !== undefined && aheadMs < known && known - aheadMs <= LATE_MOST_MS
    if (greeting || !isLate) this.#aheadMs = aheadMs
  }

  /** Add it to our wall clock to get the server's; undefined before the first greeting. */
  get offsetMs(): number | undefined {
    if (this.#aheadMs === undefined) return undefined
    return Math.round(this.#aheadMs + this.#environment.precise() - this.#environment.now())
  }
}
