// Open orders: cancel one, cancel all, change size or price in the line itself.

'use client'

import type { Instrument, Order } from '@papertape/protocol'
import { type FormEvent, useState } from 'react'
import { formatPrice, formatSize, formatTime } from '../market/format.ts'
import { useCell } from '../market/use-cell.tsx'
import { useDashboard } from '../shell/dashboard-context.tsx'
import { Empty } from '../shell/Panel.tsx'
import css from './lists.module.css'
import { onGrid, parseNumber } from './ticket.ts'

export function OpenOrders() {
  const { desk, store } = useDashboard()
  const { orders, balance, trouble } = useCell(desk.cell)
  const [editing, setEditing] = useState<string>()
  if (orders.length === 0) {
    if (balance !== null) return <Empty>No open orders. What you send from the ticket rests here.</Empty>
    return <Empty>{trouble === null ? 'Opening a paper account…' : `No account yet: ${trouble}`}</Empty>
  }
  return (
    <div className={css.scroll}>
      <table className={`${css.figures} ${css.roomy}`}>
        <caption className="heard">Open orders, newest first</caption>
        <thead>
          <tr>
            <th scope="col" className={css.spare}>
              Time
            </th>
            <th scope="col">Order</th>
            <th scope="col" className="num">
              Filled
            </th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col" className="num">
              Price
            </th>
            <th scope="col" className={css.spare}>
              In force
            </th>
            <th scope="col" className="num">
              <button type="button" className={css.act} onClick={() => desk.cancelAll()} data-testid="cancel-all">
                Cancel all
              </button>
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map(order =>
            order.orderId === editing ? (
              <EditLine
                key={order.orderId}
                order={order}
                instrument={store.instrument(order.symbol)}
                onDone={() => setEditing(undefined)}
              />
            ) : (
              <OrderLine
                key={order.orderId}
                order={order}
                decimals={store.instrument(order.symbol)?.priceDecimals ?? 2}
                onEdit={() => setEditing(order.orderId)}
                onCancel={() => desk.cancel(order)}
              />
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}

function What({ order }: { readonly order: Order }) {
  const buys = order.side === 'buy'
  return (
    <>
      <span className={buys ? 'up' : 'down'}>{buys ? '▲ Buy' : '▼ Sell'}</span>{' '}
      <span className={css.strong}>{order.symbol}</span> <span className={css.faint}>{order.orderType}</span>
    </>
  )
}

interface LineProps {
  readonly order: Order
  readonly decimals: number
  readonly onEdit: () => void
  readonly onCancel: () => void
}

function OrderLine({ order, decimals, onEdit, onCancel }: LineProps) {
  return (
    <tr data-testid={`order-${order.clientOrderId}`}>
      <td className={`${css.faint} ${css.spare}`}>{formatTime(order.ts / 1_000)}</td>
      <td>
        <What order={order} />
      </td>
      <td className="num">{formatSize(order.cumSize)}</td>
      <td className="num">{formatSize(order.size)}</td>
      <td className="num">{order.price === null ? 'market' : formatPrice(order.price, decimals)}</td>
      <td className={`${css.faint} ${css.spare}`}>
        {order.timeInForce}
        {order.postOnly && ' · post'}
      </td>
      <td className="num">
        <button type="button" className={css.act} onClick={onEdit} data-testid="order-edit">
          Edit
        </button>
        <button type="button" className={css.act} onClick={onCancel} data-testid="order-cancel">
          Cancel
        </button>
      </td>
    </tr>
  )
}

interface EditProps {
  readonly order: Order
  readonly instrument: Instrument | undefined
  readonly onDone: () => void
}

function EditLine({ order, instrument, onDone }: EditProps) {
  const { desk } = useDashboard()
  const decimals = instrument?.priceDecimals ?? 2
  const [size, setSize] = useState(String(order.size))
  const [price, setPrice] = useState(order.price?.toFixed(decimals) ?? '')
  const form = `edit-${order.orderId}`
  const save = (event: FormEvent) => {
    event.preventDefault()
    const newSize = parseNumber(size)
    const typed = parseNumber(price)
    const newPrice = typed === undefined ? undefined : onGrid(typed, instrument?.tickSize ?? 0.01, decimals)
    const change = {
      ...(newSize !== undefined && newSize !== order.size ? { size: newSize } : {}),
      ...(newPrice !== undefined && newPrice !== order.price ? { price: newPrice } : {}),
    }
    if (Object.keys(change).length > 0) desk.replace(order, change)
    onDone()
  }
  return (
    <tr onKeyDown={event => event.key === 'Escape' && onDone()}>
      <td className={`${css.faint} ${css.spare}`}>{formatTime(order.ts / 1_000)}</td>
      <td>
        <What order={order} />
      </td>
      <td className="num">{formatSize(order.cumSize)}</td>
      <td className="num">
        <input
          form={form}
          className={css.edit}
          aria-label="New size"
          inputMode="numeric"
          value={size}
          onChange={event => setSize(event.target.value)}
          data-testid="edit-size"
        />
      </td>
      <td className="num">
        <input
          form={form}
          className={css.edit}
          aria-label="New price"
          inputMode="decimal"
          value={price}
          onChange={event => setPrice(event.target.value)}
          data-testid="edit-price"
        />
      </td>
      <td className={`${css.faint} ${css.spare}`}>{order.timeInForce}</td>
      <td className="num">
        <form id={form} onSubmit={save}>
          <button type="submit" className={css.act} data-testid="edit-save">
            Save
          </button>
          <button type="button" className={css.act} onClick={onDone}>
            Keep
          </button>
        </form>
      </td>
    </tr>
  )
}
