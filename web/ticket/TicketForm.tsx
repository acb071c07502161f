// The form of the order ticket. orders/ticket.ts checks the order, orders/desk.ts sends it. The button keeps its place:
// what explains, warns and answers is beneath it.

'use client'

import type { Instrument, OrderType, TimeInForce } from '@papertape/protocol'
import { type FormEvent, type KeyboardEvent, useEffect, useMemo } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatCash, formatPrice, formatSize, NOTHING } from '../format/format.ts'
import { createPressGuard } from '../orders/arming.ts'
import { stepPrice, stepSize } from '../orders/checked-number.ts'
import { hasPrice, hasStopPrice, timesInForce } from '../orders/order-draft.ts'
import { isPending } from '../orders/submission.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { loadPart } from '../ui/load-part.tsx'
import { ORDER_TYPE_TEXTS, orderText, submitText, TIME_IN_FORCE_TEXTS } from './order-texts.ts'
import { ShareButtons } from './ShareButtons.tsx'
import { Stepper } from './Stepper.tsx'
import { FORM_ID, SUBMIT_ID, sendByKey } from './send-by-key.ts'
import css from './Ticket.module.css'
import { TicketNotes } from './TicketNotes.tsx'
import { FIELD_IDS, focusField, isUnderFields, isWrong } from './ticket-fields.ts'
import { type TicketPartProps, useTicketCheck } from './use-ticket-check.tsx'

/** In the places of the prices; until it is loaded something as high. */
const TrailFields = loadPart(
  async () => (await import('./TrailFields.tsx')).TrailFields,
  <div className={css.stepper} />,
)

export function TicketForm({ instrument }: { readonly instrument: Instrument }) {
  const dashboard = useDashboard()
  const { desk, ticket, settings, nowMs } = dashboard
  const checked = useTicketCheck(instrument)
  const { draft, context, check, blocked, near } = checked
  const { symbol, priceDecimals } = instrument
  const { side, orderType, price } = draft
  const { latest } = useObservable(desk.state)
  const mayPress = useMemo(() => createPressGuard(nowMs), [nowMs])

  useEffect(() => {
    if (near === null || context.isStale || price !== '' || orderType !== 'limit') return
    ticket.fillPrice(symbol, near.toFixed(priceDecimals))
  }, [ticket, symbol, near, context.isStale, price, orderType, priceDecimals])

  useEffect(() => {
    if (latest?.kind !== 'order' || isPending(latest.state)) return
    if (latest.state === 'refused' || latest.state === 'absent') ticket.markRefused()
    else ticket.markAccepted()
  }, [ticket, latest])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!mayPress()) return
    if (check.order === undefined || blocked !== undefined) {
      const [first] = check.problems
      if (first !== undefined) focusField(first.field)
      return
    }
    desk.place(check.order, orderText(check.order, instrument))
    ticket.markSent()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    // A key that is held down sends one order.
    if (event.repeat) event.preventDefault()
    else if (event.target instanceof HTMLInputElement) {
      event.preventDefault()
      // A second press that follows at once must not send what the first one only moved the focus to.
      if (!settings.state.get().keysSend) mayPress()
      sendByKey(dashboard)
    }
  }

  return (
    <form id={FORM_ID} className={css.form} onSubmit={submit} onKeyDown={press} noValidate>
      <Sides side={side} onSide={next => ticket.change({ side: next })} />
      <Fields checked={checked} />
      <Sums checked={checked} />
      <button
        id={SUBMIT_ID}
        type="submit"
        className={css.submit}
        data-side={side}
        data-testid="ticket-submit"
        // Stays in the tab order, where its description says why it cannot be pressed.
        aria-disabled={blocked !== undefined}
        aria-describedby="ticket-problems ticket-reasons"
      >
        {submitText(side, check, instrument)}
      </button>
      <TicketNotes checked={checked} />
    </form>
  )
}

function Sides({ side, onSide }: { readonly side: 'buy' | 'sell'; readonly onSide: (side: 'buy' | 'sell') => void }) {
  return (
    <fieldset className={css.sides}>
      <legend className="visually-hidden">Side</legend>
      {(['buy', 'sell'] as const).map(one => (
        <label key={one} data-side={one}>
          <input
            type="radio"
            name="side"
            checked={side === one}
            onChange={() => onSide(one)}
            data-testid={`ticket-side-${one}`}
          />
          {one === 'buy' ? 'Buy' : 'Sell'}
        </label>
      ))}
    </fieldset>
  )
}

