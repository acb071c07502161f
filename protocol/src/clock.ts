// The clock: monotone time, wall clock and one-shot timers. Passed in wherever time is read, so that tests and pages
// control it. Timers, rates, ages and paces use the monotone time; timestamps (`ts`, `serverTime`) use the wall clock,
// which may be set forward and back while the program runs.

export interface Clock {
  /** Monotone milliseconds with fractions, from an arbitrary start. */
  nowMs(): number
  /** The wall clock, milliseconds since 1970 with fractions. */
  wallMs(): number
  /**
   * Calls back once, in a later turn of the event loop.
   * @param delayMs 0 or less: after pending I/O.
   * @returns cancels the timer; has no effect afterwards.
   */
  setTimer(callback: () => void, delayMs: number): () => void
}

export interface TimeSource {
  /** Such as performance.now(). */
  readonly monotoneMs: () => number
  /** Whole milliseconds, such as Date.now(). */
  readonly dateMs: () => number
  readonly setTimer: Clock['setTimer']
}

/** The wall clock is read each time; the monotone time gives the fraction between its whole milliseconds. */
export function createClock({ monotoneMs, dateMs, setTimer }: TimeSource): Clock {
  let offsetMs = dateMs() - monotoneMs()
  return {
    nowMs: monotoneMs,
    wallMs() {
      const nowMs = monotoneMs()
      const date = dateMs()
      const fineMs = offsetMs + nowMs
      if (Math.floor(fineMs) === date) return fineMs
      // Drifted apart by a fraction, or set: the wall clock is right.
      offsetMs = date - nowMs
      return date
    },
    setTimer,
  }
}
