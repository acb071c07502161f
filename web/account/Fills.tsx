// The list of fills, newest first.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatCash, formatPrice, formatSize, formatTime } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import { EmptyAccount } from './EmptyAccount.tsx'
import { SideAndSymbol } from './OrderParts.tsx'
import css from './tables.module.css'

export function Fills() {
  const { desk, store } = useDashboard()
  const { fills } = useObservable(desk.state)
  if (fills.length === 0) return <EmptyAccount text="No fills yet." />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
    <section className={lists.scroll} aria-label="Fills" tabIndex={0}>
      <table className={css.table}>
        <caption className="visually-hidden">Fills, newest first</caption>
        <thead>
          <tr>
            <th scope="col" className={css.time}>
              Time
            </th>
            <th scope="col">Fill</th>
            <th scope="col" className={`num ${css.size}`}>
              Size
            </th>
            <th scope="col" className={`num ${css.price}`}>
              Price
            </th>
            <th scope="col" className={`num ${css.spare} ${css.value}`}>
              Value
            </th>
            <th scope="col" className={`${css.wide} ${css.time}`}>
              Liquidity
            </th>
          </tr>
        </thead>
        <tbody>
          {fills.map(({ seq, ts, side, symbol, lastSize, lastPrice, liquidity }) => (
            <tr key={seq}>
              <td className={lists.faint}>{formatTime(ts / 1_000)}</td>
              <td>
                <SideAndSymbol side={side} symbol={symbol} />
              </td>
              <td className="num">{formatSize(lastSize)}</td>
              <td className="num">{formatPrice(lastPrice, store.instrument(symbol)?.priceDecimals ?? 2)}</td>
              <td className={`num ${css.spare}`}>{formatCash(lastSize * (lastPrice ?? 0))}</td>
              <td className={`${lists.faint} ${css.wide}`}>{liquidity ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
