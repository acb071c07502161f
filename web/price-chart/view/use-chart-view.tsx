// The view of the chart as state, and what moves it. Another symbol or interval starts with the newest bars. The
// width of the plot comes from the box of the canvas.

'use client'

import { type RefObject, useEffect, useState } from 'react'
import { PRICE_AXIS_PX } from '../../charts/candles.ts'
import {
  type ChartPlot,
  type ChartView,
  followNow,
  moveView,
  type SlotRange,
  START_VIEW,
  showBar,
  visibleSlots,
  zoomView,
} from './chart-view.ts'

export interface ShownView {
  readonly range: SlotRange
  readonly plotPx: number
  readonly isFollowing: boolean
  /** Whether the width is known. */
  readonly isReady: boolean
  /** How many bars a page of keys or buttons moves by. */
  readonly pageBars: number
  /** Into the past if it is negative. */
  moveBy(bars: number): void
  zoom(factor: number, atPx: number): void
  show(bar: number): void
  backToNow(): void
}

/** @param shown what the view is of: another one starts anew. */
export function useChartView(
  box: RefObject<HTMLElement | null>,
  shown: string,
  bars: Omit<ChartPlot, 'widthPx'>,
): ShownView {
  const [stored, setStored] = useState({ shown, view: START_VIEW })
  const plotPx = useWidth(box) - PRICE_AXIS_PX
  const plot = { ...bars, widthPx: Math.max(1, plotPx) }
  const view = stored.shown === shown ? stored.view : START_VIEW
  const range = visibleSlots(view, plot)
  const change = (step: (view: ChartView) => ChartView) =>
    setStored(before => ({ shown, view: step(before.shown === shown ? before.view : START_VIEW) }))
  return {
    range,
    plotPx,
    isFollowing: view.rightMs === undefined,
    isReady: plotPx > 1,
    pageBars: Math.max(1, Math.floor(range.to - range.from) - 2),
    moveBy: count => change(now => moveView(now, plot, count)),
    zoom: (factor, atPx) => change(now => zoomView(now, plot, factor, Math.min(atPx, plot.widthPx))),
    show: bar => change(now => showBar(now, plot, bar)),
    backToNow: () => change(followNow),
  }
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current!
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return width
}
