// Draws the chart: the candles on the canvas, and in the same frame the places of what lies over it and the text
// alternative. For new data ten times a second at most; for what a hand moves in each frame.

'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { type CandleChart, createCandleChart } from '../charts/candles.ts'
import { barTimeText, describeCandles } from '../charts/describe.ts'
import { barsBetween } from '../charts/scale.ts'
import type { ChartTheme } from '../charts/theme.ts'
import { useCanvasChart } from '../charts/use-canvas-chart.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatPrice } from '../format/format.ts'
import { onGrid } from '../orders/checked-number.ts'
import type { OrderMove } from './order-levels/order-levels.ts'
import { ownSentences } from './own-sentences.ts'
import { placeLevels, placeTag } from './placing.ts'
import type { ChartData } from './use-chart-data.tsx'
import type { SlotRange } from './view/chart-view.ts'
import type { ChartCursor } from './view/use-cursor.tsx'

export interface ChartElements {
  readonly canvas: RefObject<HTMLCanvasElement | null>
  readonly orders: RefObject<HTMLUListElement | null>
  readonly alerts: RefObject<HTMLUListElement | null>
  readonly priceTag: RefObject<HTMLDivElement | null>
  readonly timeTag: RefObject<HTMLDivElement | null>
}

export function useChartElements(): ChartElements {
  return {
    canvas: useRef(null),
    orders: useRef(null),
    alerts: useRef(null),
    priceTag: useRef(null),
    timeTag: useRef(null),
  }
}

async function load(canvas: HTMLCanvasElement, theme: ChartTheme) {
  return createCandleChart(canvas, theme)
}

/** @returns the chart, for prices at pixels; undefined before it is loaded. */
export function usePainting(
  elements: ChartElements,
  data: ChartData,
  range: SlotRange,
  cursor: ChartCursor,
  move: OrderMove,
): RefObject<CandleChart | undefined> {
  const { frames } = useDashboard()
  const { symbol, bars, marks, levels, alerts, options, position } = data
  const { chart, redraw, redrawNow } = useCanvasChart(elements.canvas, frames, load, painter => {
    const { pointer, bar } = cursor
    const price =
      pointer === undefined ? cursor.price : onGrid(painter.priceAt(pointer.y), data.tickSize, data.decimals)
    const crosshair = bar === undefined ? undefined : { bar, price }
    painter.draw({ ...dataInput(data), from: range.from, to: range.to, crosshair, holdsScale: move.phase === 'held' })
    placeLevels(elements.orders.current, painter)
    placeLevels(elements.alerts.current, painter)
    placeTag(
      elements.priceTag.current,
      price === undefined
        ? undefined
        : { y: pointer?.y ?? painter.yOf(price), text: formatPrice(price, data.decimals) },
    )
    placeTag(elements.timeTag.current, bar === undefined ? undefined : timeAt(painter, data, bar))
    elements.canvas.current?.setAttribute('aria-label', textOf(data, range))
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: new data need a new drawing
  useEffect(() => redraw(), [redraw, bars, position, marks, options])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a hand moves is drawn in the next frame
  useEffect(
    () => redrawNow(),
    [
      redrawNow,
      symbol,
      range.from,
      range.slotPx,
      cursor.pointer,
      cursor.selectedMs,
      cursor.price,
      move,
      levels,
      alerts,
    ],
  )
  return chart
}

function dataInput({ bars, intervalMs, decimals, tickSize, options, position, vwap, average, marks }: ChartData) {
  return {
    bars,
    intervalMs,
    decimals,
    tickSize,
    zone: options.zone,
    last: bars.at(-1)?.close ?? null,
    averageCost: position?.avgCost,
    vwap,
    average,
    fills: marks,
  }
}

/** The place of the tag on the time axis; undefined for a bar that is not in view. */
function timeAt(painter: CandleChart, { bars, intervalMs, options }: ChartData, bar: number) {
  const x = painter.xOf(bar + 0.5)
  if (x < 0 || x > painter.plotPx.width) return undefined
  return { x, text: barTimeText(bars[bar]!.time, intervalMs, options.zone) }
}

function textOf(data: ChartData, { from, to }: SlotRange): string {
  const { symbol, interval, bars, decimals, options } = data
  const shown = barsBetween(bars, from, to)
  const visible = bars.slice(shown.first, shown.end)
  return describeCandles({
    symbol,
    interval,
    bars: visible,
    decimals,
    zone: options.zone,
    own: ownSentences(data, shown),
  })
}
