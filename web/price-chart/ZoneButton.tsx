// The corner of the two axes: the zone of the times, and the switch between UTC and the zone of the browser.

'use client'

import { zoneName } from '../format/time-zone.ts'
import css from './CandleChart.module.css'
import type { ChartData } from './use-chart-data.tsx'

const DAY_MS = 86_400_000

/** @property timeMs the time whose offset is named. Bars of whole days are always those of UTC. */
export function ZoneButton({ data, timeMs }: { readonly data: ChartData; readonly timeMs: number }) {
  const { options, setOptions, intervalMs } = data
  const isUtc = options.zone === 'utc'
  const name = zoneName(timeMs, intervalMs >= DAY_MS ? 'utc' : options.zone)
  const other = isUtc ? 'Show local time' : 'Show UTC'
  return (
    <button
      type="button"
      className={css.zone}
      aria-label={`${name}. ${other}`}
      title={other}
      data-testid="chart-zone"
      onClick={() => setOptions({ ...options, zone: isUtc ? 'local' : 'utc' })}
    >
      {name}
    </button>
  )
}
