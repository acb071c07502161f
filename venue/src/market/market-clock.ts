// How fast the market's clock runs against real time, and the clock itself. Real time is a monotone clock that is handed in:
// a wall clock that is set moves nothing here.

import type { PaceSetting } from '../messages.ts'

/** As parsePace reads it. */
export function formatPace(pace: PaceSetting): string {
  return pace === Number.POSITIVE_INFINITY ? 'max' : `${pace}x`
}

export interface MarketClock {
  /** Where the market should be now, in market milliseconds; Infinity when it may run freely. */
  now(): number
  /** Milliseconds of real time until the market reaches a time; Infinity while paused. */
  waitFor(time: number): number
  readonly pace: PaceSetting
  /** @param reached the market's own time, which counts when the clock was running freely. */
  change(pace: PaceSetting, reached: number): void
  /** Goes on from a time, at the same pace. */
  set(time: number): void
}

/** A clock that stands at `startTime` now. `nowMs` is monotone. */
export function createMarketClock(startTime: number, pace: PaceSetting, nowMs: () => number): MarketClock {
  let marketBase = startTime
  let baseMs = nowMs()
  let factor = pace

  function now(): number {
    if (factor === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
    return marketBase + (nowMs() - baseMs) * factor
  }

  return {
    now,
    waitFor(time) {
      if (factor === 0) return Number.POSITIVE_INFINITY
      if (factor === Number.POSITIVE_INFINITY) return 0
      return Math.max(0, (time - now()) / factor)
    },
    get pace() {
      return factor
    },
    change(next, reached) {
      marketBase = Number.isFinite(factor) ? now() : reached
      baseMs = nowMs()
      factor = next
    },
    set(time) {
      marketBase = time
      baseMs = nowMs()
    },
  }
}
