// The buttons that move the chart: back to the newest bars, and from screen to screen while a table is shown.

'use client'

import css from './CandleChart.module.css'
import type { ShownView } from './view/use-chart-view.tsx'

interface ChartMovesProps {
  readonly view: ShownView
  readonly isTable: boolean
  readonly onNow: () => void
}

export function ChartMoves({ view, isTable, onNow }: ChartMovesProps) {
  const now = () => {
    onNow()
    view.backToNow()
  }
  return (
    <div className={css.moves}>
      {isTable && (
        <>
          <button type="button" onClick={() => view.moveBy(-view.pageBars)}>
            Earlier
          </button>
          <button type="button" disabled={view.isFollowing} onClick={() => view.moveBy(view.pageBars)}>
            Later
          </button>
        </>
      )}
      {!view.isFollowing && (
        <button type="button" data-testid="back-to-now" onClick={now}>
          Back to now
        </button>
      )}
    </div>
  )
}
