// Checks whether an account may place or replace an order, before the book is asked, and works out the order's terms:
// where it goes, its limit, and what it reserves. Pure: reads the state, changes nothing.

import {
  type Order,
  type PlaceOrder,
  type Reject,
  type SelfTradePrevention,
  type Side,
  type TestDirective,
  toCurrency,
} from '@papertape/protocol'
import { INSTRUCTION, SELF_TRADE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { type Account, ownerOfAccount } from '../model/account.ts'
import { type AccountOrder, isFilledByScript } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isCall } from '../model/phase.ts'
import { trailedLimitTicks } from '../model/trail.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { checkMargin } from './margin-check.ts'
import { checkMinFill, checkMinSize } from './min-size.ts'
import {
  checkDisplaySize,
  checkExpireTime,
  checkKind,
  checkPhase,
  checkPrice,
  checkSize,
  checkStopPrice,
  checkTrail,
} from './order-checks.ts'
import { checkLegPrices, checkList, legsOf } from './order-lists.ts'
import { bandLimit, collarFrom, ladderEnd, marketLimit, type PriceLimit } from './price-limits.ts'
import { isReject, reject } from './rejects.ts'
import { scriptedTicks } from './scripted-fills.ts'
import { shownLevels } from './shown-levels.ts'

/** An order in the matching engine's terms. */
export interface Terms {
  readonly instrument: TradedInstrument
  readonly sizeLots: number
  /** Where the order goes first: into the book, beside it, or to those that wait for a trade or the closing auction. */
  readonly route: 'book' | 'offBook' | 'stop' | 'closing'
  readonly instruction: number
  /** How far it trades, and where it rests. Of a waiting stop: its own limit, 0 without one. */
  readonly limit: PriceLimit
  readonly stopTicks: number
  /** The price that each lot of a buy may have at most; 0: the present prices of the book. */
  readonly heldTicks: number
}

/** A new order's terms, or its reject. */
export function checkPlace(state: ExchangeState, account: Account, order: PlaceOrder & Modelled): Terms | Reject {
  if (order.refuse !== undefined) return reject.onRequest(order.refuse)
  const instrument = state.instrument(order.symbol)
  if (instrument === undefined) return reject.unknownSymbol(order.symbol, state.instruments)
  const unacceptable =
    checkList(order) ?? checkKind(order) ?? checkExpireTime(order, state.log.time) ?? checkPhase(instrument, order)
  if (unacceptable !== undefined) return unacceptable
  const size = checkSize(instrument, order.size)
  if (isReject(size)) return size
  const price = checkPrice(instrument, order)
  if (isReject(price)) return price
  const stop = checkTrail(instrument, order) ?? checkStopPrice(instrument, order)
  if (isReject(stop)) return stop
  const limitTicks = price.ticks || trailedLimitTicks(instrument, order, stop.ticks)
  const terms = termsOf(state, instrument, order, size.lots, limitTicks, stop.ticks)
  return (
    checkDisplaySize(instrument, order.size, order.displaySize, state.rules.icebergPartsMax) ??
    checkMinSize(instrument, order) ??
    checkNotional(state, terms, limitTicks) ??
    checkRoom(state, account, terms, legsOf(order).length) ??
    checkLegs(state, order) ??
    checkLiquidity(state, order, terms) ??
    checkMinFill(state, account, order, instrument, terms.limit.ticks) ??
    checkFunds(state, account, order, coveringTerms(state, order) ?? terms) ??
    terms
  )
}

/** Of a leg of a list whose order has been accepted, or its reject. */
export function checkLeg(state: ExchangeState, leg: PlaceOrder): Terms | Reject {
  const instrument = state.instrument(leg.symbol)!
  const size = checkSize(instrument, leg.size)
  if (isReject(size)) return size
  const price = checkPrice(instrument, leg)
  if (isReject(price)) return price
  const stop = checkStopPrice(instrument, leg)
  if (isReject(stop)) return stop
  const terms = termsOf(state, instrument, { ...leg, held: true }, size.lots, price.ticks, stop.ticks)
  return checkNotional(state, terms, price.ticks) ?? terms
}

function checkLegs(state: ExchangeState, order: PlaceOrder): Reject | undefined {
  return legsOf(order)
    .map(({ order: leg }) => checkLeg(state, leg))
    .find(isReject)
}

/** Of the stop-loss of an oco, which reserves for both. */
function coveringTerms(state: ExchangeState, order: PlaceOrder): Terms | undefined {
  if (order.orderClass !== 'oco') return undefined
  const terms = checkLeg(state, legsOf(order)[0]!.order)
  return isReject(terms) ? undefined : terms
}

