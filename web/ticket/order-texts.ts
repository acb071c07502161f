// Order types and instructions in words: their names, each explained in one line, and an order as text. Pure; drawn by
// the ticket.

import type { Instrument, OrderType, SelfTradePrevention, Side, TimeInForce } from '@papertape/protocol'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import { formatMoment } from '../format/time-zone.ts'
import type { OrderDraft } from '../orders/order-draft.ts'
import type { OrderWithoutIds } from '../orders/terms/order-without-ids.ts'
import type { DraftCheck } from '../orders/ticket.ts'

interface Explained {
  readonly label: string
  /** One line of a narrow panel: at most 42 characters. */
  readonly line: string
}

export const ORDER_TYPE_TEXTS: Readonly<Record<OrderType, Explained>> = {
  limit: { label: 'Limit', line: 'Trades at your price or better.' },
  market: { label: 'Market', line: 'Trades at once at the best prices.' },
  stop: { label: 'Stop', line: 'Becomes a market order at the stop price.' },
  stopLimit: { label: 'Stop limit', line: 'Becomes a limit order at the stop price.' },
  trailingStop: { label: 'Trailing stop', line: 'Its stop price follows the market.' },
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

const sideText = (side: Side) => (side === 'buy' ? 'Buy' : 'Sell')

/** `100.00`, `market`, `market once ≥ 185.00`, `market, trailing by 0.50`, `190.00 or once ≤ 180.00`. */
function priceText(order: OrderWithoutIds, decimals: number): string {
  const { side, price, stopPrice, trailAmount, trailPercent, limitOffset, orderClass, stopLoss } = order
  const once = (stop: number) => `once ${side === 'buy' ? '\u2265' : '\u2264'} ${formatPrice(stop, decimals)}`
  if (trailAmount !== undefined || trailPercent !== undefined) {
    const trail = trailAmount === undefined ? `${trailPercent}%` : formatPrice(trailAmount, decimals)
    return `${limitOffset === undefined ? 'market' : 'limit'}, trailing by ${trail}`
  }
  const at = price === undefined ? 'market' : formatPrice(price, decimals)
  if (stopPrice !== undefined) return `${at} ${once(stopPrice)}`
  return orderClass === 'oco' && stopLoss !== undefined ? `${at} or ${once(stopLoss.stopPrice)}` : at
}

/** `Buy 100 VELTR at 184.53, GTC, post only`: the order beside its result. */
export function orderText(order: OrderWithoutIds, { symbol, priceDecimals }: Instrument): string {
  const { side, size, timeInForce, expireTime, postOnly, displaySize, minSize, limitOffset } = order
  const { orderClass, takeProfit, stopLoss } = order
  const limit = stopLoss?.price
  const price = (value: number) => formatPrice(value, priceDecimals)
  const instructions = [
    expireTime === undefined ? timeInForce : `${timeInForce} until ${formatMoment(expireTime)} UTC`,
    limitOffset !== undefined && `limit ${price(limitOffset)} behind its stop`,
    postOnly === true && 'post only',
    displaySize !== undefined && `shows ${formatSize(displaySize)}`,
    minSize !== undefined && `at least ${formatSize(minSize)}`,
    takeProfit !== undefined && `take-profit ${price(takeProfit.price)}`,
    orderClass === 'bracket' && stopLoss !== undefined && `stop-loss ${price(stopLoss.stopPrice)}`,
    limit !== undefined && `its limit ${price(limit)}`,
  ]
  const what = `${sideText(side)} ${formatSize(size)} ${symbol} at ${priceText(order, priceDecimals)}`
  return [what, ...instructions].filter(Boolean).join(', ')
}

/** `shows 100, post only`: what is set beside type and time in force; empty if nothing is. */
export function instructionsText(draft: OrderDraft): string {
  const { orderType, timeInForce, expiresIn, limitOffset, displaySize, minSize, postOnly, selfTradePrevention } = draft
  const { orderClass, takeProfit, stopLoss } = draft
  // An OCO's own price takes the profit; the field may have that of a bracket before.
  const profit = orderClass === 'bracket' ? takeProfit.trim() : ''
  const exits = [profit, stopLoss.trim()].filter(Boolean).join(' / ')
  return [
    timeInForce === 'GTD' && expiresIn.trim() !== '' && `expires in ${expiresIn.trim()} min`,
    orderType === 'trailingStop' && limitOffset.trim() !== '' && `limit ${limitOffset.trim()} behind`,
    orderClass !== 'none' && `${orderClass === 'oco' ? 'OCO' : 'bracket'} ${exits}`.trim(),
    displaySize.trim() !== '' && `shows ${displaySize.trim()}`,
    minSize.trim() !== '' && `at least ${minSize.trim()}`,
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
  const exits = order.orderClass === 'bracket' ? ' with exits' : ''
  return `${sideText(side)} ${formatSize(order.size)} @ ${priceText(order, priceDecimals)}${exits}${cost}`
}
