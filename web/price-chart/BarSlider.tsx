// The visually hidden slider that selects a bar by keys and reads it out, and the keys that move and zoom the chart.

'use client'

import type { KeyboardEvent } from 'react'
import { describeBar } from '../charts/describe.ts'
import css from './CandleChart.module.css'
import type { ChartData } from './use-chart-data.tsx'
import type { ShownView } from './view/use-chart-view.tsx'
import type { ChartCursor } from './view/use-cursor.tsx'

const KEY_ZOOM = 1.25

interface BarSliderProps {
  readonly data: ChartData
  readonly view: ShownView
  readonly cursor: ChartCursor
  /** The account's fills in the bar. */
  readonly fills: readonly string[]
}

export function BarSlider({ data, view, cursor, fills }: BarSliderProps) {
  const { symbol, interval, bars, decimals, options } = data
  const newest = Math.max(0, bars.length - 1)
  const at = cursor.bar ?? newest
  const bar = bars[at]
  const select = (wanted: number) => {
    const index = Math.min(newest, Math.max(0, wanted))
    cursor.select(bars[index]?.time)
    view.show(index)
  }
  const zoomBy = (factor: number) => {
    const { from, slotPx } = view.range
    view.zoom(factor, cursor.bar === undefined ? view.plotPx : (cursor.bar + 0.5 - from) * slotPx)
  }
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoomBy(KEY_ZOOM),
    '=': () => zoomBy(KEY_ZOOM),
    '-': () => zoomBy(1 / KEY_ZOOM),
    _: () => zoomBy(1 / KEY_ZOOM),
    PageUp: () => select(at - view.pageBars),
    PageDown: () => select(at + view.pageBars),
    Home: () => select(0),
    End: () => {
      cursor.select(undefined)
      view.backToNow()
    },
    Escape: () => cursor.select(undefined),
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const act = keys[event.key]
    if (act === undefined) return
    act()
    event.preventDefault()
    event.stopPropagation()
  }
  const text = bar === undefined ? 'no bars' : describeBar(bar, interval, decimals, options.zone)
  return (
    <input
      type="range"
      className={css.cursor}
      aria-label={`Selected bar of ${symbol}`}
      aria-valuetext={[text, ...fills].join('. ')}
      min={0}
      max={newest}
      value={at}
      onChange={event => select(Number(event.target.value))}
      onKeyDown={press}
      onBlur={() => cursor.select(undefined)}
    />
  )
}