/** A replaced order's new terms, or its reject. @param size includes what is filled already. */
export function checkReplace(
  state: ExchangeState,
  order: AccountOrder,
  size: number,
  price: number | null,
  stopPrice: number | undefined,
): Terms | Reject {
  const { account, instrument } = order
  const halted = checkPhase(instrument, { orderType: order.orderType, timeInForce: 'GTC' })
  if (halted !== undefined) return halted
  const isUnchanged = size === order.size && price === order.price && stopPrice === order.stopPrice
  if (isUnchanged) return reject.noChange(order.orderId, order.size, order.price, order.stopPrice)
  const whole = checkSize(instrument, size)
  if (isReject(whole)) return whole
  const sizeLots = whole.lots - order.cumLots
  if (sizeLots <= 0) return reject.belowFilled(order.cumSize)
  const limit = checkPrice(instrument, { orderType: order.price === null ? order.orderType : 'limit', price })
  if (isReject(limit)) return limit
  const stop = checkReplacedStop(order, stopPrice)
  if (isReject(stop)) return stop
  const limitTicks = limit.ticks || trailedLimitTicks(instrument, order, stop.ticks)
  const terms = termsOf(state, instrument, order, sizeLots, limitTicks, stop.ticks)
  return (
    checkInList(state, order, size, price, stopPrice) ??
    checkGrown(state, order, size) ??
    checkNotional(state, terms, limitTicks) ??
    (order.reserves ? checkFunds(state, account, order, terms, order) : undefined) ??
    terms
  )
}

/** An order of a list keeps its size, and a leg its side of the other one. */
function checkInList(
  { openOrders }: ExchangeState,
  order: AccountOrder,
  size: number,
  price: number | null,
  stopPrice: number | undefined,
): Reject | undefined {
  const others = openOrders.besideInList(order)
  if (others.length === 0) return undefined
  if (size !== order.size) return reject.sizeOfList()
  const other = others.find(({ listRole }) => listRole !== 'entry' && listRole !== order.listRole)
  if (other === undefined || order.listRole === 'entry') return undefined
  return order.listRole === 'takeProfit'
    ? checkLegPrices(order.side, price!, other.stopPrice!, other.price)
    : checkLegPrices(order.side, other.price!, stopPrice!, price)
}

/** A replace does not change the display size: it must still be enough for the larger order. */
function checkGrown(
  { rules }: ExchangeState,
  { instrument, displaySize, size: before }: AccountOrder,
  size: number,
): Reject | undefined {
  return size > before ? checkDisplaySize(instrument, size, displaySize, rules.icebergPartsMax) : undefined
}

function checkReplacedStop(order: AccountOrder, stopPrice: number | undefined): { readonly ticks: number } | Reject {
  if (order.isWaitingStop && order.isTrailing) {
    return stopPrice === order.stopPrice ? { ticks: order.stopTicks } : reject.trailingStopPriceNotAllowed()
  }
  if (order.isWaitingStop) return checkStopPrice(order.instrument, { orderType: order.orderType, stopPrice })
  if (stopPrice === order.stopPrice) return { ticks: 0 }
  return reject.noStopToReplace(order.orderId, order.triggered)
}

type OrderKind = Pick<PlaceOrder, 'side' | 'orderType' | 'timeInForce' | 'postOnly'> & {
  readonly limitOffset?: number | undefined
  readonly testDirective?: TestDirective | undefined
  readonly held?: true | undefined
} & Modelled

/** By which model it fills beside the book. */
type Modelled = { readonly fillModel?: Order['fillModel'] | undefined }

/** @param ticks of its limit, 0 without one. @param stopTicks of its stop price, 0 without one. */
function termsOf(
  state: ExchangeState,
  instrument: TradedInstrument,
  order: OrderKind,
  sizeLots: number,
  ticks: number,
  stopTicks: number,
): Terms {
  const { side, orderType, timeInForce } = order
  const common = { instrument, sizeLots, stopTicks }
  if (isFilledByScript(order)) {
    const limit = ticks === 0 ? { ticks: scriptedTicks(state, instrument, side) } : bandLimit(instrument, side, ticks)
    return { ...common, route: 'offBook', instruction: instructionOf(order), limit, heldTicks: limit.ticks }
  }
  if (order.fillModel !== undefined && stopTicks === 0) {
    const route = 'offBook'
    const instruction = instructionOf(order)
    if (ticks !== 0) {
      const limit = isCall(instrument.phase) ? { ticks } : bandLimit(instrument, side, ticks)
      return { ...common, route, instruction, limit, heldTicks: limit.ticks }
    }
    // The optimistic one is filled whole at the best price, the other one level by level.
    const heldTicks = order.fillModel === 'optimistic' ? scriptedTicks(state, instrument, side) : 0
    return { ...common, route, instruction, limit: marketLimit(state, instrument, side), heldTicks }
  }
  if (stopTicks !== 0) {
    const heldTicks = ticks === 0 ? collarFrom(state.rules, instrument, side, stopTicks).ticks : ticks
    return { ...common, route: 'stop', instruction: instructionOf(order), limit: { ticks }, heldTicks }
  }
  const route = timeInForce === 'CLS' && instrument.phase !== 'closingAuction' ? 'closing' : 'book'
  if (route === 'closing' || isCall(instrument.phase)) {
    const limit = { ticks: ticks === 0 ? ladderEnd(instrument, side) : ticks }
    return { ...common, route, instruction: INSTRUCTION.call, limit, heldTicks: limit.ticks }
  }
  if (ticks === 0 && orderType === 'market') {
    return {
      ...common,
      route,
      instruction: instructionOf(order),
      limit: marketLimit(state, instrument, side),
      heldTicks: 0,
    }
  }
  // A held order gets the price of the band when it starts.
  const limit = order.held ? { ticks } : bandLimit(instrument, side, ticks)
  return { ...common, route, instruction: instructionOf(order), limit, heldTicks: limit.ticks }
}

