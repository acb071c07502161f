// Order types and instructions in words: their names, each explained in one line, and an order as text. Pure; drawn by
// the ticket.

import type { Instrument, NewOrder, SelfTradePrevention, Side, TimeInForce } from '@papertape/protocol'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import type { OrderDraft, TicketOrderType } from '../orders/order-draft.ts'
import type { DraftCheck } from '../orders/ticket.ts'

interface Explained {
  readonly label: string
  /** One line of a narrow panel: at most 42 characters. */
  readonly line: string
}

export const ORDER_TYPE_TEXTS: Readonly<Record<TicketOrderType, Explained>> = {
  limit: { label: 'Limit', line: 'Trades at your price or better.' },
  market: { label: 'Market', line: 'Trades at once at the best prices.' },
  stop: { label: 'Stop', line: 'Becomes a market order at the stop price.' },
  stopLimit: { label: 'Stop limit', line: 'Becomes a limit order at the stop price.' },
}

export const TIME_IN_FORCE_TEXTS: Readonly<Record<TimeInForce, Explained>> = {
  GTC: { label: 'GTC', line: 'Stays until it is filled or canceled.' },
  DAY: { label: 'DAY', line: 'Ends with the trading day.' },
  GTD: { label: 'GTD', line: 'Stays until its expiry time.' },
  IOC: { label: 'IOC', line: 'Fills what it can now, cancels the rest.' },
  FOK: { label: 'FOK', line: 'Fills completely at once, or not at all.' },
  OPG: { label: 'OPG (opening)', line: 'Takes part in the opening auction only.' },
  CLS: { label: 'CLS (closing)', line: 'Takes part in the closing auction only.' },
}

export const SELF_TRADE_TEXTS: Readonly<Record<SelfTradePrevention, Explained>> = {
  none: { label: 'Allow', line: 'It may trade with your own orders.' },
  cancelTaker: { label: 'Cancel this order', line: 'Meeting your own order, this one ends.' },
  cancelMaker: { label: 'Cancel the other', line: 'Your own order that it meets ends.' },
  cancelBoth: { label: 'Cancel both', line: 'Meeting your own order, both end.' },
  decrement: { label: 'Reduce both', line: 'Both lose the size that would trade.' },
}

export const POST_ONLY_LINE = 'Rejected rather than trade at once.'
export const DISPLAY_SIZE_LINE = 'Iceberg: the book shows this much at a time. Empty shows all.'

const sideText = (side: Side) => (side === 'buy' ? 'Buy' : 'Sell')

type OrderToSend = Omit<NewOrder, 'clientOrderId'>

/** `100.00`, `market`, `market once ≥ 185.00`. */
function priceText({ side, price, stopPrice }: OrderToSend, decimals: number): string {
  const at = price === undefined ? 'market' : formatPrice(price, decimals)
  if (stopPrice === undefined) return at
  return `${at} once ${side === 'buy' ? '\u2265' : '\u2264'} ${formatPrice(stopPrice, decimals)}`
}

/** `Buy 100 VELTR at 184.53, GTC, post only`: the order beside its result. */
export function orderText(order: OrderToSend, { symbol, priceDecimals }: Instrument): string {
  const { side, size, timeInForce, postOnly, displaySize } = order
  const instructions = [
    timeInForce,
    postOnly === true && 'post only',
    displaySize !== undefined && `shows ${formatSize(displaySize)}`,
  ]
  const what = `${sideText(side)} ${formatSize(size)} ${symbol} at ${priceText(order, priceDecimals)}`
  return [what, ...instructions].filter(Boolean).join(', ')
}

/** `shows 100, post only`: what is set beside type and time in force; empty if nothing is. */
export function instructionsText({ displaySize, postOnly, selfTradePrevention }: OrderDraft): string {
  return [
    displaySize.trim() !== '' && `shows ${displaySize.trim()}`,
    postOnly && 'post only',
    selfTradePrevention !== 'none' && `own orders: ${SELF_TRADE_TEXTS[selfTradePrevention].label.toLowerCase()}`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** `Buy 100 @ 184.53 · 18,453`: what the button sends, and its cost. Only the side while the order is not complete. */
export function submitText(side: Side, { order, estimate }: DraftCheck, { symbol, priceDecimals }: Instrument): string {
  if (order === undefined) return `${sideText(side)} ${symbol}`
  const about = order.price === undefined ? 'about ' : ''
  const cost = estimate === undefined ? '' : ` \u00b7 ${about}${formatCash(estimate).replace(/\.00$/, '')}`
  return `${sideText(side)} ${formatSize(order.size)} @ ${priceText(order, priceDecimals)}${cost}`
}
