// Open orders: cancel one, cancel all at the second press, edit one in its row. Before them, orders that got no answer:
// they may be open. Without a connection nothing can be pressed, and the list says why.

'use client'

import type { Instrument, Order } from '@papertape/protocol'
import { useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatSize, formatTime } from '../format/format.ts'
import { CHANNEL_PROBLEMS } from '../orders/arming.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import { useSecondPress } from '../ui/use-second-press.tsx'
import { EmptyAccount } from './EmptyAccount.tsx'
import { OrderEditRow } from './OrderEditRow.tsx'
import { Filled, limitText, OrderHeads, OrderTerms, Pair, Trigger } from './OrderParts.tsx'
import css from './tables.module.css'

/** Why no order can be changed now; undefined if one can. */
function useChangeProblem(): string | undefined {
  return CHANNEL_PROBLEMS[useObservable(useDashboard().connections.orders.facts).state]
}

export function OpenOrders() {
  const { desk } = useDashboard()
  const { orders, unknown } = useObservable(desk.state)
  return (
    <>
      {unknown.map(({ clientOrderId, description }) => (
        <p key={clientOrderId} className={css.problem} data-testid="order-unknown">
          <strong>Unknown:</strong> {description}. No answer yet: it may be open.
        </p>
      ))}
      {orders.length > 0 ? <OrderTable /> : unknown.length === 0 && <EmptyAccount text="No open orders." />}
    </>
  )
}

function OrderTable() {
  const { desk, store } = useDashboard()
  const { orders, aheadSizes } = useObservable(desk.state)
  const problem = useChangeProblem()
  const [editing, setEditing] = useState<string>()
  // The focus returns to the button that opened the edit.
  const [edited, setEdited] = useState<string>()
  return (
    <div className={lists.scroll}>
      <table className={css.table}>
        <caption className="visually-hidden">Open orders, newest first</caption>
        <thead>
          <tr>
            <OrderHeads time="Since" />
            <th scope="col" className={`num ${css.wide} ${css.short}`} title="Size ahead of it at its price">
              Ahead
            </th>
            <th scope="col" className={`num ${css.acts}`}>
              <CancelAll />
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map(order => {
            const { orderId } = order
            const instrument = store.instrument(order.symbol)
            return orderId === editing && instrument !== undefined ? (
              <OrderEditRow
                key={orderId}
                order={order}
                instrument={instrument}
                aheadSize={aheadSizes.get(orderId)}
                onDone={() => {
                  setEditing(undefined)
                  setEdited(orderId)
                }}
              />
            ) : (
              <OrderRow
                key={orderId}
                order={order}
                instrument={instrument}
                aheadSize={aheadSizes.get(orderId)}
                wasEdited={orderId === edited}
                onEdit={() => setEditing(orderId)}
              />
            )
          })}
        </tbody>
      </table>
      {problem !== undefined && <p className={css.more}>{problem}</p>}
    </div>
  )
}

function CancelAll() {
  const { desk } = useDashboard()
  const problem = useChangeProblem()
  const [isArmed, press] = useSecondPress(() => desk.cancelAll())
  return (
    <button
      type="button"
      className={lists.act}
      aria-disabled={problem !== undefined}
      title={problem}
      data-armed={isArmed}
      onClick={() => problem === undefined && press()}
      data-testid="cancel-all"
    >
      {isArmed ? 'Press again' : 'Cancel all'}
    </button>
  )
}

interface OrderRowProps {
  readonly order: Order
  readonly instrument: Instrument | undefined
  readonly aheadSize: number | undefined
  readonly wasEdited: boolean
  readonly onEdit: () => void
}

function OrderRow({ order, instrument, aheadSize, wasEdited, onEdit }: OrderRowProps) {
  const { desk } = useDashboard()
  const problem = useChangeProblem()
  const decimals = instrument?.priceDecimals ?? 2
  return (
    <tr data-testid={`order-${order.clientOrderId}`}>
      <td className={`${lists.faint} ${css.spare}`}>{formatTime(order.ts / 1_000)}</td>
      <td className={css.what}>
        <OrderTerms order={order} />
      </td>
      <td className="num">
        <Pair first={formatSize(order.size)} second={<Filled size={order.cumSize} />} />
      </td>
      <td className="num">
        <Pair first={limitText(order, decimals)} second={<Trigger order={order} decimals={decimals} />} />
      </td>
      <td className={`num ${css.wide}`}>{formatSize(aheadSize)}</td>
      <td className="num">
        <button
          type="button"
          className={lists.act}
          aria-disabled={problem !== undefined || instrument === undefined}
          title={problem}
          // biome-ignore lint/a11y/noAutofocus: the field that had the focus is gone
          autoFocus={wasEdited}
          onClick={() => problem === undefined && instrument !== undefined && onEdit()}
          data-testid="order-edit"
        >
          Edit
        </button>
        <button
          type="button"
          className={lists.act}
          aria-disabled={problem !== undefined}
          title={problem}
          onClick={() => problem === undefined && desk.cancel(order)}
          data-testid="order-cancel"
        >
          Cancel
        </button>
      </td>
    </tr>
  )
}
