// Which bars are in view, between which prices, and where each stands in pixels. Pure: the painter asks, nothing is drawn.

import type { Bar } from '@papertape/protocol'

export interface View {
  /** Index of the first bar in view. */
  readonly first: number
  /** One past the last. */
  readonly end: number
  readonly fromMs: number
  readonly toMs: number
}

export const SLOT_PX = { least: 3, standard: 8, filling: 18, most: 28 } as const

/** Few bars are drawn wider, so that a young market does not huddle at the edge; who has zoomed gets what they chose. */
export function slotFor(barCount: number, widthPx: number, chosenPx: number): number {
  if (chosenPx !== SLOT_PX.standard || barCount === 0) return chosenPx
  return Math.max(chosenPx, Math.min(SLOT_PX.filling, Math.floor(widthPx / (barCount + 3))))
}

/**
 * The bars that fit, the newest at the right with a little room after it.
 * @param slotPx the width of one bar with its gap.
 * @param back how many bars the view has been moved into the past.
 */
export function viewOf(bars: readonly Bar[], widthPx: number, slotPx: number, intervalMs: number, back = 0): View {
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

/** Share of the height that is left to the volume bars at the bottom. */
export const VOLUME_SHARE = 0.2

/** The prices between which the bars in view are drawn, with room above and the volume's share below. */
export function priceRange(bars: readonly Bar[], view: View, tickSize: number): PriceRange {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = view.first; i < view.end; i++) {
    const bar = bars[i]!
    if (bar.low < low) low = bar.low
    if (bar.high > high) high = bar.high
  }
  if (low > high) return { low: 0, high: 1 }
  // A market that stands still is drawn in the middle, not as a full-height bar.
  const span = Math.max(high - low, tickSize * 8)
  const middle = (high + low) / 2
  const top = middle + span * 0.56
  const bottom = middle - span * 0.56
  return { low: bottom - (top - bottom) * (VOLUME_SHARE / (1 - VOLUME_SHARE)), high: top }
}

export function largestVolume(bars: readonly Bar[], view: View): number {
  let most = 0
  for (let i = view.first; i < view.end; i++) most = Math.max(most, bars[i]!.volume)
  return most
}

/** The width of a candle's body for a slot: whole, odd pixels, so that the wick stands in its middle. */
export function bodyWidth(slotPx: number): number {
  const width = Math.max(1, Math.floor(slotPx * 0.72))
  return width % 2 === 0 ? width - 1 : width
}

/** The bar whose middle is nearest to a time, among those in view; undefined when there are none. */
export function barAt(bars: readonly Bar[], view: View, timeMs: number, intervalMs: number): number | undefined {
  if (view.end <= view.first) return undefined
  let low = view.first
  let high = view.end - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (bars[middle]!.time + intervalMs <= timeMs) low = middle + 1
    else high = middle
  }
  const before = low - 1
  if (before >= view.first) {
    const toBefore = Math.abs(bars[before]!.time + intervalMs / 2 - timeMs)
    if (toBefore < Math.abs(bars[low]!.time + intervalMs / 2 - timeMs)) return before
  }
  return low
}
