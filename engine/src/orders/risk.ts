// What an account may not do, checked before the book is asked, and the terms of an order that it may: where it goes, at
// which limit, and what it holds back. Pure: reads the floor, changes nothing.

import { type PlaceOrder, type Reject, type SelfTradePrevention, type Side, toCurrency } from '@papertape/protocol'
import { INSTRUCTION, SELF_TRADE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Listing } from '../model/instrument.ts'
import { isCall } from '../model/phase.ts'
import { type Floor, ownerOfAccount } from '../state/exchange-state.ts'
import {
  checkDisplaySize,
  checkKind,
  checkPhase,
  checkPrice,
  checkSize,
  checkStopPrice,
  isReject,
  reject,
} from './order-checks.ts'
import { bandLimit, collarFrom, ladderEnd, marketLimit, type PriceLimit } from './price-limits.ts'

/** An order in the core's terms. */
export interface Terms {
  readonly listing: Listing
  readonly sizeLots: number
  /** Where the order waits first: a stop for its trade, an order for the closing auction for that. */
  readonly route: 'book' | 'stop' | 'closing'
  readonly instruction: number
  /** Where it rests, or how far it trades. Of a waiting stop: its own limit, 0 without one. */
  readonly limit: PriceLimit
  readonly stopTicks: number
  /** What each lot of a buy may cost at most; 0: what the book asks now. */
  readonly heldTicks: number
}

/** A new order's terms, or why it is refused. */
export function checkPlace(floor: Floor, account: Account, order: PlaceOrder): Terms | Reject {
  const listing = floor.listing(order.symbol)
  if (listing === undefined) return unknownSymbol(floor, order.symbol)
  const untaken = checkKind(order) ?? checkPhase(listing, order)
  if (untaken !== undefined) return untaken
  const size = checkSize(listing, order.size)
  if (isReject(size)) return size
  const price = checkPrice(listing, order)
  if (isReject(price)) return price
  const stop = checkStopPrice(listing, order)
  if (isReject(stop)) return stop
  const terms = termsOf(floor, listing, order, size.lots, price.ticks, stop.ticks)
  return (
    checkDisplaySize(listing, order.size, order.displaySize, floor.rules.icebergPartsMax) ??
    checkNotional(floor, terms, price.ticks) ??
    checkRoom(floor, account, terms) ??
    checkLiquidity(floor, order, terms) ??
    checkMeans(floor, account, order, terms) ??
    terms
  )
}

/** A replaced order's new terms, where the size counts what is filled already, or why it stays as it is. */
export function checkReplace(
  floor: Floor,
  order: AccountOrder,
  size: number,
  price: number | null,
  stopPrice: number | undefined,
): Terms | Reject {
  const { account, listing } = order
  const halted = checkPhase(listing, { orderType: order.orderType, timeInForce: 'GTC' })
  if (halted !== undefined) return halted
  const isUnchanged = size === order.size && price === order.price && stopPrice === order.stopPrice
  if (isUnchanged) return unchanged(order)
  const whole = checkSize(listing, size)
  if (isReject(whole)) return whole
  const sizeLots = whole.lots - order.cumLots
  if (sizeLots <= 0) {
    return reject(
      'below-filled',
      `${order.cumSize} are filled already and the size counts them: send more than ${order.cumSize}, or cancel the order.`,
      'filledSize',
      order.cumSize,
    )
  }
  const limit = checkPrice(listing, { orderType: order.orderType, price })
  if (isReject(limit)) return limit
  const stop = checkReplacedStop(order, stopPrice)
  if (isReject(stop)) return stop
  const terms = termsOf(floor, listing, order, sizeLots, limit.ticks, stop.ticks)
  return (
    checkGrown(floor, order, size) ??
    checkNotional(floor, terms, limit.ticks) ??
    checkMeans(floor, account, order, terms, order) ??
    terms
  )
}

/** An iceberg that grows still shows what it has always shown. */
function checkGrown(
  { rules }: Floor,
  { listing, displaySize, size: before }: AccountOrder,
  size: number,
): Reject | undefined {
  return size > before ? checkDisplaySize(listing, size, displaySize, rules.icebergPartsMax) : undefined
}

function unchanged({ orderId, size, price, stopPrice }: AccountOrder): Reject {
  const stop = stopPrice === undefined ? '' : ` and stop price ${stopPrice}`
  const text = `Order ${orderId} already has size ${size} and price ${price ?? 'any'}${stop}. Send another size or price.`
  return reject('no-change', text)
}

function checkReplacedStop(order: AccountOrder, stopPrice: number | undefined): { readonly ticks: number } | Reject {
  if (order.isWaitingStop) return checkStopPrice(order.listing, { orderType: order.orderType, stopPrice })
  if (stopPrice === order.stopPrice) return { ticks: 0 }
  const text = `Order ${order.orderId} waits for no stop price${order.triggered ? ' any more' : ''}. Leave stopPrice out.`
  return reject('stop-price-not-allowed', text)
}

function unknownSymbol(floor: Floor, symbol: string): Reject {
  const known = floor.listings.map(listing => listing.symbol).join(', ')
  return reject('unknown-symbol', `There is no instrument ${symbol}. Known ones: ${known}.`)
}

type Asked = Pick<PlaceOrder, 'side' | 'orderType' | 'timeInForce' | 'postOnly'>

