// The figures of the bar under the crosshair, or of the newest one, in fields of a fixed width; beside them what is
// drawn over the candles, and the table in place of the canvas.

'use client'

import type { Bar } from '@papertape/protocol'
import { barTimeText } from '../charts/describe.ts'
import { directionOf, formatCompact, formatPercent, formatPrice, NOTHING } from '../format/format.ts'
import { formatClock } from '../format/time-zone.ts'
import panel from '../ui/Panel.module.css'
import css from './CandleChart.module.css'
import { lacksDayStart } from './indicators.ts'
import { OverlayMenu } from './OverlayMenu.tsx'
import type { ChartData } from './use-chart-data.tsx'

interface ChartLegendProps {
  readonly data: ChartData
  /** The number of the bar; -1 if there is none. */
  readonly index: number
  /** The account's fills in the bar. */
  readonly fills: readonly string[]
  readonly isTable: boolean
  readonly onTable: (isTable: boolean) => void
}

export function ChartLegend({ data, index, fills, isTable, onTable }: ChartLegendProps) {
  const { bars, intervalMs, options, setOptions } = data
  const bar = bars[index]
  return (
    <div className={css.legendRow}>
      <dl className={css.legend} data-empty={bar === undefined} data-testid="candle-legend">
        <div className={css.legendTime}>
          <dt>Bar</dt>
          <dd>{bar === undefined ? NOTHING : barTimeText(bar.time, intervalMs, options.zone)}</dd>
        </div>
        <BarFigures bar={bar} decimals={data.decimals} />
        <CurveFigures data={data} index={index} />
        {fills.length > 0 && (
          <div className={css.fills} data-testid="bar-fills">
            <dt>Fills</dt>
            <dd>{fills.join(', ')}</dd>
          </div>
        )}
      </dl>
      <div className={css.legendTools}>
        <OverlayMenu options={options} onChange={setOptions} />
        <button type="button" className={panel.tool} aria-pressed={isTable} onClick={() => onTable(!isTable)}>
          Table
        </button>
      </div>
    </div>
  )
}

interface BarFiguresProps {
  readonly bar: Bar | undefined
  readonly decimals: number
}

function BarFigures({ bar, decimals }: BarFiguresProps) {
  const price = (value: number | undefined) => formatPrice(value, decimals)
  // From O to C, which stand beside it and have its colour.
  const change = bar === undefined ? undefined : bar.close / bar.open - 1
  const direction = directionOf(change)
  const figures = [
    ['O', price(bar?.open)],
    ['H', price(bar?.high)],
    ['L', price(bar?.low)],
    ['C', price(bar?.close)],
  ] as const
  return (
    <>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={direction}>{value}</dd>
        </div>
      ))}
      <div>
        <dt className="visually-hidden">Change from O to C</dt>
        <dd className={direction} title="From O to C">
          {formatPercent(change)}
        </dd>
      </div>
      <div className={css.spare}>
        <dt>V</dt>
        <dd>{bar === undefined ? NOTHING : formatCompact(bar.volume)}</dd>
      </div>
      <div className={`${css.spare} ${css.barVwap}`}>
        <dt>VWAP</dt>
        <dd>{price(bar?.vwap)}</dd>
      </div>
    </>
  )
}

/** The indicators at the bar. The average price of a day whose beginning is not loaded says since when it counts. */
function CurveFigures({ data, index }: { readonly data: ChartData; readonly index: number }) {
  const { bars, vwap, average, decimals, options, earlier } = data
  const isPartial = vwap !== undefined && bars.length > 0 && lacksDayStart(bars) && earlier !== 'none'
  const since = isPartial ? ` since ${formatClock(bars[0]!.time, options.zone, false)}` : ''
  return (
    <>
      {vwap !== undefined && (
        <div className={css.vwap}>
          <dt>VWAP of the day{since}</dt>
          <dd>{formatPrice(vwap[index], decimals)}</dd>
        </div>
      )}
      {average !== undefined && (
        <div className={css.average}>
          <dt>MA 20</dt>
          <dd>{formatPrice(average[index], decimals)}</dd>
        </div>
      )}
    </>
  )
}
