// A row of the watchlist. It watches its own instrument, so a trade redraws one row.

'use client'

import type { Instrument } from '@papertape/protocol'
import { type CSSProperties, memo } from 'react'
import { sparklinePath } from '../charts/sparkline.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { ARROWS, directionOf, formatCompact, formatPercent, formatPrice, formatSigned } from '../format/format.ts'
import { PHASE_LABELS } from '../market/selectors.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './Watchlist.module.css'
import { EMPTY_STAR, FULL_STAR } from './WatchlistHead.tsx'

interface WatchlistRowProps {
  readonly instrument: Instrument
  readonly row: number
  readonly isSelected: boolean
  /** The one row whose button is in the tab order. */
  readonly isStop: boolean
  readonly isFavourite: boolean
  readonly onSelect: (symbol: string) => void
  readonly onFavourite: (symbol: string) => void
}

export const WatchlistRow = memo(function WatchlistRow(props: WatchlistRowProps) {
  const { instrument, row, isSelected, isStop, isFavourite, onSelect, onFavourite } = props
  const { store } = useDashboard()
  const { symbol, name, priceDecimals } = instrument
  const { phase, last, tick, tickDirection, volume, direction, change, changeFraction } = useObservable(
    store.tradeSummary(symbol),
  )
  const isTrading = phase === 'continuous' || last === null
  return (
    <tr
      className={css.row}
      style={{ '--row': row } as CSSProperties}
      aria-rowindex={row + 2}
      data-symbol={symbol}
      data-testid={`ticker-row-${symbol}`}
      data-selected={isSelected}
    >
      <td className={css.star}>
        <button
          type="button"
          className={css.favourite}
          data-button="favourite"
          tabIndex={-1}
          aria-pressed={isFavourite}
          aria-label={`Favourite ${symbol}`}
          onClick={() => onFavourite(symbol)}
        >
          {isFavourite ? FULL_STAR : EMPTY_STAR}
        </button>
      </td>
      <td className={css.symbol}>
        <button
          type="button"
          className={css.pick}
          data-button="instrument"
          tabIndex={isStop ? 0 : -1}
          aria-current={isSelected ? 'true' : undefined}
          onClick={() => onSelect(symbol)}
        >
          <strong>{symbol}</strong>
          {isTrading ? (
            <span className={css.sub} title={name}>
              {name}
            </span>
          ) : (
            <span className={`${css.sub} ${css.halted}`}>{PHASE_LABELS[phase]}</span>
          )}
        </button>
      </td>
      <td className={`${css.hour} ${direction}`}>
        <Sparkline symbol={symbol} />
      </td>
      <td className={css.last}>
        <span className={css.flash} data-flash={tick === 0 ? undefined : `${tickDirection}${tick % 2}`}>
          <span className={`arrow ${tickDirection}`} aria-hidden="true">
            {ARROWS[tickDirection]}
          </span>
          <span className="figure" data-testid={`ticker-last-${symbol}`}>
            {formatPrice(last, priceDecimals)}
          </span>
        </span>
      </td>
      <td className={`${css.volume} figure`}>{last !== null && formatCompact(volume)}</td>
      <td className={`${css.changeFraction} figure ${direction}`}>{formatPercent(changeFraction)}</td>
      <td className={`${css.change} figure`}>{formatSigned(change, priceDecimals)}</td>
    </tr>
  )
})

const SPARKLINE_BOX = { width: 60, height: 22 } as const

function Sparkline({ symbol }: { readonly symbol: string }) {
  const { sparklines } = useDashboard()
  const closes = useObservable(sparklines.closes(symbol))
  const direction = directionOf((closes.at(-1) ?? 0) - (closes[0] ?? 0))
  return (
    <svg
      className={`${css.sparkline} ${direction}`}
      viewBox={`0 0 ${SPARKLINE_BOX.width} ${SPARKLINE_BOX.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={sparklinePath(closes, SPARKLINE_BOX.width, SPARKLINE_BOX.height)} />
    </svg>
  )
}