/** For continuous trading. */
export function instructionOf({ orderType, timeInForce, postOnly, limitOffset }: Omit<OrderKind, 'side'>): number {
  if (timeInForce === 'FOK') return INSTRUCTION.fillOrKill
  const becomesMarket = orderType === 'stop' || (orderType === 'trailingStop' && limitOffset === undefined)
  if (timeInForce === 'IOC' || orderType === 'market' || becomesMarket) return INSTRUCTION.immediateOrCancel
  return postOnly ? INSTRUCTION.postOnly : INSTRUCTION.rest
}

/** Valued at its own limit, else at its stop price, else at the last trade. */
function checkNotional(
  { rules }: ExchangeState,
  { instrument, sizeLots, stopTicks }: Terms,
  limitTicks: number,
): Reject | undefined {
  const units = instrument.units(limitTicks || stopTicks || instrument.lastTicks, sizeLots)
  if (units <= rules.notionalMaxUnits) return undefined
  return reject.notionalTooLarge(toCurrency(units), toCurrency(rules.notionalMaxUnits))
}

function checkRoom(
  { rules, openOrders }: ExchangeState,
  account: Account,
  { route, instruction }: Terms,
  legsCount: number,
): Reject | undefined {
  const isImmediate = instruction === INSTRUCTION.immediateOrCancel || instruction === INSTRUCTION.fillOrKill
  const opened = legsCount + (route === 'book' && isImmediate ? 0 : 1)
  if (openOrders.ofAccount(account).size + opened <= rules.openOrdersMax) return undefined
  return reject.tooManyOrders(rules.openOrdersMax)
}

function checkLiquidity({ books }: ExchangeState, { side, orderType }: OrderKind, terms: Terms): Reject | undefined {
  const { instrument, route, instruction } = terms
  if (orderType !== 'market' || route !== 'book' || instruction === INSTRUCTION.call) return undefined
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  return best === 0 ? reject.noLiquidity(instrument, side) : undefined
}

/**
 * Cash for a buy at its worst price, shares for a sell, equity for either in a margin account. What the replaced order
 * has reserved counts as free.
 */
export function checkFunds(
  state: ExchangeState,
  account: Account,
  order: { readonly side: Side; readonly selfTradePrevention?: SelfTradePrevention | undefined } & Modelled,
  { instrument, limit, heldTicks, sizeLots }: Pick<Terms, 'instrument' | 'limit' | 'heldTicks' | 'sizeLots'>,
  replaced?: AccountOrder,
): Reject | undefined {
  const { side, selfTradePrevention = 'none' } = order
  if (side === 'sell') {
    if (account.margin !== undefined) {
      return checkMargin(account, { instrument, side, sizeLots, costUnits: 0 }, replaced)
    }
    const freeLots = account.freeLots(instrument) + (replaced?.leavesLots ?? 0)
    if (sizeLots <= freeLots) return undefined
    return reject.insufficientPosition(instrument, instrument.size(sizeLots), instrument.size(freeLots))
  }
  const owner = ownerOfAccount(account)
  const selfTrade = SELF_TRADE[selfTradePrevention]
  const costUnits =
    heldTicks === 0
      ? instrument.costOfAllAtMost(
          instrument.units(
            order.fillModel === undefined
              ? state.books.costToFill(instrument.index, sideCode(side), sizeLots, limit.ticks, owner, selfTrade)
              : shownLevels(state, instrument, side, sizeLots, limit.ticks).reduce(
                  (sum, { ticks, lots }) => sum + ticks * lots,
                  0,
                ),
            1,
          ),
          sizeLots,
        )
      : instrument.costAtMost(heldTicks, sizeLots)
  if (account.margin !== undefined) return checkMargin(account, { instrument, side, sizeLots, costUnits }, replaced)
  const freeUnits =
    account.buyingPowerUnits +
    (replaced === undefined ? 0 : instrument.costAtMost(replaced.heldTicks, replaced.leavesLots))
  if (costUnits <= freeUnits) return undefined
  return reject.insufficientCash(instrument, instrument.size(sizeLots), toCurrency(costUnits), toCurrency(freeUnits))
}
