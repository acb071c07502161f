// The visible bars as a table, newest first, in place of the canvas: those that traded, as the exchange has them.

'use client'

import type { Bar } from '@papertape/protocol'
import { memo } from 'react'
import { barTimeText } from '../charts/describe.ts'
import { formatPrice, formatSize } from '../format/format.ts'
import { type TimeZone, zoneName } from '../format/time-zone.ts'
import css from './CandleChart.module.css'
import { fillTexts } from './fill-marks.ts'
import type { ChartData } from './use-chart-data.tsx'
import { barIndexAt } from './view/chart-view.ts'

interface BarTableProps {
  readonly data: ChartData
  /** Oldest first. */
  readonly bars: readonly Bar[]
}

export function BarTable({ data, bars }: BarTableProps) {
  const { symbol, intervalMs, decimals, options, marks } = data
  const { zone } = options
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keys
    <section className={css.table} aria-label={`Bars of ${symbol}`} tabIndex={0} data-testid="bar-table">
      <table>
        <caption className="visually-hidden">Visible bars of {symbol}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time ({zoneName(bars.at(-1)?.time ?? 0, zone)})</th>
            {['Open', 'High', 'Low', 'Close', 'Volume', 'VWAP', 'Trades'].map(name => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
            <th scope="col">Your fills</th>
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map(bar => (
            <BarRow
              key={bar.time}
              bar={bar}
              intervalMs={intervalMs}
              decimals={decimals}
              zone={zone}
              fills={marks.length === 0 ? '' : fillTexts(marks, barIndexAt(data.bars, bar.time)).join(', ')}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface BarRowProps {
  readonly bar: Bar
  readonly intervalMs: number
  readonly decimals: number
  readonly zone: TimeZone
  readonly fills: string
}

/** Drawn again only when its bar changes: the newest one does, ten times a second. */
const BarRow = memo(function BarRow({ bar, intervalMs, decimals, zone, fills }: BarRowProps) {
  const prices = [bar.open, bar.high, bar.low, bar.close]
  return (
    <tr data-time={bar.time}>
      <th scope="row">{barTimeText(bar.time, intervalMs, zone)}</th>
      {prices.map((price, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: always the same four columns
        <td key={at} className="num">
          {formatPrice(price, decimals)}
        </td>
      ))}
      <td className="num">{formatSize(bar.volume)}</td>
      <td className="num">{formatPrice(bar.vwap, decimals)}</td>
      <td className="num">{formatSize(bar.trades)}</td>
      <td>{fills}</td>
    </tr>
  )
})
