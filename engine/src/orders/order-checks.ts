// Checks of an order's own fields: kind, phase, size and prices. Pure; each returns a reject, or the value that it
// found. Called by risk.ts, and for the price of an alert.

import {
  LOTS_MAX,
  type PlaceOrder,
  type Reject,
  type TimeInForce,
  TRAIL_PERCENT_MAX,
  toBasisPoints,
  toTicks,
} from '@papertape/protocol'
import type { TradedInstrument } from '../model/instrument.ts'
import { ACCEPTS } from '../model/phase.ts'
import { trailedStopTicks } from '../model/trail.ts'
import { isReject, reject } from './rejects.ts'

type Kind = Pick<PlaceOrder, 'orderType' | 'timeInForce' | 'postOnly' | 'displaySize' | 'limitOffset'>

export function checkKind({ orderType, timeInForce, postOnly, displaySize, limitOffset }: Kind): Reject | undefined {
  const hasLimit = orderType === 'limit' || orderType === 'stopLimit' || limitOffset !== undefined
  const mayRest = hasLimit && (timeInForce === 'DAY' || outlivesDay(timeInForce))
  if (isAuctionOnly(timeInForce) && orderType !== 'limit' && orderType !== 'market') {
    return reject.auctionOnlyStop(orderType)
  }
  if (postOnly && !mayRest) return reject.postOnlyMustRest()
  return displaySize === undefined || mayRest ? undefined : reject.icebergMustRest()
}

/** OPG and CLS. */
export function isAuctionOnly(timeInForce: TimeInForce): boolean {
  return timeInForce === 'OPG' || timeInForce === 'CLS'
}

export function outlivesDay(timeInForce: TimeInForce): boolean {
  return timeInForce === 'GTC' || timeInForce === 'GTD'
}

/** @param time of the market, which the expireTime of a GTD order is after. */
export function checkExpireTime(
  { orderType, timeInForce, expireTime }: Timed & Pick<PlaceOrder, 'expireTime'>,
  time: number,
): Reject | undefined {
  if (timeInForce !== 'GTD') return expireTime === undefined ? undefined : reject.expireTimeNotAllowed(timeInForce)
  if (orderType === 'market') return reject.marketNeverStands()
  if (expireTime === undefined) return reject.expireTimeRequired()
  return expireTime > time ? undefined : reject.expireTimeOver(expireTime, time)
}

type Timed = Pick<PlaceOrder, 'orderType' | 'timeInForce'>

export function checkPhase(instrument: TradedInstrument, { orderType, timeInForce }: Timed): Reject | undefined {
  const { orders, immediate, opening, closing } = ACCEPTS[instrument.phase]
  if (orders === 'refuse') return reject.notTrading(instrument)
  if (timeInForce === 'OPG' && !opening) return reject.tooLateForAuction(instrument, 'opening')
  if (timeInForce === 'CLS' && !closing) return reject.tooLateForAuction(instrument, 'closing')
  // IOC is the default of market orders: in a call phase such an order is collected for the auction.
  const isImmediate = timeInForce === 'FOK' || (timeInForce === 'IOC' && orderType !== 'market')
  return immediate || !isImmediate ? undefined : reject.notImmediate(instrument)
}

export function checkSize(instrument: TradedInstrument, size: number): { readonly lots: number } | Reject {
  const { lotSize } = instrument.spec
  const lots = size / lotSize
  if (Number.isInteger(lots) && lots >= 1 && lots <= LOTS_MAX) return { lots }
  const sizeMax = LOTS_MAX * lotSize
  if (lots > LOTS_MAX) return reject.badSize(instrument, size, sizeMax, 'sizeMax', sizeMax)
  return reject.badSize(instrument, size, sizeMax, lots < 1 ? 'sizeMin' : 'lotSize', lotSize)
}

/** @param partsMax the number of parts that its size may be shown in. */
export function checkDisplaySize(
  instrument: TradedInstrument,
  size: number,
  displaySize: number | undefined,
  partsMax: number,
): Reject | undefined {
  if (displaySize === undefined) return undefined
  const { lotSize } = instrument.spec
  const least = Math.ceil(size / partsMax / lotSize) * lotSize
  const isOnGrid = Number.isInteger(displaySize / lotSize)
  if (isOnGrid && displaySize >= least && displaySize <= size) return undefined
  if (displaySize < least) return reject.badDisplaySize(instrument, size, least, displaySize, 'displaySizeMin', least)
  if (displaySize > size) return reject.badDisplaySize(instrument, size, least, displaySize, 'displaySizeMax', size)
  return reject.badDisplaySize(instrument, size, least, displaySize, 'lotSize', lotSize)
}

