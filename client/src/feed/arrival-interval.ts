// How often events arrive, and from that, how long a silence is usual. Pure; session-machine.ts calls it. Three seconds
// of silence are unusual in a busy market and usual in a quiet one, where only heartbeats arrive.

/** Events closer together than this count as one arrival: a burst says nothing about the time between bursts. */
const SAME_ARRIVAL_MS = 20
/** With fewer intervals nothing is known yet. */
const INTERVALS_MIN = 5
/** A shorter silence is never unusual. */
const SILENCE_MIN_MS = 3_000
/** Among independent arrivals one interval in 22,000 is longer than ten times the mean. */
const MEAN_FACTOR = 10
const LONGEST_FACTOR = 3
const MEAN_WEIGHT_MIN = 0.1
const LONGEST_DECAY = 0.95

export interface ArrivalInterval {
  /** The last arrival; undefined before the first. */
  readonly lastMs: number | undefined
  readonly count: number
  /** Moving mean. */
  readonly meanMs: number
  /** The longest recent one; decays. */
  readonly longestMs: number
}

export const NO_ARRIVALS: ArrivalInterval = { lastMs: undefined, count: 0, meanMs: 0, longestMs: 0 }

export function recordArrival(arrivals: ArrivalInterval, nowMs: number): ArrivalInterval {
  const { lastMs, count, meanMs, longestMs } = arrivals
  if (lastMs === undefined) return { ...arrivals, lastMs: nowMs }
  const intervalMs = nowMs - lastMs
  if (intervalMs < SAME_ARRIVAL_MS) return arrivals
  const weight = Math.max(MEAN_WEIGHT_MIN, 1 / (count + 1))
  return {
    lastMs: nowMs,
    count: count + 1,
    meanMs: meanMs + weight * (intervalMs - meanMs),
    longestMs: Math.max(intervalMs, longestMs * LONGEST_DECAY),
  }
}

/** When silence becomes unusual; undefined while events are rare or too few have arrived. */
export function unusualSilenceFromMs({ lastMs, count, meanMs, longestMs }: ArrivalInterval): number | undefined {
  if (lastMs === undefined || count < INTERVALS_MIN) return undefined
  return lastMs + Math.max(SILENCE_MIN_MS, MEAN_FACTOR * meanMs, LONGEST_FACTOR * longestMs)
}
