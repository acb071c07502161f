// The two clocks of the server, handed in wherever time is read. Timers, rates, ages and paces use the monotone one; what is
// stamped (`ts`, `serverTime`) uses the wall clock, which may be set forward and back while the server runs.

export interface Clock {
  /** Monotone milliseconds with fractions, from an arbitrary beginning. */
  nowMs(): number
  /** The wall clock, milliseconds since 1970 with fractions. */
  wallMs(): number
}

/**
 * The wall clock is read anew each time; between its whole milliseconds the monotone clock gives the fraction.
 * @param monotoneMs such as performance.now().
 * @param dateMs whole milliseconds, such as Date.now().
 */
export function createClock(monotoneMs: () => number, dateMs: () => number): Clock {
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
  }
}

export const systemClock: Clock = createClock(
  () => performance.now(),
  () => Date.now(),
)