/** What the order comes to; where a field is wrong, what is wrong: an order that cannot be sent comes to nothing. */
function Sums({ checked }: TicketPartProps) {
  const { draft, context, check } = checked
  const problems = check.problems.filter(({ field }) => isUnderFields(checked, field))
  if (problems.length > 0) {
    return (
      <div id="ticket-problems" className={css.sums} data-testid="ticket-problems">
        {problems.map(({ field, text }) => (
          <p key={field} id={`${FIELD_IDS[field]}-problem`} className={css.wrong}>
            {text}
          </p>
        ))}
      </div>
    )
  }
  return (
    <dl className={css.sums}>
      <dt>{draft.side === 'buy' ? 'Cost' : 'Proceeds'}</dt>
      <dd data-testid="ticket-estimate">{formatCash(check.estimate)}</dd>
      <dt>Position</dt>
      <dd>{formatSize(context.held)}</dd>
      <dt>Buying power</dt>
      <dd data-testid="buying-power">{context.buyingPower === null ? NOTHING : formatCash(context.buyingPower)}</dd>
    </dl>
  )
}

/** Every field has its place in every order type, so that another type moves none. */
function Fields({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, instrument } = checked
  const { lotSize } = instrument
  const { orderType, timeInForce } = draft
  return (
    <div className={css.fields}>
      <select
        aria-label="Order type"
        aria-describedby="ticket-type-line"
        data-testid="ticket-type"
        value={orderType}
        onChange={event => ticket.change({ orderType: event.target.value as OrderType })}
      >
        {Object.entries(ORDER_TYPE_TEXTS).map(([type, { label }]) => (
          <option key={type} value={type}>
            {label}
          </option>
        ))}
      </select>
      <select
        id={FIELD_IDS.timeInForce}
        aria-label="Time in force"
        aria-describedby="ticket-tif-line"
        data-testid="ticket-tif"
        value={timeInForce}
        onChange={event => ticket.change({ timeInForce: event.target.value as TimeInForce })}
      >
        {timesInForce(orderType).map(one => (
          <option key={one} value={one}>
            {TIME_IN_FORCE_TEXTS[one].label}
          </option>
        ))}
      </select>
      <div className={css.lines}>
        <p id="ticket-type-line">{ORDER_TYPE_TEXTS[orderType].line}</p>
        <p id="ticket-tif-line">{TIME_IN_FORCE_TEXTS[timeInForce].line}</p>
      </div>
      <Stepper
        label="Size"
        id={FIELD_IDS.size}
        value={draft.size}
        wrong={isWrong(checked, 'size')}
        onChange={size => ticket.change({ size })}
        onStep={by => ticket.change({ size: stepSize(draft.size, by * sizeStep(lotSize), lotSize) })}
      />
      <ShareButtons checked={checked} />
      {orderType === 'trailingStop' ? <TrailFields checked={checked} /> : <PriceFields checked={checked} />}
    </div>
  )
}

function PriceFields({ checked }: TicketPartProps) {
  const { ticket } = useDashboard()
  const { draft, instrument, context, near } = checked
  const { orderType } = draft
  const fallback = near ?? context.last
  const hint = (has: boolean, none: string) => (has ? formatPrice(fallback, instrument.priceDecimals) : none)
  return (
    <>
      <Stepper
        label="Price"
        id={FIELD_IDS.price}
        value={hasPrice(orderType) ? draft.price : ''}
        placeholder={hint(hasPrice(orderType), 'market')}
        wrong={isWrong(checked, 'price')}
        disabled={!hasPrice(orderType)}
        onChange={price => ticket.change({ price })}
        onStep={by => ticket.change({ price: stepPrice(draft.price, by, fallback, instrument) })}
      />
      <Stepper
        label="Stop"
        name="Stop price"
        id={FIELD_IDS.stopPrice}
        value={hasStopPrice(orderType) ? draft.stopPrice : ''}
        placeholder={hint(hasStopPrice(orderType), 'none')}
        wrong={isWrong(checked, 'stopPrice')}
        disabled={!hasStopPrice(orderType)}
        onChange={stopPrice => ticket.change({ stopPrice })}
        onStep={by => ticket.change({ stopPrice: stepPrice(draft.stopPrice, by, context.last, instrument) })}
      />
    </>
  )
}

/** The size step in lots: a hundred shares, or one lot if lots are larger. */
function sizeStep(lotSize: number): number {
  return Math.max(1, Math.round(100 / lotSize))
}
