// Which bars are visible, their price range, and their widths in pixels. Pure.

import type { Bar } from '@papertape/protocol'

export interface BarRange {
  /** Index of the first bar. */
  readonly first: number
  /** One past the last. */
  readonly end: number
}

export const SLOT_PX = { min: 1, default: 8, fill: 18, max: 40 } as const

/** The width of a bar with its gap until somebody zooms. Few bars are drawn wider, so that they fill the chart. */
export function slotFor(barCount: number, widthPx: number): number {
  if (barCount === 0) return SLOT_PX.default
  return Math.max(SLOT_PX.default, Math.min(SLOT_PX.fill, Math.floor(widthPx / (barCount + 3))))
}

/** The bars between two places: bar number `n` takes the place from `n` to `n + 1`. */
export function barsBetween(bars: readonly Bar[], from: number, to: number): BarRange {
  const first = Math.min(bars.length, Math.max(0, Math.floor(from)))
  return { first, end: Math.max(first, Math.min(bars.length, Math.ceil(to))) }
}

export interface PriceRange {
  readonly low: number
  readonly high: number
}

/** Share of the height for the volume bars at the bottom. */
export const VOLUME_SHARE = 0.2
/** Room above the highest price and beneath the lowest one, as a share of the range. */
const MARGIN = 0.08
/** A scale is kept until the prices need less than this share of it. */
const KEPT_SHARE = 0.6

/**
 * The price range of the visible bars, with room around it.
 * @param before the range so far: kept while it fits, so that the scale does not move at every tick.
 */
export function priceRange(
  bars: readonly Bar[],
  range: BarRange,
  tickSize: number,
  before: PriceRange | undefined,
): PriceRange {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = range.first; i < range.end; i++) {
    const bar = bars[i]!
    if (bar.low < low) low = bar.low
    if (bar.high > high) high = bar.high
  }
  if (low > high) return before ?? { low: 0, high: 1 }
  // Equal prices are drawn in the middle, not over the full height.
  const span = Math.max(high - low, tickSize * 8)
  const middle = (high + low) / 2
  const needed = { low: middle - span / 2, high: middle + span / 2 }
  const fits = before !== undefined && needed.low >= before.low && needed.high <= before.high
  if (fits && span >= (before.high - before.low) * KEPT_SHARE) return before
  return { low: needed.low - span * MARGIN, high: needed.high + span * MARGIN }
}

/** The same with the volume's share beneath. */
export function withVolumeShare({ low, high }: PriceRange): PriceRange {
  return { low: low - (high - low) * (VOLUME_SHARE / (1 - VOLUME_SHARE)), high }
}

export function largestVolume(bars: readonly Bar[], range: BarRange): number {
  let most = 0
  for (let i = range.first; i < range.end; i++) most = Math.max(most, bars[i]!.volume)
  return most
}

/** The width of a candle's body: an odd number of pixels, so that the wick is in the middle. */
export function bodyWidth(slotPx: number): number {
  const width = Math.max(1, Math.floor(slotPx * 0.72))
  return width % 2 === 0 ? width - 1 : width
}
