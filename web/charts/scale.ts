// Which bars are visible, their price range, and their widths in pixels. Pure.

import type { Bar } from '@papertape/protocol'

export interface BarRange {
  /** Index of the first bar. */
  readonly first: number
  /** One past the last. */
  readonly end: number
  readonly fromMs: number
  readonly toMs: number
}

export const SLOT_PX = { min: 3, default: 8, fill: 18, max: 28 } as const

/** Few bars are drawn wider, so that they fill the chart. A width chosen by zooming stays. */
export function slotFor(barCount: number, widthPx: number, chosenPx: number): number {
  if (chosenPx !== SLOT_PX.default || barCount === 0) return chosenPx
  return Math.max(chosenPx, Math.min(SLOT_PX.fill, Math.floor(widthPx / (barCount + 3))))
}

/**
 * The bars that fit, the newest at the right with some room after it.
 * @param slotPx the width of one bar with its gap.
 * @param back by how many bars the range is moved into the past.
 */
export function visibleBars(
  bars: readonly Bar[],
  widthPx: number,
  slotPx: number,
  intervalMs: number,
  back = 0,
): BarRange {
  const fits = Math.max(1, Math.floor(widthPx / slotPx) - 1)
  const lastAt = Math.max(0, bars.length - 1 - back)
  const toMs = (bars[lastAt]?.time ?? 0) + intervalMs * 2
  const fromMs = toMs - (fits + 1) * intervalMs
  let first = lastAt
  while (first > 0 && bars[first - 1]!.time >= fromMs) first--
  return { first, end: bars.length === 0 ? 0 : lastAt + 1, fromMs, toMs }
}

export interface PriceRange {
  readonly low: number
  readonly high: number
}

/** Share of the height for the volume bars at the bottom. */
export const VOLUME_SHARE = 0.2

/** The price range of the visible bars, with room above and the volume's share below. */
export function priceRange(bars: readonly Bar[], range: BarRange, tickSize: number): PriceRange {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = range.first; i < range.end; i++) {
    const bar = bars[i]!
    if (bar.low < low) low = bar.low
    if (bar.high > high) high = bar.high
  }
  if (low > high) return { low: 0, high: 1 }
  // Equal prices are drawn in the middle, not over the full height.
  const span = Math.max(high - low, tickSize * 8)
  const middle = (high + low) / 2
  const top = middle + span * 0.56
  const bottom = middle - span * 0.56
  return { low: bottom - (top - bottom) * (VOLUME_SHARE / (1 - VOLUME_SHARE)), high: top }
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

/** The visible bar whose middle is nearest to a time; undefined if there is none. */
export function barAt(bars: readonly Bar[], range: BarRange, timeMs: number, intervalMs: number): number | undefined {
  if (range.end <= range.first) return undefined
  let low = range.first
  let high = range.end - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (bars[middle]!.time + intervalMs <= timeMs) low = middle + 1
    else high = middle
  }
  const before = low - 1
  if (before >= range.first) {
    const toBefore = Math.abs(bars[before]!.time + intervalMs / 2 - timeMs)
    if (toBefore < Math.abs(bars[low]!.time + intervalMs / 2 - timeMs)) return before
  }
  return low
}
