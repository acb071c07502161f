// The depth chart in the page, with a text alternative; the ladder has the figures.

'use client'

import { useEffect, useRef } from 'react'
import css from '../charts/charts.module.css'
import { describeDepth } from '../charts/describe.ts'
import type { ChartTheme } from '../charts/theme.ts'
import { useCanvasChart } from '../charts/use-canvas-chart.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'

async function load(canvas: HTMLCanvasElement, theme: ChartTheme) {
  const { createDepthChart } = await import('../charts/depth-chart.ts')
  return createDepthChart(canvas, theme)
}

export function DepthChart() {
  const { depth, store, frames } = useDashboard()
  const canvas = useRef<HTMLCanvasElement>(null)
  const { redraw } = useCanvasChart(canvas, frames, load, chart => {
    const book = depth.state.get()
    const instrument = store.instrument(book.symbol)
    if (instrument === undefined) return
    chart.draw(book, instrument.priceDecimals, instrument.tickSize)
    canvas.current?.setAttribute('aria-label', describeDepth(book, instrument.priceDecimals))
  })
  useEffect(() => {
    redraw()
    return depth.state.subscribe(redraw)
  }, [depth, redraw])
  return (
    <div className={css.depth}>
      <canvas ref={canvas} className={css.canvas} role="img" aria-label="Depth chart" data-testid="depth-chart" />
    </div>
  )
}
