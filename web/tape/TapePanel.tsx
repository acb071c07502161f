// Time and sales of the selected instrument, newest first. The side of the aggressor is shown by arrow and colour.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { ARROWS, formatPrice, formatSize, formatTime } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from '../ui/lists.module.css'
import { Empty, Panel } from '../ui/Panel.tsx'

const SHOWN = 60

export function TapePanel({ className }: { readonly className?: string }) {
  const { tape, store } = useDashboard()
  const { symbol, trades, loading } = useObservable(tape.state)
  const decimals = store.instrument(symbol)?.priceDecimals ?? 2
  return (
    <Panel title="Time and sales" feeds={['tape']} className={className} testId="tape">
      {trades.length === 0 ? (
        <Empty>{loading ? 'Loading trades…' : 'No trades yet.'}</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
        <section className={css.scroll} aria-label="Last trades" tabIndex={0}>
          <table className={`${css.figures} ${css.tape}`}>
            <caption className="visually-hidden">Last trades of {symbol}, newest first, times in UTC</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col" className="num">
                  Price
                </th>
                <th scope="col" className="num">
                  Size
                </th>
              </tr>
            </thead>
            <tbody>
              {trades.slice(0, SHOWN).map(trade => {
                const direction = trade.aggressor === 'buy' ? 'up' : 'down'
                return (
                  <tr key={trade.seq}>
                    <td className={css.faint}>{formatTime(trade.time)}</td>
                    <td className={`num ${direction}`}>
                      <span className="arrow" role="img" aria-label={trade.aggressor === 'buy' ? 'bought' : 'sold'}>
                        {ARROWS[direction]}
                      </span>
                      {formatPrice(trade.price, decimals)}
                    </td>
                    <td className="num">
                      {trade.hidden === true && (
                        <abbr className={css.hidden} title="Traded against hidden size, which the book does not show">
                          H
                        </abbr>
                      )}
                      {formatSize(trade.size)}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  )
}
