// How fast the market's clock runs against the wall's, and the clock itself. Both clocks are read through what is handed
// in, so that tests own the time.

/** A multiple of real time; 0 is paused, Infinity as fast as it goes. */
export type PaceSetting = number

/** `1x`, `10x`, `0.5x`, `max`; undefined when it is none of these. */
export function parsePace(text: string): PaceSetting | undefined {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const match = /^([0-9]+(?:\.[0-9]+)?)x?$/.exec(text)
  if (match === null) return undefined
  const factor = Number(match[1])
  return factor > 0 && factor <= 100_000 ? factor : undefined
}

export function formatPace(pace: PaceSetting): string {
  return pace === Number.POSITIVE_INFINITY ? 'max' : `${pace}x`
}

export interface MarketClock {
  /** Where the market should be now, in market milliseconds; Infinity when it may run freely. */
  now(): number
  /** Wall milliseconds until the market reaches a time; Infinity while paused. */
  waitFor(time: number): number
  readonly pace: PaceSetting
  /** @param reached the market's own time, which counts when the clock was running freely. */
  change(pace: PaceSetting, reached: number): void
}

/** A clock that stands at `startTime` now. `wallMs` must not run backwards. */
export function createMarketClock(startTime: number, pace: PaceSetting, wallMs: () => number): MarketClock {
  let marketBase = startTime
  let wallBase = wallMs()
  let factor = pace

  function now(): number {
    if (factor === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
    return marketBase + (wallMs() - wallBase) * factor
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
      wallBase = wallMs()
      factor = next
    },
  }
}
