// One row of the ladder. Takes simple values only, so that a row is rendered when one of its own figures changes.
// Its cells carry data attributes; LadderGrid.tsx handles presses, keys and drags for all of them.

'use client'

import type { Side } from '@papertape/protocol'
import { type CSSProperties, memo } from 'react'
import { formatCompact, formatPrice, formatSize } from '../format/format.ts'
import css from './Ladder.module.css'
import type { LadderColumn } from './ladder-keys.ts'
import type { LadderRow as Row } from './ladder-rows.ts'

interface LadderRowProps extends Row {
  readonly decimals: number
  readonly figures: 'size' | 'total'
  /** Of the longest bar. */
  readonly bidShare: number
  readonly askShare: number
  readonly tradedShare: number
  /** The cell in the tab order. */
  readonly stop: LadderColumn | undefined
  /** The own orders of this row are chosen, or would move to it. */
  readonly chosen: Side | undefined
  readonly target: Side | undefined
  readonly targetSize: number
}

export const LadderRow = memo(function LadderRow(props: LadderRowProps) {
  const { group, price, place, isLast, isIndicative, decimals, figures, stop, traded } = props
  const at = formatPrice(price, decimals)
  const cell = (column: LadderColumn) => ({
    type: 'button' as const,
    className: css.cell,
    'data-cell': column,
    tabIndex: stop === column ? 0 : -1,
  })
  const book = (column: 'bid' | 'ask') => {
    const size = figures === 'total' ? props[`${column}Total`] : props[column]
    const text = size === 0 ? '' : sizeText(size)
    const name = `${column === 'bid' ? 'Bid' : 'Offer'} ${text || 'none'} at ${at}, ${column === 'bid' ? 'buy' : 'sell'}`
    return (
      <td className={`num ${css.book}`} data-side={column} data-at={props[column] > 0}>
        <span className={css.bar} style={{ '--share': props[`${column}Share`] } as CSSProperties} />
        <button {...cell(column)} aria-label={name}>
          <span className={column === 'bid' ? `figure ${css.figure}` : undefined}>{text}</span>
        </button>
      </td>
    )
  }
  const marks = [
    ...(place === 'bestBid' || place === 'bestBoth' ? ['best bid'] : []),
    ...(place === 'bestAsk' || place === 'bestBoth' ? ['best offer'] : []),
    ...(isLast ? ['last trade'] : []),
    ...(isIndicative ? ['indicative price'] : []),
    ...(traded > 0 ? [`${formatSize(traded)} traded`] : []),
  ]
  return (
    <tr
      className={css.row}
      data-group={group}
      data-place={place}
      data-last={isLast}
      data-indicative={isIndicative}
      data-price={price.toFixed(decimals)}
    >
      <OwnCell {...props} side="buy" at={at} />
      {book('bid')}
      <th scope="row" className={css.price} title={traded > 0 ? `${formatSize(traded)} traded here` : undefined}>
        <span className={css.traded} style={{ '--share': props.tradedShare } as CSSProperties} />
        <button {...cell('price')} aria-label={[at, ...marks].join(', ')}>
          <span>{at}</span>
        </button>
      </th>
      {book('ask')}
      <OwnCell {...props} side="sell" at={at} />
    </tr>
  )
})

function OwnCell(props: LadderRowProps & { readonly side: Side; readonly at: string }) {
  const { side, at, chosen, target, targetSize } = props
  const size = side === 'buy' ? props.ownBuy : props.ownSell
  return (
    <td className={css.own} data-side={side}>
      {size > 0 && (
        <button
          type="button"
          className={css.ownSize}
          data-own={side}
          data-chosen={chosen === side}
          tabIndex={-1}
          aria-label={`${formatCompact(size)} own to ${side} at ${at}: move or cancel`}
        >
          {formatCompact(size)}
        </button>
      )}
      {target === side && <span className={css.ghost}>{formatCompact(targetSize)}</span>}
    </td>
  )
}

/** At most seven digits, which fit at any width. */
function sizeText(size: number): string {
  return size < 1_000_000 ? formatSize(size) : formatCompact(size)
}
