// Open orders: cancel one, cancel all at the second press, edit one in its row.

'use client'

import type { Instrument, Order } from '@papertape/protocol'
import { useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatSize, formatTime } from '../format/format.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import { useSecondPress } from '../ui/use-second-press.tsx'
import { EmptyAccount } from './EmptyAccount.tsx'
import { OrderEditRow } from './OrderEditRow.tsx'
import { Filled, limitText, OrderHeads, OrderTerms, Pair, Trigger } from './OrderParts.tsx'
import css from './tables.module.css'

export function OpenOrders() {
  const { desk, store } = useDashboard()
  const { orders, aheadSizes } = useObservable(desk.state)
  const [editing, setEditing] = useState<string>()
  // The focus returns to the button that opened the edit.
  const [edited, setEdited] = useState<string>()
  if (orders.length === 0) return <EmptyAccount text="No open orders." />
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
    </div>
  )
}

function CancelAll() {
  const { desk } = useDashboard()
  const [isArmed, press] = useSecondPress(() => desk.cancelAll())
  return (
    <button type="button" className={lists.act} data-armed={isArmed} onClick={press} data-testid="cancel-all">
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
          disabled={instrument === undefined}
          // biome-ignore lint/a11y/noAutofocus: the field that had the focus is gone
          autoFocus={wasEdited}
          onClick={onEdit}
          data-testid="order-edit"
        >
          Edit
        </button>
        <button type="button" className={lists.act} onClick={() => desk.cancel(order)} data-testid="order-cancel">
          Cancel
        </button>
      </td>
    </tr>
  )
}
