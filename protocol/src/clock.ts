// The time as a program is given it: a monotone clock, the wall clock and one-shot timers. Handed in wherever time is read, so
// that tests and pages decide what time it is. Timers, rates, ages and paces use the monotone clock; timestamps (`ts`,
// `serverTime`) use the wall clock, which may be set forward and back while the program runs.

export interface Clock {
  /** Monotone milliseconds with fractions, from an arbitrary start. */
  nowMs(): number
  /** The wall clock, milliseconds since 1970 with fractions. */
  wallMs(): number
  /**
   * Calls back once, in a later turn of the event loop.
   * @param delayMs 0 or less: as soon as I/O has had its turn.
   * @returns cancels the timer; harmless afterwards.
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

/** The wall clock is read anew each time; between its whole milliseconds the monotone clock gives the fraction. */
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
