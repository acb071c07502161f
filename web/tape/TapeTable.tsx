// The table of time and sales. A new trade changes the texts of the rows, which stay where they are.

'use client'

import type { Trade } from '@papertape/protocol'
import { memo } from 'react'
import { ARROWS, formatPrice, formatSize, formatTime } from '../format/format.ts'
import type { TapeRow, Tick } from '../market/tape-rows.ts'
import lists from '../ui/lists.module.css'
import css from './TapePanel.module.css'

interface TapeTableProps {
  readonly symbol: string
  readonly rows: readonly TapeRow[]
  readonly decimals: number
}

export function TapeTable({ symbol, rows, decimals }: TapeTableProps) {
  return (
    <table className={`${lists.figures} ${css.table}`}>
      <caption className="visually-hidden">Last trades of {symbol}, newest first, times in UTC</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col" className={css.side}>
            <abbr title="The side that took the price: B bought, S sold, A auction">Side</abbr>
          </th>
          <th scope="col" className="num">
            Price
          </th>
          <th scope="col" className="num">
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ trade, tick }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows that move down would be a layout shift
          <Row key={at} trade={trade} tick={tick} decimals={decimals} />
        ))}
      </tbody>
    </table>
  )
}

/** Another sign than the side's: without a colour. */
export const TICK_SIGNS: Readonly<Record<Tick, { readonly sign: string; readonly meaning: string }>> = {
  up: { sign: ARROWS.up, meaning: 'up' },
  down: { sign: ARROWS.down, meaning: 'down' },
  same: { sign: '=', meaning: 'unchanged' },
}

interface RowProps {
  readonly trade: Trade
  readonly tick: Tick | undefined
  readonly decimals: number
}

const Row = memo(function Row({ trade, tick, decimals }: RowProps) {
  const { time, price, size, hidden } = trade
  const side = sideOf(trade)
  return (
    <tr>
      <td className={lists.faint}>{formatTime(time)}</td>
      <td className={`${css.side} ${side.colour}`}>
        <abbr title={side.meaning}>{side.letter}</abbr>
      </td>
      <td className="num">
        <span className={css.pair}>
          <span className={css.tick} role="img" aria-label={tick && TICK_SIGNS[tick].meaning} aria-hidden={!tick}>
            {tick && TICK_SIGNS[tick].sign}
          </span>
          <span className={`figure ${side.colour}`}>{formatPrice(price, decimals)}</span>
        </span>
      </td>
      <td className="num">
        <span className={css.pair}>
          {hidden === true && (
            <abbr className={css.hidden} title="Traded against hidden size, which the book does not show">
              H
            </abbr>
          )}
          <span className="figure">{formatSize(size)}</span>
        </span>
      </td>
    </tr>
  )
})

function sideOf({ aggressor, auction }: Trade) {
  if (auction === true) return { letter: 'A', colour: 'flat', meaning: 'auction' }
  if (aggressor === 'buy') return { letter: 'B', colour: 'up', meaning: 'bought' }
  return { letter: 'S', colour: 'down', meaning: 'sold' }
}
