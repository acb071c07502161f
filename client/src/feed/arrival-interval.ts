// How often events have been arriving, and from it after how long a silence is out of the ordinary. Pure; session-machine.ts calls
// it. A busy market that says nothing for three seconds is suspect, a quiet one is not: heartbeats speak for it.

/** Arrivals closer together than this are one: a burst says nothing about how often bursts come. */
const SAME_ARRIVAL_MS = 20
/** Fewer gaps than this are no arrivals yet. */
const GAPS_MIN = 5
/** No silence that is shorter is called one. */
export const SILENCE_MIN_MS = 3_000
/** Among arrivals that do not depend on each other, one gap in 22,000 is longer than ten times the mean. */
const MEANS = 10
const LONGEST = 3
const LEARNING = 0.1
const FORGETTING = 0.95

export interface ArrivalInterval {
  /** The last arrival; undefined before the first. */
  readonly lastMs: number | undefined
  readonly gaps: number
  /** Moving mean of the gaps. */
  readonly meanMs: number
  /** The longest gap of late; fades. */
  readonly longestMs: number
}

export const NO_ARRIVALS: ArrivalInterval = { lastMs: undefined, gaps: 0, meanMs: 0, longestMs: 0 }

/** An event has arrived. */
export function recordArrival(arrivals: ArrivalInterval, nowMs: number): ArrivalInterval {
  const { lastMs, gaps, meanMs, longestMs } = arrivals
  if (lastMs === undefined) return { ...arrivals, lastMs: nowMs }
  const gapMs = nowMs - lastMs
  if (gapMs < SAME_ARRIVAL_MS) return arrivals
  const weight = Math.max(LEARNING, 1 / (gaps + 1))
  return {
    lastMs: nowMs,
    gaps: gaps + 1,
    meanMs: meanMs + weight * (gapMs - meanMs),
    longestMs: Math.max(gapMs, longestMs * FORGETTING),
  }
}

/** From when on silence is out of the ordinary; undefined while events are rare or too few have been seen. */
export function unusualSilenceFromMs({ lastMs, gaps, meanMs, longestMs }: ArrivalInterval): number | undefined {
  if (lastMs === undefined || gaps < GAPS_MIN) return undefined
  return lastMs + Math.max(SILENCE_MIN_MS, MEANS * meanMs, LONGEST * longestMs)
}
