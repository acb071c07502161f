// The order ticket. orders/ticket.ts checks the order, orders/desk.ts sends it.

'use client'

import type { Instrument } from '@papertape/protocol'
import { type FormEvent, type KeyboardEvent, useEffect, useMemo } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { formatCash, formatPrice, formatSize, NOTHING } from '../format/format.ts'
import { buttonText, createPressGuard, disarmedReason } from '../orders/arming.ts'
import { canPostOnly, checkDraft, type OrderDraft, stepPrice, stepSize, timesInForce } from '../orders/ticket.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel } from '../ui/Panel.tsx'
import { SubmissionResult } from '../ui/SubmissionResult.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import { Stepper } from './Stepper.tsx'
import css from './Ticket.module.css'

export function TicketPanel({ className }: { readonly className?: string }) {
  const { store, selection } = useDashboard()
  const { symbol } = useObservable(selection.state)
  useObservable(store.instruments)
  const instrument = store.instrument(symbol)
  return (
    <Panel title="Order ticket" feeds={['trading']} className={className} testId="ticket">
      {instrument === undefined ? <Empty>Loading instruments…</Empty> : <TicketForm instrument={instrument} />}
    </Panel>
  )
}

function TicketForm({ instrument }: { readonly instrument: Instrument }) {
  const { store, depth, desk, ticket, connections, frozen, nowMs } = useDashboard()
  const { symbol, priceDecimals, lotSize } = instrument
  const draft = useObservable(ticket.state)
  const book = useObservable(depth.state)
  const row = useObservable(store.summary(symbol))
  const account = useObservable(desk.state)
  const channel = useObservable(connections.orders.facts).state
  const isFrozen = useObservable(frozen) !== null
  const isStale = useMarketStaleness()
  const held = account.positions.find(one => one.symbol === symbol)?.size ?? 0
  const buyingPower = account.balance?.buyingPower ?? null
  const check = useMemo(() => {
    const { bids, asks } = book.symbol === symbol ? book : { bids: [], asks: [] }
    return checkDraft(draft, instrument, { bids, asks, buyingPower, held, isStale })
  }, [draft, instrument, symbol, book, buyingPower, held, isStale])
  const mayPress = useMemo(() => createPressGuard(nowMs), [nowMs])
  const near = draft.side === 'buy' ? row.bid : row.ask
  const reason = disarmedReason(draft, check, { symbol, phase: row.phase, isFrozen, channel })
  // An empty field keeps the order back, but is not marked as wrong.
  const wrong = (field: 'size' | 'price' | 'timeInForce') =>
    check.problems.some(problem => problem.field === field) && (field === 'timeInForce' || draft[field].trim() !== '')

  useEffect(() => {
    if (near !== null && !isStale && draft.price === '') ticket.fillPrice(symbol, near.toFixed(priceDecimals))
  }, [ticket, symbol, near, isStale, draft.price, priceDecimals])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!mayPress() || check.order === undefined || reason !== undefined) return
    desk.place(check.order, orderText(draft, check.order, instrument))
  }
  // A key that is held down sends one order.
  const ignoreRepeats = (event: KeyboardEvent) => {
    if (event.repeat && event.key === 'Enter') event.preventDefault()
  }
  const steps = (change: (by: number) => void) => (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    change((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1))
  }
  const bySize = (lots: number) => ticket.change({ size: stepSize(draft.size, lots * sizeStep(lotSize), lotSize) })
  const byPrice = (ticks: number) =>
    ticket.change({ price: stepPrice(draft.price, ticks, near ?? row.last, instrument) })

  return (
    <form className={css.form} onSubmit={submit} onKeyDown={ignoreRepeats} noValidate>
      <fieldset className={css.sides}>
        <legend className="visually-hidden">Side</legend>
        {(['buy', 'sell'] as const).map(side => (
          <label key={side} data-side={side}>
            <input
              type="radio"
              name="side"
              checked={draft.side === side}
              onChange={() => ticket.change({ side })}
              data-testid={`ticket-side-${side}`}
            />
            {side === 'buy' ? 'Buy' : 'Sell'}
          </label>
        ))}
      </fieldset>
      <div className={css.pair}>
        <div className={css.field}>
          <label htmlFor="ticket-type">Type</label>
          <select
            id="ticket-type"
            data-testid="ticket-type"
            value={draft.orderType}
            onChange={event => ticket.change({ orderType: event.target.value as OrderDraft['orderType'] })}
          >
            <option value="limit">Limit</option>
            <option value="market">Market</option>
          </select>
        </div>
        <div className={css.field}>
          <label htmlFor="ticket-tif">Time in force</label>
          <select
            id="ticket-tif"
            data-testid="ticket-tif"
            value={draft.timeInForce}
            onChange={event => ticket.change({ timeInForce: event.target.value as OrderDraft['timeInForce'] })}
          >
            {timesInForce(draft.orderType).map(one => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
        <Stepper
          label="Size"
          id="ticket-size"
          value={draft.size}
          wrong={wrong('size')}
          onChange={size => ticket.change({ size })}
          onStep={bySize}
          onKeyDown={steps(bySize)}
        />
        <Stepper
          label={draft.orderType === 'market' ? 'Price (market)' : 'Price'}
          id="ticket-price"
          value={draft.orderType === 'market' ? '' : draft.price}
          placeholder={draft.orderType === 'market' ? 'best' : formatPrice(near ?? row.last, priceDecimals)}
          wrong={wrong('price')}
          disabled={draft.orderType === 'market'}
          onChange={price => ticket.change({ price })}
          onStep={byPrice}
          onKeyDown={steps(byPrice)}
        />
      </div>
      <div className={css.row}>
        <label className={css.check}>
          <input
            type="checkbox"
            checked={draft.postOnly}
            disabled={!canPostOnly(draft)}
            onChange={event => ticket.change({ postOnly: event.target.checked })}
            data-testid="ticket-post-only"
          />
          Post only
        </label>
        <span className={css.what}>Position {formatSize(held)}</span>
      </div>
      <dl className={css.sums}>
        <dt>{draft.side === 'buy' ? 'Estimated cost' : 'Estimated proceeds'}</dt>
        <dd data-testid="ticket-estimate">{formatCash(check.estimate)}</dd>
        <dt>Buying power</dt>
        <dd data-testid="buying-power">{buyingPower === null ? NOTHING : formatCash(buyingPower)}</dd>
      </dl>
      <button
        type="submit"
        className={css.submit}
        data-side={draft.side}
        data-testid="ticket-submit"
        disabled={reason !== undefined}
        aria-describedby="ticket-reasons"
      >
        {buttonText(draft, check, symbol, priceDecimals)}
      </button>
      {/* Below the button and of a fixed height, so that messages move nothing above. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys */}
      <section className={css.messages} aria-label="About this order" tabIndex={0}>
        <div id="ticket-reasons" data-testid="ticket-reasons">
          {reason !== undefined && !check.problems.some(({ text }) => text === reason) && (
            <p className={css.disarmed}>{reason}</p>
          )}
          {check.problems.map(({ field, text }) => (
            <p key={field} className={wrong(field) ? css.wrong : css.disarmed} id={`ticket-${field}-problem`}>
              {text}
            </p>
          ))}
        </div>
        {check.cautions.map(text => (
          <p key={text} className={css.caution}>
            {text}
          </p>
        ))}
        <SubmissionResult
          testId="ticket-result"
          submission={account.latest}
          decimals={store.instrument(account.latest?.symbol ?? symbol)?.priceDecimals ?? priceDecimals}
        />
      </section>
    </form>
  )
}

/** The size step in lots: a hundred shares, or one lot if lots are larger. */
function sizeStep(lotSize: number): number {
  return Math.max(1, Math.round(100 / lotSize))
}

function orderText(draft: OrderDraft, order: { size: number; price?: number }, instrument: Instrument): string {
  const side = draft.side === 'buy' ? 'Buy' : 'Sell'
  const at = order.price === undefined ? 'at market' : `at ${formatPrice(order.price, instrument.priceDecimals)}`
  return `${side} ${formatSize(order.size)} ${instrument.symbol} ${at}, ${draft.timeInForce}`
}
