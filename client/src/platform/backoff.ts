// How long to wait before the next attempt: exponential, with full jitter between a floor and a growing ceiling, so that
// a thousand readers cut off together do not come back together. Pure: the chance is handed in. Both state machines call it.

export interface BackoffBounds {
  /** No wait is shorter. */
  readonly leastMs: number
  /** No wait is longer. */
  readonly mostMs: number
}

export const FEED_BACKOFF: BackoffBounds = { leastMs: 500, mostMs: 30_000 }
export const CHANNEL_BACKOFF: BackoffBounds = { leastMs: 1_000, mostMs: 30_000 }
/** A server may name a longer wait than our own ceiling, but not one that nobody would sit through. */
export const TOLD_MOST_MS = 300_000

/**
 * @param attempts failures so far, 0 before the first retry
 * @param chance from [0, 1)
 */
export function backoffMs(attempts: number, chance: number, { leastMs, mostMs }: BackoffBounds): number {
  const ceilingMs = Math.min(mostMs, leastMs * 2 ** (attempts + 1))
  return Math.round(leastMs + chance * (ceilingMs - leastMs))
}

/** A wait that the server named, kept within reason: never negative, never NaN, never past five minutes. */
export function toldMs(retryMs: number): number {
  return Number.isFinite(retryMs) ? Math.min(Math.max(0, Math.round(retryMs)), TOLD_MOST_MS) : TOLD_MOST_MS
}

/** While the feed is polled because streams did not pass: how long until a stream is tried again. */
const STREAM_TRY = { firstMs: 15_000, mostMs: 300_000, spread: 0.2 }

/** @param tries streams that were tried in vain so far */
export function streamTryMs(tries: number, chance: number): number {
  const { firstMs, mostMs, spread } = STREAM_TRY
  return Math.round(Math.min(mostMs, firstMs * 2 ** tries) * (1 + spread * chance))
}
