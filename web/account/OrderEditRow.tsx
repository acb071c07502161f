// The row of an open order while it is edited: a field for each value that can be changed, under the same columns.
// orders/order-edit.ts checks them; a value with a problem is not sent and not corrected.

'use client'

import type { Instrument, Order } from '@papertape/protocol'
import { type FormEvent, type KeyboardEvent, useMemo, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatSize, formatTime } from '../format/format.ts'
import { CHANNEL_PROBLEMS, createPressGuard, keyRefusal } from '../orders/arming.ts'
import { checkEdit, EDIT_FIELDS, EDIT_NAMES, type EditField, editableFields } from '../orders/order-edit.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import { Filled, limitText, OrderTerms, Pair, Trigger } from './OrderParts.tsx'
import css from './tables.module.css'

interface OrderEditRowProps {
  readonly order: Order
  readonly instrument: Instrument
  readonly aheadSize: number | undefined
  readonly onDone: () => void
}

export function OrderEditRow({ order, instrument, aheadSize, onDone }: OrderEditRowProps) {
  const { desk, connections, settings, announcements, nowMs } = useDashboard()
  const channel = useObservable(connections.orders.facts).state
  const { priceDecimals } = instrument
  const [typed, setTyped] = useState({
    size: String(order.size),
    price: order.price?.toFixed(priceDecimals) ?? '',
    stopPrice: order.stopPrice?.toFixed(priceDecimals) ?? '',
  })
  const { problems, change } = checkEdit(order, typed, instrument)
  const channelProblem = CHANNEL_PROBLEMS[channel]
  const texts = [...EDIT_FIELDS.map(field => problems[field]), channelProblem].filter(text => text !== undefined)
  const id = `edit-${order.orderId}`
  const mayPress = useMemo(() => createPressGuard(nowMs), [nowMs])
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!mayPress()) return
    if (change === undefined || channelProblem !== undefined) {
      const field = EDIT_FIELDS.find(one => problems[one] !== undefined) ?? 'size'
      document.getElementById(`${id}-${field}`)?.focus()
      return
    }
    if (Object.keys(change).length > 0) desk.replace(order, change)
    onDone()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onDone()
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
    const refusal = keyRefusal('replace', settings.state.get().keysSend)
    if (refusal === undefined) return
    event.preventDefault()
    // As in the ticket: a second press that follows at once must not save.
    mayPress()
    document.getElementById(`${id}-save`)?.focus()
    announcements.announce(`${refusal} Enter on the button saves.`, 'keys')
  }
  const editable = editableFields(order)
  const field = (name: EditField) => (
    <input
      id={`${id}-${name}`}
      form={id}
      className={css.edit}
      aria-label={`New ${EDIT_NAMES[name]}`}
      aria-invalid={problems[name] !== undefined}
      aria-describedby={texts.length === 0 ? undefined : `${id}-problems`}
      inputMode={name === 'size' ? 'numeric' : 'decimal'}
      autoComplete="off"
      // biome-ignore lint/a11y/noAutofocus: the button that was pressed is gone
      autoFocus={name === editable[0]}
      value={typed[name]}
      onChange={event => setTyped({ ...typed, [name]: event.target.value })}
      data-testid={`edit-${name === 'stopPrice' ? 'stop' : name}`}
    />
  )
  const size = editable.includes('size') ? field('size') : formatSize(order.size)
  const price = editable.includes('price') ? field('price') : limitText(order, priceDecimals)
  const stop = editable.includes('stopPrice') ? field('stopPrice') : <Trigger order={order} decimals={priceDecimals} />
  return (
    <>
      <tr data-testid={`order-${order.clientOrderId}`} data-editing onKeyDown={press}>
        <td className={`${lists.faint} ${css.spare}`}>{formatTime(order.ts / 1_000)}</td>
        <td className={css.what}>
          <OrderTerms order={order} />
        </td>
        <td className="num">
          <Pair first={size} second={<Filled size={order.cumSize} />} />
        </td>
        <td className="num">
          <Pair first={price} second={stop} />
        </td>
        <td className={`num ${css.wide}`}>{formatSize(aheadSize)}</td>
        <td className="num">
          <form id={id} onSubmit={save} noValidate>
            <button
              id={`${id}-save`}
              type="submit"
              className={lists.act}
              // Stays in the tab order: a press goes to the field that is wrong.
              aria-disabled={texts.length > 0}
              aria-describedby={texts.length === 0 ? undefined : `${id}-problems`}
              data-testid="edit-save"
            >
              Save
            </button>
            <button type="button" className={lists.act} onClick={onDone} data-testid="edit-keep">
              Discard
            </button>
          </form>
        </td>
      </tr>
      {texts.length > 0 && (
        <tr>
          {/* As many cells as the other rows have, in wide and in narrow lists. */}
          <td className={css.spare} />
          <td colSpan={4} className={css.problems}>
            <div id={`${id}-problems`} role="alert" data-testid="edit-problems">
              {texts.map(text => (
                <p key={text}>{text}</p>
              ))}
            </div>
          </td>
          <td className={css.wide} />
        </tr>
      )}
    </>
  )
}
