// The candle chart with its intervals. The history comes by REST, the forming bar from the feed: the badges show both.
// The chart's code is loaded when there are bars to draw: on a slow network the first prices would wait for it.

'use client'

import { INTERVALS, type Interval } from '@papertape/protocol'
import { useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'
import { loadPart } from '../ui/load-part.tsx'
import panel from '../ui/Panel.module.css'
import { Panel } from '../ui/Panel.tsx'
import css from './CandleChart.module.css'

const INTERVAL_NAMES = Object.keys(INTERVALS) as Interval[]

const LOADING = (
  <div className={css.candles}>
    <p className={css.over}>Loading bars…</p>
  </div>
)
const CandleChart = loadPart(async () => (await import('./CandleChart.tsx')).CandleChart, LOADING)

export function ChartPanel({ className }: { readonly className?: string }) {
  const { selection } = useDashboard()
  const [hasBars, setHasBars] = useState(false)
  const { interval } = useObservable(selection.state)
  // A narrow panel has the list instead of the buttons.
  const tools = (
    <>
      <fieldset className={css.intervals} aria-label="Interval">
        {INTERVAL_NAMES.map(one => (
          <button
            key={one}
            type="button"
            className={panel.tool}
            aria-pressed={one === interval}
            onClick={() => selection.select({ interval: one })}
          >
            {one}
          </button>
        ))}
      </fieldset>
      <select
        className={css.intervalList}
        aria-label="Interval"
        value={interval}
        onChange={event => selection.select({ interval: event.target.value as Interval })}
        data-testid="interval-list"
      >
        {INTERVAL_NAMES.map(one => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </>
  )
  return (
    <Panel title="Candles" feeds={['history', 'candles']} className={className} tools={tools}>
      {hasBars ? <CandleChart /> : <WaitForBars onBars={() => setHasBars(true)} />}
    </Panel>
  )
}

/** Also ends when they cannot be loaded: the chart says so. */
function WaitForBars({ onBars }: { readonly onBars: () => void }) {
  const { bars } = useDashboard()
  const isOver = useObservable(bars.state).phase !== 'loading'
  useEffect(() => {
    if (isOver) onBars()
  }, [isOver, onBars])
  return LOADING
}
