// Ended orders, newest first. A row opens to the life of its order: each step with its time and reason. Loaded when its
// tab is opened.

'use client'

import { type Execution, isLiquidation, type Order } from '@papertape/protocol'
import { useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatPrice, formatSize, formatTime, groupNumbers } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import { EmptyAccount } from './EmptyAccount.tsx'
import { endText, lifeSteps } from './life-steps.ts'
import { Filled, limitText, OrderHeads, OrderTerms, Pair, Trigger } from './OrderParts.tsx'
import css from './tables.module.css'

export function History() {
  const { desk } = useDashboard()
  const { orders, lives, hasMore, isLoading, problem } = useObservable(desk.history.state)
  const { accountId } = useObservable(desk.state)
  const [opened, setOpened] = useState<string>()
  // Another account has another history.
  useEffect(() => {
    if (accountId !== null) desk.history.open()
  }, [desk, accountId])
  const toggle = (orderId: string) => {
    setOpened(opened === orderId ? undefined : orderId)
    if (opened !== orderId) desk.history.loadLife(orderId)
  }
  const footer = <MoreOrders hasMore={hasMore} isLoading={isLoading} problem={problem} onMore={desk.history.loadMore} />
  if (orders.length === 0) {
    return isLoading || problem !== null ? footer : <EmptyAccount text="No order has ended yet." />
  }
  return (
    <div className={lists.scroll}>
      <table className={css.table}>
        <caption className="visually-hidden">Ended orders, newest first</caption>
        <thead>
          <tr>
            <OrderHeads time="Placed" />
            <th scope="col" className={`num ${css.wide} ${css.time}`} title="Average price of its fills">
              Average
            </th>
            <th scope="col" className={css.outcome}>
              Outcome
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map(order => (
            <EndedOrder
              key={order.orderId}
              order={order}
              life={lives.get(order.orderId) ?? NO_LIFE}
              isOpen={order.orderId === opened}
              onToggle={() => toggle(order.orderId)}
            />
          ))}
        </tbody>
      </table>
      {footer}
    </div>
  )
}

const NO_LIFE: readonly Execution[] = []

interface EndedOrderProps {
  readonly order: Order
  readonly life: readonly Execution[]
  readonly isOpen: boolean
  readonly onToggle: () => void
}

function EndedOrder({ order, life, isOpen, onToggle }: EndedOrderProps) {
  const { store } = useDashboard()
  const { orderId, clientOrderId, symbol, side, size, cumSize, avgPrice, ts } = order
  const decimals = store.instrument(symbol)?.priceDecimals ?? 2
  // The exchange gives its reason with the order, all others get one at their end.
  const reason = life.at(isLiquidation(order) ? 0 : -1)?.reason
  return (
    <>
      <tr data-testid={`ended-${clientOrderId}`}>
        <td className={`${lists.faint} ${css.spare}`}>{formatTime(ts / 1_000)}</td>
        <td className={css.what}>
          <div className={css.expandable}>
            <button
              type="button"
              className={css.toggle}
              aria-expanded={isOpen}
              aria-controls={`life-${orderId}`}
              aria-label={`Life of the order: ${side} ${formatSize(size)} ${symbol}`}
              onClick={onToggle}
              data-testid="order-life"
            >
              <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
            </button>
            <div>
              <OrderTerms order={order} />
            </div>
          </div>
        </td>
        <td className="num">
          <Pair first={formatSize(size)} second={<Filled size={cumSize} />} />
        </td>
        <td className="num">
          <Pair first={limitText(order, decimals)} second={<Trigger order={order} decimals={decimals} />} />
        </td>
        <td className={`num ${css.wide}`}>{formatPrice(avgPrice, decimals)}</td>
        <td>{endText(order)}</td>
      </tr>
      {reason !== undefined && !isOpen && (
        <tr className={css.reason}>
          <td className={css.spare} />
          <td colSpan={4} className={css.details}>
            {groupNumbers(reason.text)}
          </td>
          <td className={css.wide} />
        </tr>
      )}
      {isOpen && (
        <tr id={`life-${orderId}`}>
          {/* As many cells as the other rows have, in wide and in narrow lists. */}
          <td className={css.spare} />
          <td colSpan={4} className={css.details}>
            <Life life={life} decimals={decimals} />
          </td>
          <td className={css.wide} />
        </tr>
      )}
    </>
  )
}

function Life({ life, decimals }: { readonly life: readonly Execution[]; readonly decimals: number }) {
  if (life.length === 0) return <p className={lists.faint}>What became of it is not known here.</p>
  return (
    <ol className={css.life}>
      {lifeSteps(life, decimals).map(({ seq, ts, title, detail, reason }) => (
        <li key={seq}>
          <time className={lists.faint} dateTime={new Date(ts / 1_000).toISOString()}>
            {formatTime(ts / 1_000)}
          </time>{' '}
          <span className={lists.strong}>{title}</span>{' '}
          <p>
            {detail}
            {reason !== '' && <span className={lists.faint}> {reason}</span>}
          </p>
        </li>
      ))}
    </ol>
  )
}

interface MoreOrdersProps {
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly problem: string | null
  readonly onMore: () => void
}

function MoreOrders({ hasMore, isLoading, problem, onMore }: MoreOrdersProps) {
  if (isLoading) return <p className={css.more}>Loading earlier orders…</p>
  if (!hasMore && problem === null) return null
  return (
    <div className={css.more}>
      {problem !== null && <p role="alert">Earlier orders could not be loaded: {problem}</p>}
      <button type="button" className={lists.act} onClick={onMore}>
        {problem === null ? 'Earlier orders' : 'Try again'}
      </button>
    </div>
  )
}
