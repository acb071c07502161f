// The depth chart beneath the ladder, over the same prices: its canvas, and a readout at the price that a pointer or
// the keys have chosen. The ladder is its table.

'use client'

import type { Instrument } from '@papertape/protocol'
import { type CSSProperties, type PointerEvent, useEffect, useRef, useState } from 'react'
import charts from '../charts/charts.module.css'
import { depthReadout, readoutText } from '../charts/depth-readout.ts'
import { describeDepth } from '../charts/describe.ts'
import type { ChartTheme } from '../charts/theme.ts'
import { useCanvasChart } from '../charts/use-canvas-chart.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { DepthState } from '../market/depth.ts'
import { type PriceGrid, priceOf } from '../market/price-groups.ts'
import panel from '../ui/Panel.module.css'
import css from './DepthChart.module.css'

async function load(canvas: HTMLCanvasElement, theme: ChartTheme) {
  const { createDepthChart } = await import('../charts/depth-chart.ts')
  return createDepthChart(canvas, theme)
}

interface DepthChartProps {
  readonly book: DepthState
  readonly instrument: Instrument
  readonly grid: PriceGrid
  /** The groups of the first and the last row of the ladder. */
  readonly top: number
  readonly bottom: number
  /** Shows the figures of the chart in the ladder. */
  readonly onTable: () => void
}

export function DepthChart({ book, instrument, grid, top, bottom, onTable }: DepthChartProps) {
  const { frames } = useDashboard()
  const { priceDecimals: decimals, tickSize } = instrument
  const canvas = useRef<HTMLCanvasElement>(null)
  const plot = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<number>()
  const cursor = chosen !== undefined && chosen >= bottom && chosen <= top ? chosen : undefined
  const { redraw } = useCanvasChart(canvas, frames, load, chart => {
    const range = { low: priceOf(bottom, grid), high: priceOf(top, grid) }
    chart.draw({ depth: book, range, decimals, tickSize })
    canvas.current?.setAttribute('aria-label', describeDepth(book, decimals))
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of what is drawn needs a new drawing
  useEffect(() => redraw(), [redraw, book, top, bottom, grid])

  const point = (event: PointerEvent) => {
    const { left, width } = plot.current!.getBoundingClientRect()
    const share = Math.max(0, Math.min(1, (event.clientX - left) / width))
    setChosen(bottom + Math.round(share * (top - bottom)))
  }
  const at = cursor ?? (bottom + top) >> 1
  const price = priceOf(at, grid)
  const readout = readoutText(depthReadout(book, price), price, decimals)
  return (
    <div className={css.depth}>
      <fieldset
        className={css.chart}
        aria-label="Depth chart"
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={event => {
          if (event.pointerType !== 'touch') setChosen(undefined)
        }}
      >
        <canvas ref={canvas} className={charts.canvas} role="img" aria-label="Depth chart" data-testid="depth-chart" />
        <input
          ref={plot}
          type="range"
          className={css.slider}
          aria-label="Price in the depth chart"
          aria-valuetext={readout}
          min={bottom}
          max={top}
          value={at}
          onChange={event => setChosen(Number(event.target.value))}
          onBlur={() => setChosen(undefined)}
          data-testid="depth-slider"
        />
        {cursor !== undefined && (
          <span className={css.cursor} style={{ '--at': (cursor - bottom) / (top - bottom) } as CSSProperties} />
        )}
      </fieldset>
      <div className={css.foot}>
        <p data-testid="depth-readout">
          {cursor === undefined ? 'Choose a price for its total and average.' : readout}
        </p>
        <button
          type="button"
          className={panel.tool}
          aria-label="Table: show the totals in the ladder"
          onClick={onTable}
          data-testid="depth-table"
        >
          Table
        </button>
      </div>
    </div>
  )
}
