// Units of time in milliseconds. A calendar day; a trading session is SESSION_MS of market/intraday-profile.ts.

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Whole microseconds of milliseconds with a fraction. Exact for times since 1970 until 2109. */
export function microseconds(ms: number): number {
  return Math.round(ms * 1000)
}
