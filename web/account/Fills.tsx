// The list of fills, newest first.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatCash, formatPrice, formatSize, formatTime } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from '../ui/lists.module.css'
import { EmptyAccount } from './EmptyAccount.tsx'

export function Fills() {
  const { desk, store } = useDashboard()
  const { fills } = useObservable(desk.state)
  if (fills.length === 0) return <EmptyAccount text="No fills yet." />
  return (
    <div className={css.scroll}>
      <table className={`${css.figures} ${css.roomy}`}>
        <caption className="visually-hidden">Fills, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Fill</th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col" className="num">
              Price
            </th>
            <th scope="col" className="num">
              Value
            </th>
            <th scope="col" className={css.spare}>
              Liquidity
            </th>
          </tr>
        </thead>
        <tbody>
          {fills.map(fill => {
            const buys = fill.side === 'buy'
            return (
              <tr key={fill.seq}>
                <td className={css.faint}>{formatTime(fill.ts / 1_000)}</td>
                <td>
                  <span className={buys ? 'up' : 'down'}>{buys ? '▲ Buy' : '▼ Sell'}</span>{' '}
                  <span className={css.strong}>{fill.symbol}</span>
                </td>
                <td className="num">{formatSize(fill.lastSize)}</td>
                <td className="num">
                  {formatPrice(fill.lastPrice, store.instrument(fill.symbol)?.priceDecimals ?? 2)}
                </td>
                <td className="num">{formatCash(fill.lastSize * (fill.lastPrice ?? 0))}</td>
                <td className={`${css.faint} ${css.spare}`}>{fill.liquidity ?? ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
