// The chart with its choice of intervals. History comes by REST, the forming bar from the feed: the badges say so.

'use client'

import { INTERVALS, type Interval } from '@papertape/protocol'
import { CandleChart } from '../charts/CandleChart.tsx'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useCell } from '../reactive/use-observable.tsx'
import panel from '../ui/Panel.module.css'
import { Panel } from '../ui/Panel.tsx'

const CHOICES = Object.keys(INTERVALS) as Interval[]

export function ChartPanel({ className }: { readonly className?: string }) {
  const { choice } = useDashboard()
  const { interval } = useCell(choice.cell)
  const tools = (
    <fieldset aria-label="Interval">
      {CHOICES.map(one => (
        <button
          key={one}
          type="button"
          className={panel.tool}
          aria-pressed={one === interval}
          onClick={() => choice.choose({ interval: one })}
        >
          {one}
        </button>
      ))}
    </fieldset>
  )
  return (
    <Panel title="Candles" feeds={['history', 'candles']} className={className} tools={tools}>
      <CandleChart />
    </Panel>
  )
}
