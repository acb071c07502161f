// Which prices the ladder shows. The rows stay while the market moves inside of them; they recentre when the touch
// leaves the middle part, but never under a pointer or the focus. Pure; kept by use-ladder-view.tsx.

import { ticksOf } from '@papertape/protocol'
import type { DepthState } from '../market/depth.ts'
import type { PriceGrid } from '../market/price-groups.ts'

export interface LadderView {
  /** What it is of: another instrument or grouping starts a new one. */
  readonly of: string
  /** The group in the middle; undefined until a price is known. */
  readonly centre: number | undefined
  /** A person has scrolled: recentres by itself no more, until the touch is in the middle part again. */
  readonly isScrolled: boolean
}

export const NO_VIEW: LadderView = { of: '', centre: undefined, isScrolled: false }

/** The best prices in groups: their middle, and how far they are apart. */
export interface Touch {
  readonly middle: number
  readonly spread: number
}

export interface ViewConditions {
  readonly of: string
  /** Undefined without a price. */
  readonly touch: Touch | undefined
  readonly count: number
  /** A pointer is over the ladder, or it has the focus. */
  readonly isHeld: boolean
}

/**
 * @param otherwise the price without a book, or when its best prices are too far apart for the rows, as in a halt.
 * @param count of the rows.
 */
export function touchOf(
  { bids, asks }: Pick<DepthState, 'bids' | 'asks'>,
  otherwise: number | null,
  { tickSize, groupTicks }: PriceGrid,
  count: number,
): Touch | undefined {
  const groups = (price: number) => ticksOf(price, tickSize) / groupTicks
  const bid = bids[0]?.price ?? asks[0]?.price ?? otherwise
  const ask = asks[0]?.price ?? bid
  if (bid === null || ask === null) return undefined
  const spread = Math.abs(groups(ask - bid))
  if (spread < count || otherwise === null) return { middle: Math.round(groups(bid + ask) / 2), spread }
  return { middle: Math.round(groups(otherwise)), spread: 0 }
}

/** The view after the market has moved; the same object if nothing changes. */
export function follow(view: LadderView, { of, touch, count, isHeld }: ViewConditions): LadderView {
  if (view.of !== of) return { of, centre: touch?.middle, isScrolled: false }
  if (touch === undefined) return view
  if (view.centre === undefined) return { ...view, centre: touch.middle }
  if (isCentred(view, touch, count)) return view.isScrolled ? { ...view, isScrolled: false } : view
  return view.isScrolled || isHeld ? view : { ...view, centre: touch.middle }
}

/** On each side of the best prices is at least half of the rows that it has when they are in the middle. */
export function isCentred({ centre }: LadderView, touch: Touch | undefined, count: number): boolean {
  if (touch === undefined || centre === undefined) return true
  const beside = (count - touch.spread - 1) / 2
  return Math.abs(touch.middle - centre) <= Math.max(0.5, beside / 2)
}

/** @param rows upwards, to higher prices. */
export function scroll(view: LadderView, rows: number, count: number): LadderView {
  if (view.centre === undefined || rows === 0) return view
  const centre = topOf(view, count) + rows - half(count)
  return { ...view, centre: Math.max(count - half(count), centre), isScrolled: true }
}

export function recentre(view: LadderView, touch: Touch | undefined): LadderView {
  return { ...view, centre: touch?.middle ?? view.centre, isScrolled: false }
}

/** The group of the first row. The last one is above zero. */
export function topOf({ centre = 0 }: LadderView, count: number): number {
  return Math.max(count, centre + half(count))
}

/** Scrolls no further than to have this group in view. */
export function reveal(view: LadderView, group: number, count: number): LadderView {
  const top = topOf(view, count)
  return scroll(view, Math.max(0, group - top) || Math.min(0, group - (top - count + 1)), count)
}

function half(count: number): number {
  return count >> 1
}
