// The visually hidden slider that selects a bar by keys and reads it out, and the keys that move and zoom the chart, or
// choose a price for the ticket or an alert.

'use client'

import type { KeyboardEvent } from 'react'
import { describeBar } from '../charts/describe.ts'
import { formatPrice } from '../format/format.ts'
import { onGrid } from '../orders/checked-number.ts'
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
  /** Puts a price into the ticket. */
  readonly onPick: (price: number) => void
  readonly onAlert: (price: number) => void
}

export function BarSlider({ data, view, cursor, fills, onPick, onAlert }: BarSliderProps) {
  const { symbol, interval, bars, decimals, tickSize, options } = data
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
  const movePrice = (ticks: number) => {
    if (bar === undefined) return
    const price = (cursor.price ?? bar.close) + ticks * tickSize
    cursor.select(bar.time, Math.max(tickSize, onGrid(price, tickSize, decimals)))
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
    ArrowUp: () => movePrice(1),
    ArrowDown: () => movePrice(-1),
    'Shift+ArrowUp': () => movePrice(10),
    'Shift+ArrowDown': () => movePrice(-10),
    Enter: () => bar !== undefined && onPick(cursor.price ?? bar.close),
    'Shift+Enter': () => bar !== undefined && onAlert(cursor.price ?? bar.close),
    Escape: () => cursor.select(undefined),
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const act = keys[event.shiftKey && /^Arrow|^Enter$/.test(event.key) ? `Shift+${event.key}` : event.key]
    if (act === undefined) return
    act()
    event.preventDefault()
    event.stopPropagation()
  }
  const text = bar === undefined ? 'no bars' : describeBar(bar, interval, decimals, options.zone)
  const chosen = cursor.price === undefined ? [] : [`Price ${formatPrice(cursor.price, decimals)}`]
  return (
    <input
      type="range"
      className={css.cursor}
      aria-label={`Selected bar of ${symbol}`}
      aria-valuetext={[...chosen, text, ...fills].join('. ')}
      min={0}
      max={newest}
      value={at}
      onChange={event => select(Number(event.target.value))}
      onKeyDown={press}
      onBlur={() => cursor.select(undefined)}
    />
  )
}
