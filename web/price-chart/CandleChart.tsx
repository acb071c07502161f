// The candle chart in the page: pointer and keys move a cursor between the bars, the legend shows the bar under it, and
// a visually hidden slider makes it accessible.

'use client'

import { type Bar, INTERVALS } from '@papertape/protocol'
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import css from '../charts/charts.module.css'
import { describeBar, describeCandles } from '../charts/describe.ts'
import { SLOT_PX } from '../charts/scale.ts'
import type { ChartTheme } from '../charts/theme.ts'
import { useCanvasChart } from '../charts/use-canvas-chart.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { directionOf, formatCompact, formatPercent, formatPrice, formatTime, NOTHING } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'

async function load(canvas: HTMLCanvasElement, theme: ChartTheme) {
  const { createCandleChart } = await import('../charts/candles.ts')
  return createCandleChart(canvas, theme)
}

const SLOTS = [3, 4, 6, 8, 11, 15, 20, 28] as const

export function CandleChart() {
  const { bars, store, frames } = useDashboard()
  const { symbol, interval, phase, bars: list } = useObservable(bars.state)
  const canvas = useRef<HTMLCanvasElement>(null)
  // A time, not an index, so that the cursor stays at its bar when bars are added.
  const [cursorTime, setCursorTime] = useState<number>()
  const [slotPx, setSlotPx] = useState<number>(SLOT_PX.default)
  const [back, setBack] = useState(0)
  const instrument = store.instrument(symbol)
  const decimals = instrument?.priceDecimals ?? 2
  const found = cursorTime === undefined ? -1 : list.findIndex(bar => bar.time === cursorTime)
  const cursor = found < 0 ? undefined : found

  const { chart, redraw } = useCanvasChart(canvas, frames, load, one => {
    const last = list.at(-1)?.close ?? null
    const shift = Math.min(back, Math.max(0, list.length - 1))
    const tickSize = instrument?.tickSize ?? 0.01
    one.draw({ bars: list, intervalMs: INTERVALS[interval], decimals, tickSize, last, cursor, slotPx, back: shift })
    canvas.current?.setAttribute('aria-label', describeCandles(symbol, interval, list, decimals))
  })
  // Each change of the bars, the cursor or the zoom requests a drawing; the scheduler limits them to ten a second.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of what is drawn needs a new drawing
  useEffect(() => redraw(), [redraw, list, cursor, slotPx, back, symbol, interval])

  const point = (event: PointerEvent<HTMLElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const at = chart.current?.barAtPixel(event.clientX - left)
    setCursorTime(at === undefined ? undefined : list[at]?.time)
  }
  const zoom = (step: number) => {
    const at = SLOTS.findIndex(one => one >= slotPx)
    setSlotPx(SLOTS[Math.min(SLOTS.length - 1, Math.max(0, at + step))]!)
  }
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === '+' || event.key === '=') zoom(1)
    else if (event.key === '-' || event.key === '_') zoom(-1)
    else if (event.key === 'Escape') setCursorTime(undefined)
    else return
    event.stopPropagation()
  }
  const bar = cursor === undefined ? list.at(-1) : list[cursor]

  return (
    <>
      <Legend bar={bar} before={cursor === undefined ? list.at(-2) : list[cursor - 1]} decimals={decimals} />
      <fieldset
        className={css.candles}
        aria-label="Chart"
        onPointerMove={point}
        onPointerLeave={() => setCursorTime(undefined)}
        onWheel={event => {
          if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
            setBack(now => Math.max(0, now - Math.sign(event.deltaX) * 3))
          else zoom(event.deltaY < 0 ? 1 : -1)
        }}
        onKeyDown={keys}
      >
        <canvas ref={canvas} className={css.canvas} role="img" aria-label="Candles" data-testid="candles" />
        <input
          type="range"
          className={css.cursor}
          aria-label={`Selected bar of ${symbol}`}
          aria-valuetext={bar === undefined ? 'no bars' : describeBar(bar, decimals)}
          min={0}
          max={Math.max(0, list.length - 1)}
          value={cursor ?? Math.max(0, list.length - 1)}
          onChange={event => setCursorTime(list[Number(event.target.value)]?.time)}
          onBlur={() => setCursorTime(undefined)}
        />
        {list.length === 0 && (
          <p className={css.over}>
            {phase === 'loading' && 'Loading bars…'}
            {phase === 'failed' && 'Could not load the bars. Retrying…'}
            {phase === 'ready' && 'No trades yet.'}
          </p>
        )}
      </fieldset>
    </>
  )
}

interface LegendProps {
  readonly bar: Bar | undefined
  readonly before: Bar | undefined
  readonly decimals: number
}

function Legend({ bar, before, decimals }: LegendProps) {
  const price = (value: number | undefined) => formatPrice(value, decimals)
  const change = bar === undefined || before === undefined ? undefined : bar.close / before.close - 1
  const direction = directionOf(bar === undefined ? 0 : bar.close - bar.open)
  const figures = [
    ['O', price(bar?.open)],
    ['H', price(bar?.high)],
    ['L', price(bar?.low)],
    ['C', price(bar?.close)],
    ['V', bar === undefined ? NOTHING : formatCompact(bar.volume)],
    ['VWAP', price(bar?.vwap)],
  ] as const
  return (
    <dl className={css.legend} data-testid="candle-legend">
      <div>
        <dt>Bar</dt>
        <dd>{bar === undefined ? NOTHING : formatTime(bar.time)}</dd>
      </div>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={name === 'V' || name === 'VWAP' ? '' : direction}>{value}</dd>
        </div>
      ))}
      <div>
        <dt className="visually-hidden">Change</dt>
        <dd className={directionOf(change)}>{formatPercent(change)}</dd>
      </div>
    </dl>
  )
}
