// The market's clock, which runs at a pace against real time. Real time is the monotone clock that is handed in:
// setting the wall clock changes nothing here.

import type { PaceSetting } from '../messages.ts'

/** The text that parsePace() parses to this pace; `0x` when paused. */
export function formatPace(pace: PaceSetting): string {
  return pace === Number.POSITIVE_INFINITY ? 'max' : `${pace}x`
}

export interface MarketClock {
  /** The market time up to which the market should have run; Infinity at pace max. */
  now(): number
  /** Milliseconds of real time until the market reaches a time; Infinity while paused. */
  waitFor(time: number): number
  readonly pace: PaceSetting
  /** @param reached the time that the market has reached: the clock goes on from there after pace max. */
  change(pace: PaceSetting, reached: number): void
  /** Goes on from a time, at the same pace. */
  set(time: number): void
}

/** @param startTime its time now. @param nowMs monotone. */
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
