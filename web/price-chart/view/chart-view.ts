// Which part of the bars the chart shows, and what dragging, zooming and keys make of it. Pure. The right edge is a
// time, not an index: neither new bars nor earlier ones move a view that is scrolled back. Used by CandleChart.tsx.

import type { Bar } from '@papertape/protocol'
import { SLOT_PX, slotFor } from '../../charts/scale.ts'

export interface ChartView {
  /** The width of a bar with its gap; undefined until somebody zooms: few bars are then drawn wider. */
  readonly slotPx: number | undefined
  /** The time at the right edge; undefined: the view follows the newest bar. */
  readonly rightMs: number | undefined
}

/** What there is to see, and the width to see it in. */
export interface ChartPlot {
  /** Oldest first. Bar number `n` takes the place from `n` to `n + 1`: a closed market takes none. */
  readonly bars: readonly Bar[]
  readonly intervalMs: number
  readonly widthPx: number
}

export interface SlotRange {
  readonly from: number
  readonly to: number
  readonly slotPx: number
}

export const START_VIEW: ChartView = { slotPx: undefined, rightMs: undefined }

/** Empty places after the newest bar. */
const ROOM = 2

export function visibleSlots(view: ChartView, plot: ChartPlot): SlotRange {
  const slotPx = view.slotPx ?? slotFor(plot.bars.length, plot.widthPx)
  const to = view.rightMs === undefined ? plot.bars.length + ROOM : slotOfTime(plot, view.rightMs)
  return { from: to - plot.widthPx / slotPx, to, slotPx }
}

/** Moves by a number of bars, into the past if it is negative. */
export function moveView(view: ChartView, plot: ChartPlot, bars: number): ChartView {
  const { to, slotPx } = visibleSlots(view, plot)
  return withRightEdge({ ...view, slotPx: view.slotPx ?? slotPx }, plot, to + bars)
}

/** The bar at `atPx` from the left stays where it is. */
export function zoomView(view: ChartView, plot: ChartPlot, factor: number, atPx: number): ChartView {
  const { to, slotPx } = visibleSlots(view, plot)
  const zoomed = Math.min(SLOT_PX.max, Math.max(SLOT_PX.min, slotPx * factor))
  const fromRightPx = plot.widthPx - atPx
  return withRightEdge({ ...view, slotPx: zoomed }, plot, to - fromRightPx / slotPx + fromRightPx / zoomed)
}

/** Moves as little as it takes to show a bar. */
export function showBar(view: ChartView, plot: ChartPlot, index: number): ChartView {
  const { from, to } = visibleSlots(view, plot)
  if (index < from) return moveView(view, plot, index - from)
  return index + 1 > to ? moveView(view, plot, index + 1 - to) : view
}

export function followNow(view: ChartView): ChartView {
  return { ...view, rightMs: undefined }
}

/** The newest bar is never left of the edge that it follows, the oldest at most in the middle. */
function withRightEdge(view: ChartView, plot: ChartPlot, to: number): ChartView {
  const most = plot.bars.length + ROOM
  const least = Math.min(most, plot.widthPx / (view.slotPx ?? SLOT_PX.default) / 2)
  const edge = Math.max(least, to)
  return edge >= most || plot.bars.length === 0 ? followNow(view) : { ...view, rightMs: timeOfSlot(plot, edge) }
}

/** Whether so few bars are left at the left that the page before them should be requested. */
export function isNearOldest({ from, to }: SlotRange): boolean {
  return from < (to - from) / 2
}

/** The number of the last bar that opens at or before a time; -1 if there is none. */
export function barIndexAt(bars: readonly Bar[], timeMs: number): number {
  let low = 0
  let high = bars.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (bars[middle]!.time <= timeMs) low = middle + 1
    else high = middle
  }
  return low - 1
}

function slotOfTime({ bars, intervalMs }: ChartPlot, timeMs: number): number {
  const at = Math.max(0, barIndexAt(bars, timeMs))
  const past = (timeMs - (bars[at]?.time ?? timeMs)) / intervalMs
  // A time at which the market was closed is the end of the bar before.
  return at + (at < bars.length - 1 ? Math.min(1, past) : past)
}

function timeOfSlot({ bars, intervalMs }: ChartPlot, slot: number): number {
  const at = Math.min(bars.length - 1, Math.max(0, Math.floor(slot)))
  return bars[at]!.time + (slot - at) * intervalMs
}
