// How long to wait before the next attempt: exponential backoff with full jitter between a floor and a growing ceiling,
// so that clients which lost their connection together do not return together. Pure. Called by both state machines.

interface BackoffBounds {
  readonly leastMs: number
  readonly mostMs: number
}

export const FEED_BACKOFF: BackoffBounds = { leastMs: 500, mostMs: 30_000 }
export const CHANNEL_BACKOFF: BackoffBounds = { leastMs: 1_000, mostMs: 30_000 }
/** The longest wait that is accepted from the server; longer ones are cut to it. */
export const SERVER_RETRY_MAX_MS = 300_000

/**
 * @param attempts failures so far, 0 before the first retry
 * @param chance from [0, 1)
 */
export function backoffMs(attempts: number, chance: number, bounds: BackoffBounds): number {
  const { leastMs } = bounds
  const ceilingMs = backoffCeilingMs(attempts, bounds)
  return Math.round(leastMs + chance * (ceilingMs - leastMs))
}

/** The longest wait after so many failures: doubled by each, up to the bound. */
export function backoffCeilingMs(attempts: number, { leastMs, mostMs }: BackoffBounds): number {
  return Math.min(mostMs, leastMs * 2 ** (attempts + 1))
}

/** A wait that the server asked for, limited to 0 to 5 minutes; NaN and Infinity count as 5 minutes. */
export function serverRetryMs(retryMs: number): number {
  return Number.isFinite(retryMs)
    ? Math.min(Math.max(0, Math.round(retryMs)), SERVER_RETRY_MAX_MS)
    : SERVER_RETRY_MAX_MS
}

/** Between two trials of a stream while the feed is polled. */
const STREAM_TRIAL = { firstMs: 15_000, mostMs: 300_000, spread: 0.2 }

/** @param trials failed so far */
export function streamTrialMs(trials: number, chance: number): number {
  const { firstMs, mostMs, spread } = STREAM_TRIAL
  return Math.round(Math.min(mostMs, firstMs * 2 ** trials) * (1 + spread * chance))
}
