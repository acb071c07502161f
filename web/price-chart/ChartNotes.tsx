// What the chart says in words: that there are no bars, what is known of the bars before the oldest, and why an order
// was not moved.

'use client'

import { formatSize } from '../format/format.ts'
import { BARS_KEPT, type BarsPhase, type EarlierBars } from '../market/bars.ts'
import css from './CandleChart.module.css'
import type { ChartData } from './use-chart-data.tsx'

interface ChartNotesProps {
  readonly data: ChartData
  /** Whether the oldest bar is in view, or nearly. */
  readonly isAtOldest: boolean
  /** Of the order that was moved; empty if there is none. */
  readonly note: string
  readonly onRetry: () => void
}

const EMPTY_TEXTS: Readonly<Record<BarsPhase, string>> = {
  loading: 'Loading bars…',
  failed: 'Could not load the bars. Retrying…',
  ready: 'No trades yet.',
}

const EARLIER_TEXTS: Readonly<Record<EarlierBars, string>> = {
  unknown: '',
  loading: 'Loading earlier bars…',
  failed: 'Could not load earlier bars.',
  none: 'Beginning of the market',
  full: `No more than ${formatSize(BARS_KEPT)} bars are kept: choose a longer interval to see further back.`,
}

export function ChartNotes({ data, isAtOldest, note, onRetry }: ChartNotesProps) {
  const { bars, phase, earlier } = data
  if (bars.length === 0) return <p className={css.over}>{EMPTY_TEXTS[phase]}</p>
  return (
    <>
      {isAtOldest && earlier !== 'unknown' && (
        <div className={css.history} data-testid="chart-history" data-state={earlier}>
          {EARLIER_TEXTS[earlier]}
          {earlier === 'failed' && (
            <button type="button" onClick={onRetry}>
              Try again
            </button>
          )}
        </div>
      )}
      <p className={css.orderNote} role="status" data-testid="chart-note">
        {note}
      </p>
    </>
  )
}