/** @param ticks of its limit, 0 without one. @param stopTicks of the trade that it waits for, 0 when it does not. */
function termsOf(
  floor: Floor,
  listing: Listing,
  order: Asked,
  sizeLots: number,
  ticks: number,
  stopTicks: number,
): Terms {
  const { side, orderType, timeInForce } = order
  const common = { listing, sizeLots, stopTicks }
  if (stopTicks !== 0) {
    const heldTicks = ticks === 0 ? collarFrom(floor.rules, listing, side, stopTicks).ticks : ticks
    return { ...common, route: 'stop', instruction: instructionOf(order), limit: { ticks }, heldTicks }
  }
  const route = timeInForce === 'CLS' && listing.phase !== 'closingAuction' ? 'closing' : 'book'
  if (route === 'closing' || isCall(listing.phase)) {
    const limit = { ticks: ticks === 0 ? ladderEnd(listing, side) : ticks }
    return { ...common, route, instruction: INSTRUCTION.call, limit, heldTicks: limit.ticks }
  }
  if (ticks === 0 && orderType === 'market') {
    return {
      ...common,
      route,
      instruction: instructionOf(order),
      limit: marketLimit(floor, listing, side),
      heldTicks: 0,
    }
  }
  const limit = bandLimit(listing, side, ticks)
  return { ...common, route, instruction: instructionOf(order), limit, heldTicks: limit.ticks }
}

/** What becomes in continuous trading of the part that does not trade at once. */
export function instructionOf({ orderType, timeInForce, postOnly }: Omit<Asked, 'side'>): number {
  if (timeInForce === 'FOK') return INSTRUCTION.fillOrKill
  if (timeInForce === 'IOC' || orderType === 'market' || orderType === 'stop') return INSTRUCTION.immediateOrCancel
  return postOnly ? INSTRUCTION.postOnly : INSTRUCTION.rest
}

/** At its own limit, else at its stop price, else at the last trade. */
function checkNotional(
  { rules }: Floor,
  { listing, sizeLots, stopTicks }: Terms,
  limitTicks: number,
): Reject | undefined {
  const units = listing.units(limitTicks || stopTicks || listing.lastTicks, sizeLots)
  if (units <= rules.notionalMaxUnits) return undefined
  const [worth, most] = [toCurrency(units), toCurrency(rules.notionalMaxUnits)]
  const text = `The order is worth ${worth}; one order may be worth ${most}. Send it in parts.`
  return reject('notional-too-large', text, 'notionalMax', most)
}

function checkRoom({ rules }: Floor, account: Account, { route, instruction }: Terms): Reject | undefined {
  const trades = instruction === INSTRUCTION.immediateOrCancel || instruction === INSTRUCTION.fillOrKill
  if ((route === 'book' && trades) || account.openOrders.size < rules.openOrdersMax) return undefined
  return reject(
    'too-many-orders',
    `The account has ${rules.openOrdersMax} open orders, as many as it may. Cancel one first.`,
    'openOrdersMax',
    rules.openOrdersMax,
  )
}

function checkLiquidity({ engine }: Floor, { side, orderType }: Asked, terms: Terms): Reject | undefined {
  const { listing, route, instruction } = terms
  if (orderType !== 'market' || route !== 'book' || instruction === INSTRUCTION.call) return undefined
  const best = side === 'buy' ? engine.bestAsk(listing.index) : engine.bestBid(listing.index)
  return best === 0 ? noLiquidity(listing, side) : undefined
}

export function noLiquidity({ symbol }: Listing, side: Side): Reject {
  const other = side === 'buy' ? 'sells' : 'buys'
  return reject('no-liquidity', `Nobody ${other} ${symbol} now. Send a limit order, or try again later.`)
}

/** Cash for a buy at its worst, shares for a sell; what the order that is to be replaced holds back counts as free. */
function checkMeans(
  floor: Floor,
  account: Account,
  order: { readonly side: Side; readonly selfTradePrevention?: SelfTradePrevention | undefined },
  { listing, limit, heldTicks, sizeLots }: Terms,
  replaced?: AccountOrder,
): Reject | undefined {
  const { symbol } = listing
  const { side, selfTradePrevention = 'none' } = order
  if (side === 'sell') {
    const freeLots = account.freeLots(listing) + (replaced?.leavesLots ?? 0)
    if (sizeLots <= freeLots) return undefined
    const [asked, free] = [listing.size(sizeLots), listing.size(freeLots)]
    return reject(
      'insufficient-position',
      `Selling ${asked} ${symbol} needs as many not offered yet; the account has ${free}. Nothing is sold short.`,
      'freeSize',
      free,
    )
  }
  const owner = ownerOfAccount(account)
  const selfTrade = SELF_TRADE[selfTradePrevention]
  const costUnits =
    heldTicks === 0
      ? listing.units(
          floor.engine.costToFill(listing.index, sideCode(side), sizeLots, limit.ticks, owner, selfTrade),
          1,
        )
      : listing.units(heldTicks, sizeLots)
  const freeUnits =
    account.buyingPowerUnits + (replaced === undefined ? 0 : listing.units(replaced.heldTicks, replaced.leavesLots))
  if (costUnits <= freeUnits) return undefined
  return reject(
    'insufficient-cash',
    `Buying ${listing.size(sizeLots)} ${symbol} may cost ${toCurrency(costUnits)}; the buying power is ${toCurrency(freeUnits)}. Buy less, or cancel open buy orders.`,
    'buyingPower',
    toCurrency(freeUnits),
  )
}
