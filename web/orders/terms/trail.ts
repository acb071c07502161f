// The trail of a trailing stop as typed: an amount or a percentage, and the offset of its limit. Says where its first
// stop price would be, which the exchange sets: it is for estimates alone. Pure; part of term-checks.ts.

import { type Instrument, TRAIL_PERCENT_MAX, toBasisPoints } from '@papertape/protocol'
import { formatPrice } from '../../format/format.ts'
import { type CheckedNumber, checkTypedPrice, onGrid, stepPrice } from '../checked-number.ts'
import type { OrderDraft } from '../order-draft.ts'
import { collarPrice } from '../order-share.ts'
import { readTypedNumber } from '../typed-number.ts'

type TrailDraft = Pick<OrderDraft, 'side' | 'trail' | 'trailUnit'>

const NO_TRAIL = 'Enter a trail: how far the stop price follows the last price.'

/** @param last the price that the trail is behind at first; null if it is unknown. */
export function checkTypedTrail(
  { side, trail, trailUnit }: TrailDraft,
  instrument: Instrument,
  last: number | null,
): CheckedNumber {
  if (trailUnit === 'percent') return checkPercent(trail)
  const amount = checkTypedPrice(trail, instrument, NO_TRAIL, 'trail')
  if (amount.problem !== undefined || side === 'buy' || last === null || amount.value < last) return amount
  return { problem: `The trail must be below the last price, ${formatPrice(last, instrument.priceDecimals)}.` }
}

function checkPercent(text: string): CheckedNumber {
  const typed = readTypedNumber(text, 2)
  if (typed.value === undefined) return { problem: typed.empty ? NO_TRAIL : typed.problem }
  if (typed.value > 0 && typed.value <= TRAIL_PERCENT_MAX && toBasisPoints(typed.value) !== undefined) return typed
  return { problem: `Enter a percentage from 0.01 to ${TRAIL_PERCENT_MAX}, with at most two decimals.` }
}

/** @returns undefined for an empty field. An offset of 0 puts the limit at the stop price. */
export function checkLimitOffset(text: string, instrument: Instrument): CheckedNumber | undefined {
  if (text.trim() === '') return undefined
  return readTypedNumber(text, instrument.priceDecimals).value === 0
    ? { value: 0 }
    : checkTypedPrice(text, instrument, undefined, 'limit offset')
}

/** Where the stop price starts. @param trail a number that checkTypedTrail accepts. */
export function firstStopPrice(
  { side, trailUnit }: TrailDraft,
  trail: number,
  last: number,
  { tickSize, priceDecimals }: Instrument,
): number {
  const distance = trailUnit === 'amount' ? trail : Math.max(tickSize, (last * trail) / 100)
  return onGrid(side === 'sell' ? last - distance : last + distance, tickSize, priceDecimals)
}

/** What the exchange reserves for each share of a trailing buy: its first limit, or as far as a market order trades. */
export function heldPrice(draft: OrderDraft, instrument: Instrument, last: number | null): number | undefined {
  const trail = checkTypedTrail(draft, instrument, last).value
  if (trail === undefined || last === null) return undefined
  const stopPrice = firstStopPrice(draft, trail, last, instrument)
  const offset = checkLimitOffset(draft.limitOffset, instrument)
  return offset?.value === undefined ? collarPrice(stopPrice) : stopPrice + offset.value
}

/** The trail some steps away: ticks, or tenths of a percent. An empty field starts at one percent. */
export function stepTrail(
  { trail, trailUnit }: TrailDraft,
  by: number,
  instrument: Instrument,
  last: number | null,
): string {
  const { tickSize, priceDecimals } = instrument
  if (trailUnit === 'amount') {
    const fallback = last === null ? null : Math.max(tickSize, onGrid(last / 100, tickSize, priceDecimals))
    return stepPrice(trail, by, fallback, instrument)
  }
  const from = readTypedNumber(trail, 2).value
  return String(
    from === undefined ? 1 : Math.min(TRAIL_PERCENT_MAX, Math.max(0.01, Number((from + by / 10).toFixed(2)))),
  )
}
