// Counts how long the market has run, for the 24 hours that an ended order is remembered. The wall clock may be set,
// and after a restart nothing says how long the server was down; both could expire an id too early. So only the steps
// from one stamp to the next count, none backwards and none longer than a minute.

/** A running market makes a command at least each second; a longer step is a pause, or a clock that was set. */
const STEP_MAX_US = 60_000_000

export class RetentionClock {
  #nowUs: number
  #lastTs: number | undefined

  /** @param nowUs the value that was saved. */
  constructor(nowUs = 0) {
    this.#nowUs = nowUs
  }

  /** Microseconds that the market has run. */
  get nowUs(): number {
    return this.#nowUs
  }

  /** @param ts the wall clock, integer microseconds since 1970. */
  advance(ts: number): void {
    if (this.#lastTs !== undefined) this.#nowUs += Math.min(Math.max(ts - this.#lastTs, 0), STEP_MAX_US)
    this.#lastTs = ts
  }
}
