// Open orders: cancel one, cancel all, edit size or price in the row. orders/order-edit.ts checks the edit.

'use client'

import type { Instrument, Order, OrderType } from '@papertape/protocol'
import { type FormEvent, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatPrice, formatSize, formatTime } from '../format/format.ts'
import { CHANNEL_PROBLEMS } from '../orders/arming.ts'
import { checkEdit } from '../orders/order-edit.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from '../ui/lists.module.css'
import { EmptyAccount } from './EmptyAccount.tsx'

export function OpenOrders() {
  const { desk, store } = useDashboard()
  const { orders } = useObservable(desk.state)
  const [editing, setEditing] = useState<string>()
  // The focus returns to the button that opened the edit.
  const [edited, setEdited] = useState<string>()
  if (orders.length === 0) return <EmptyAccount text="No open orders." />
  return (
    <div className={css.scroll}>
      <table className={`${css.figures} ${css.roomy} ${css.orders}`}>
        <caption className="visually-hidden">Open orders, newest first</caption>
        <thead>
          <tr>
            <th scope="col" className={`${css.spare} ${css.time}`}>
              Time
            </th>
            <th scope="col">Order</th>
            <th scope="col" className={`num ${css.spare} ${css.filled}`}>
              Filled
            </th>
            <th scope="col" className={`num ${css.amount}`}>
              Size
            </th>
            <th scope="col" className={`num ${css.money}`}>
              Price
            </th>
            <th scope="col" className={`num ${css.acts}`}>
              <button type="button" className={css.act} onClick={() => desk.cancelAll()} data-testid="cancel-all">
                Cancel all
              </button>
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map(order => {
            const instrument = store.instrument(order.symbol)
            return order.orderId === editing && instrument !== undefined ? (
              <OrderEditRow
                key={order.orderId}
                order={order}
                instrument={instrument}
                onDone={() => {
                  setEditing(undefined)
                  setEdited(order.orderId)
                }}
              />
            ) : (
              <OrderRow
                key={order.orderId}
                order={order}
                instrument={instrument}
                wasEdited={order.orderId === edited}
                onEdit={() => setEditing(order.orderId)}
                onCancel={() => desk.cancel(order)}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const TYPE_TEXTS: Readonly<Record<OrderType, string>> = {
  limit: 'limit',
  market: 'market',
  stop: 'stop',
  stopLimit: 'stop limit',
}

/** The columns that cannot be edited: time, order, filled. */
function OrderCells({ order }: { readonly order: Order }) {
  const buys = order.side === 'buy'
  return (
    <>
      <td className={`${css.faint} ${css.spare}`}>{formatTime(order.ts / 1_000)}</td>
      <td className={css.what}>
        <span className={buys ? 'up' : 'down'}>{buys ? '▲ Buy' : '▼ Sell'}</span>{' '}
        <span className={css.strong}>{order.symbol}</span>
        <span className={css.sub}>
          {TYPE_TEXTS[order.orderType]} · {order.timeInForce}
          {order.postOnly && ' · post only'}
        </span>
      </td>
      <td className={`num ${css.spare}`}>{formatSize(order.cumSize)}</td>
    </>
  )
}

/** `stop 184.00` while it waits, then `triggered at 184.00`. */
function Trigger({ order, decimals }: { readonly order: Order; readonly decimals: number }) {
  if (order.stopPrice === undefined) return null
  return (
    <span className={css.sub}>
      {order.triggered ? 'triggered at' : 'stop'} {formatPrice(order.stopPrice, decimals)}
    </span>
  )
}

interface OrderRowProps {
  readonly order: Order
  readonly instrument: Instrument | undefined
  readonly wasEdited: boolean
  readonly onEdit: () => void
  readonly onCancel: () => void
}

function OrderRow({ order, instrument, wasEdited, onEdit, onCancel }: OrderRowProps) {
  const decimals = instrument?.priceDecimals ?? 2
  return (
    <tr data-testid={`order-${order.clientOrderId}`}>
      <OrderCells order={order} />
      <td className="num">{formatSize(order.size)}</td>
      <td className="num">
        {order.price === null ? 'market' : formatPrice(order.price, decimals)}
        <Trigger order={order} decimals={decimals} />
      </td>
      <td className="num">
        <button
          type="button"
          className={css.act}
          disabled={instrument === undefined}
          // biome-ignore lint/a11y/noAutofocus: the field that had the focus is gone
          autoFocus={wasEdited}
          onClick={onEdit}
          data-testid="order-edit"
        >
          Edit
        </button>
        <button type="button" className={css.act} onClick={onCancel} data-testid="order-cancel">
          Cancel
        </button>
      </td>
    </tr>
  )
}

interface OrderEditRowProps {
  readonly order: Order
  readonly instrument: Instrument
  readonly onDone: () => void
}

function OrderEditRow({ order, instrument, onDone }: OrderEditRowProps) {
  const { desk, connections } = useDashboard()
  const channel = useObservable(connections.orders.facts).state
  const { priceDecimals } = instrument
  const [size, setSize] = useState(String(order.size))
  const [price, setPrice] = useState(order.price?.toFixed(priceDecimals) ?? '')
  const { sizeProblem, priceProblem, change } = checkEdit(order, { size, price }, instrument)
  const problems = [sizeProblem, priceProblem, CHANNEL_PROBLEMS[channel]].filter(text => text !== undefined)
  const id = `edit-${order.orderId}`
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (problems.length > 0 || change === undefined) {
      document.getElementById(sizeProblem === undefined ? `${id}-price` : `${id}-size`)?.focus()
      return
    }
    if (Object.keys(change).length > 0) desk.replace(order, change)
    onDone()
  }
  const field = (name: 'size' | 'price', text: string, problem: string | undefined, onText: (text: string) => void) => (
    <input
      id={`${id}-${name}`}
      form={id}
      className={css.edit}
      aria-label={`New ${name}`}
      aria-invalid={problem !== undefined}
      aria-describedby={problem === undefined ? undefined : `${id}-problems`}
      inputMode={name === 'size' ? 'numeric' : 'decimal'}
      autoComplete="off"
      // biome-ignore lint/a11y/noAutofocus: the button that was pressed is gone
      autoFocus={name === 'size'}
      value={text}
      onChange={event => onText(event.target.value)}
      data-testid={`edit-${name}`}
    />
  )
  const cancelOnEscape = (event: { readonly key: string }) => event.key === 'Escape' && onDone()
  return (
    <>
      <tr data-testid={`order-${order.clientOrderId}`} data-editing onKeyDown={cancelOnEscape}>
        <OrderCells order={order} />
        <td className="num">{field('size', size, sizeProblem, setSize)}</td>
        <td className="num">
          {order.price === null ? 'market' : field('price', price, priceProblem, setPrice)}
          <Trigger order={order} decimals={priceDecimals} />
        </td>
        <td className="num">
          <form id={id} onSubmit={save} noValidate>
            <button type="submit" className={css.act} data-testid="edit-save">
              Save
            </button>
            <button type="button" className={css.act} onClick={onDone} data-testid="edit-keep">
              Discard
            </button>
          </form>
        </td>
      </tr>
      {problems.length > 0 && (
        <tr>
          {/* The same number of cells as the other rows, in wide and narrow lists. */}
          <td className={css.spare} />
          <td colSpan={4} className={css.problems}>
            <div id={`${id}-problems`} role="alert" data-testid="edit-problems">
              {problems.map(text => (
                <p key={text}>{text}</p>
              ))}
            </div>
          </td>
          <td className={css.spare} />
        </tr>
      )}
    </>
  )
}