/** The ticks of its limit; 0 where it has none. */
export function checkPrice(
  instrument: TradedInstrument,
  { orderType, price }: { readonly orderType: PlaceOrder['orderType']; readonly price?: number | null | undefined },
): { readonly ticks: number } | Reject {
  if (orderType === 'limit' || orderType === 'stopLimit') {
    if (price === undefined || price === null) return reject.priceRequired()
    return checkOnGrid(instrument, 'Price', price)
  }
  if (price === undefined || price === null) return { ticks: 0 }
  if (orderType === 'trailingStop') return reject.trailingPriceNotAllowed(price)
  return orderType === 'market'
    ? reject.priceNotAllowed('market', 'limit', price)
    : reject.priceNotAllowed('stop', 'stopLimit', price)
}

/** The ticks of its stop price; 0 where it has none. */
export function checkStopPrice(
  instrument: TradedInstrument,
  { orderType, stopPrice }: { readonly orderType: PlaceOrder['orderType']; readonly stopPrice?: number | undefined },
): { readonly ticks: number } | Reject {
  const isStop = orderType === 'stop' || orderType === 'stopLimit'
  if (stopPrice === undefined) return isStop ? reject.stopPriceRequired(orderType) : { ticks: 0 }
  if (isStop) return checkOnGrid(instrument, 'Stop price', stopPrice)
  return reject.stopPriceNotAllowed(orderType, stopPrice)
}

/** The ticks of the first stop price of a trailing stop; undefined for any other order, which has no trail. */
export function checkTrail(
  instrument: TradedInstrument,
  order: PlaceOrder,
): { readonly ticks: number } | Reject | undefined {
  const { orderType, trailAmount, trailPercent, limitOffset, stopPrice } = order
  const hasTerms = trailAmount !== undefined || trailPercent !== undefined || limitOffset !== undefined
  if (orderType !== 'trailingStop') return hasTerms ? reject.trailNotAllowed(orderType) : undefined
  if (stopPrice !== undefined) return reject.trailingStopPriceNotAllowed()
  if ((trailAmount === undefined) === (trailPercent === undefined)) return reject.trailRequired()
  if (trailPercent !== undefined && !isTrailPercent(trailPercent)) return reject.badTrailPercent(TRAIL_PERCENT_MAX)
  const amount = trailAmount === undefined ? undefined : checkOnGrid(instrument, 'trailAmount', trailAmount)
  if (amount !== undefined && isReject(amount)) return amount
  // An offset of 0 puts the limit at the stop price.
  const offset = limitOffset ? checkOnGrid(instrument, 'limitOffset', limitOffset) : undefined
  if (offset !== undefined && isReject(offset)) return offset
  const ticks = trailedStopTicks(instrument, order, instrument.lastTicks)
  return checkOnGrid(instrument, 'Stop price', instrument.price(ticks))
}

function isTrailPercent(trailPercent: number): boolean {
  return trailPercent <= TRAIL_PERCENT_MAX && (toBasisPoints(trailPercent) ?? 0) > 0
}

/** @param name of the field, at the beginning of a sentence. */
export function checkOnGrid(
  instrument: TradedInstrument,
  name: string,
  price: number,
): { readonly ticks: number } | Reject {
  const { spec } = instrument
  const low = instrument.price(1)
  const high = instrument.price(spec.priceTicksMax)
  if (price < low) return reject.outsideLadder(instrument, name, price, [low, high], 'priceMin')
  if (price > high) return reject.outsideLadder(instrument, name, price, [low, high], 'priceMax')
  const ticks = toTicks(spec, price)
  if (ticks !== undefined) return { ticks }
  const below = Math.floor(price / low)
  const nearest = [instrument.price(below), instrument.price(below + 1)] as const
  return reject.offTick(instrument, name, price, low, nearest)
}
