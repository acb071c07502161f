// Positions with their profit at the last price: the exchange reports the cost, the ticker the price.

'use client'

import type { PositionState } from '@papertape/protocol'
import { useSyncExternalStore } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { directionOf, formatPrice, formatSigned, formatSize } from '../format/format.ts'
import { unrealisedAt } from '../orders/desk.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from '../ui/lists.module.css'
import { EmptyAccount } from './EmptyAccount.tsx'

interface PositionValues {
  readonly unrealised: number
  readonly realised: number
  readonly worth: number
}

/** Of all positions together. Watches the market's clock, four updates a second, instead of twenty tickers. */
export function usePositionValues(): PositionValues {
  const { desk, store } = useDashboard()
  const { positions } = useObservable(desk.state)
  useSyncExternalStore(store.clock.subscribe, store.clock.get, store.clock.get)
  let unrealised = 0
  let realised = 0
  let worth = 0
  for (const position of positions) {
    const { last } = store.tradeSummary(position.symbol).get()
    unrealised += unrealisedAt(position, last)
    realised += position.realised
    worth += position.size * (last ?? position.avgCost)
  }
  return { unrealised, realised, worth }
}

export function Positions() {
  const { desk } = useDashboard()
  const { positions } = useObservable(desk.state)
  if (positions.length === 0) return <EmptyAccount text="No positions yet." />
  return (
    <div className={css.scroll}>
      <table className={`${css.figures} ${css.roomy}`}>
        <caption className="visually-hidden">Positions by symbol</caption>
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col" className="num">
              Avg cost
            </th>
            <th scope="col" className={`num ${css.spare}`}>
              Last
            </th>
            <th scope="col" className="num">
              Unrealised
            </th>
            <th scope="col" className="num">
              Realised
            </th>
            <th scope="col">
              <span className="visually-hidden">Close</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {positions.map(position => (
            <PositionRow key={position.symbol} position={position} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function PositionRow({ position }: { readonly position: PositionState }) {
  const { store, selection, ticket, desk } = useDashboard()
  const { symbol, size, avgCost, realised } = position
  const { last } = useObservable(store.tradeSummary(symbol))
  const decimals = store.instrument(symbol)?.priceDecimals ?? 2
  const unrealised = unrealisedAt(position, last)
  const prepare = () => {
    // The old result does not belong to the closing order.
    desk.dismiss()
    selection.select({ symbol })
    ticket.change({ side: size > 0 ? 'sell' : 'buy', orderType: 'market', size: String(Math.abs(size)) })
  }
  return (
    <tr data-testid={`position-${symbol}`}>
      <td className={css.strong}>{symbol}</td>
      <td className="num">{formatSize(size)}</td>
      <td className="num">{size === 0 ? '–' : formatPrice(avgCost, Math.max(decimals, 4))}</td>
      <td className={`num ${css.spare}`}>{formatPrice(last, decimals)}</td>
      <td className={`num ${directionOf(unrealised)}`}>{formatSigned(unrealised, 2)}</td>
      <td className={`num ${directionOf(realised)}`}>{formatSigned(realised, 2)}</td>
      <td className="num">
        {size !== 0 && (
          <button type="button" className={css.act} onClick={prepare} title="Prepare the closing order in the ticket">
            Close
          </button>
        )}
      </td>
    </tr>
  )
}
