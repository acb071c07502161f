// The shape of a trading day: how busy and how volatile the market is at each time of it, where 1 is usual. Busy at the
// open, quiet at midday, busiest at the close. A market that runs round the clock has one such day after another.
// Pure; for the agents that set a symbol's pace.

export const DAY_MS = 23_400_000
/** Seconds of trading in a day of 6.5 hours: daily figures are scaled by its root. */
export const DAY_S = DAY_MS / 1000

/** At the ends of the thirteen half hours, straight lines between: trading is busiest at the close, prices move most early. */
const ACTIVITY = [1.75, 1.4, 1.2, 1.03, 0.9, 0.8, 0.74, 0.71, 0.71, 0.75, 0.84, 1.0, 1.6, 5.8]
const VOLATILITY = [1.9, 1.75, 1.58, 1.4, 1.2, 1.0, 0.86, 0.76, 0.7, 0.67, 0.67, 0.67, 0.74, 0.95]

export interface SessionClock {
  activityAt(time: number): number
  volatilityAt(time: number): number
}

/** @param openTime market time of an open; days follow each other from there. */
export function createSessionClock(openTime: number): SessionClock {
  return {
    activityAt: time => shapeAt(ACTIVITY, time - openTime),
    volatilityAt: time => shapeAt(VOLATILITY, time - openTime),
  }
}

function shapeAt(shape: readonly number[], sinceOpenMs: number): number {
  const at = ((sinceOpenMs % DAY_MS) / DAY_MS) * (shape.length - 1)
  const before = Math.floor(at)
  const from = shape[before]!
  return from + (shape[before + 1]! - from) * (at - before)
}
