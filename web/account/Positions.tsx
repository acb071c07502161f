// Positions with their profit at the last price: the exchange reports the cost, the tickers the price. One is closed in
// the ticket, all of them after a confirmation that says what is sent.

'use client'

import type { PositionState } from '@papertape/protocol'
import { useEffect, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import {
  directionOf,
  formatCash,
  formatPercent,
  formatPrice,
  formatSigned,
  formatSize,
  groupNumbers,
} from '../format/format.ts'
import { unrealisedAt } from '../orders/desk/desk-state.ts'
import { SUBMISSION_LABELS, type SubmissionState } from '../orders/submission.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import { useNow } from '../ui/use-now.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import { useAccountValue } from './Balance.tsx'
import { closePositions, planToClose } from './close-positions.ts'
import { EmptyAccount } from './EmptyAccount.tsx'
import { Narrow, Pair, PairHead } from './OrderParts.tsx'
import css from './tables.module.css'

export function Positions() {
  const { desk } = useDashboard()
  const { positions } = useObservable(desk.state)
  const { equity } = useAccountValue()
  const isOld = useMarketStaleness()
  const [isClosing, setClosing] = useState(false)
  if (positions.length === 0) return <EmptyAccount text="No positions yet." />
  return (
    <>
      {isClosing && <CloseAll onDone={() => setClosing(false)} />}
      <NotClosed />
      <div className={lists.scroll}>
        <table className={css.table}>
          <caption className="visually-hidden">Positions by symbol</caption>
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <th scope="col" className={`num ${css.money}`}>
                <PairHead first="Size" second="Avg cost" />
              </th>
              <th scope="col" className={`num ${css.spare} ${css.money}`}>
                <PairHead first="Last" second="Value" />
              </th>
              <th scope="col" className={`num ${css.wide} ${css.short}`} title="Of the account's equity">
                Share
              </th>
              <th scope="col" className={`num ${css.money}`}>
                <PairHead first="Unrealized" second="Realized" />
              </th>
              <th scope="col" className={`num ${css.close}`}>
                <button
                  type="button"
                  className={lists.act}
                  aria-expanded={isClosing}
                  onClick={() => setClosing(!isClosing)}
                  data-testid="close-all"
                >
                  Close all
                </button>
              </th>
            </tr>
          </thead>
          <tbody>
            {positions.map(position => (
              <PositionRow key={position.symbol} position={position} equity={equity} isOld={isOld} />
            ))}
          </tbody>
        </table>
        {isOld && <p className={css.more}>Prices are not live: value and profit are at the last known ones.</p>}
      </div>
    </>
  )
}

/** What closing all positions sends now, to be confirmed. */
function CloseAll({ onDone }: { readonly onDone: () => void }) {
  const dashboard = useDashboard()
  useObservable(dashboard.desk.state)
  // Phases change as well.
  useNow()
  const box = useRef<HTMLFieldSetElement>(null)
  useEffect(() => box.current?.focus(), [])
  const plan = planToClose(dashboard)
  const close = () => {
    closePositions(dashboard, planToClose(dashboard))
    onDone()
  }
  return (
    <fieldset
      ref={box}
      className={css.confirm}
      tabIndex={-1}
      aria-label={`Close all positions: ${plan.text}`}
      onKeyDown={event => event.key === 'Escape' && onDone()}
      data-testid="close-all-plan"
    >
      <p>{plan.text}</p>
      <button
        type="button"
        className={lists.act}
        disabled={!plan.canSend}
        onClick={close}
        data-testid="close-all-confirm"
      >
        Close all now
      </button>
      <button type="button" className={lists.act} onClick={onDone}>
        Keep them
      </button>
    </fieldset>
  )
}

const NOT_CLOSED: readonly SubmissionState[] = ['unknown', 'absent', 'expired', 'canceled', 'refused']

/** The orders that have not closed their position. Announced by their reports. */
function NotClosed() {
  const { desk } = useDashboard()
  const { closings } = useObservable(desk.state)
  const failed = closings.filter(({ state }) => NOT_CLOSED.includes(state))
  return failed.map(({ clientOrderId, description, state, text }) => (
    <p key={clientOrderId} className={css.problem} data-testid="not-closed">
      {description} {SUBMISSION_LABELS[state]}
      {text === null ? '.' : `: ${groupNumbers(text)}`}
    </p>
  ))
}

interface PositionRowProps {
  readonly position: PositionState
  readonly equity: number | null
  /** Prices are not live. */
  readonly isOld: boolean
}

function PositionRow({ position, equity, isOld }: PositionRowProps) {
  const { store, selection, ticket, desk } = useDashboard()
  const { symbol, size, avgCost, realised } = position
  const { last } = useObservable(store.tradeSummary(symbol))
  const decimals = store.instrument(symbol)?.priceDecimals ?? 2
  const unrealised = unrealisedAt(position, last)
  const value = size * (last ?? avgCost)
  const age = isOld ? css.old : ''
  const prepare = () => {
    // The old result does not belong to the closing order.
    desk.dismiss()
    selection.select({ symbol })
    ticket.change({ side: size > 0 ? 'sell' : 'buy', orderType: 'market', size: String(Math.abs(size)) })
  }
  return (
    <tr data-testid={`position-${symbol}`}>
      <td className={lists.strong}>{symbol}</td>
      <td className="num">
        <Pair
          first={formatSize(size)}
          second={
            size === 0 ? (
              ''
            ) : (
              <>
                <Narrow>at </Narrow>
                {formatPrice(avgCost, Math.max(decimals, 4))}
              </>
            )
          }
        />
      </td>
      <td className={`num ${css.spare} ${age}`}>
        <Pair
          first={formatPrice(last, decimals)}
          second={
            <>
              <Narrow>worth </Narrow>
              {formatCash(value)}
            </>
          }
        />
      </td>
      <td className={`num ${css.wide} ${age}`}>
        {equity === null || equity <= 0 ? '' : formatPercent(Math.abs(value) / equity).slice(1)}
      </td>
      <td className="num">
        <Pair
          first={<span className={isOld ? css.old : directionOf(unrealised)}>{formatSigned(unrealised, 2)}</span>}
          second={
            <span className={directionOf(realised)}>
              {formatSigned(realised, 2)}
              <Narrow> real.</Narrow>
            </span>
          }
        />
      </td>
      <td className="num">
        {size !== 0 && (
          <button type="button" className={lists.act} onClick={prepare} title="Prepare the closing order in the ticket">
            Close
          </button>
        )}
      </td>
    </tr>
  )
}
