// Settles what the matching core has just done: trades on the tape, then each side that belongs to an account; parts of
// icebergs that show next; orders of one account that were kept from trading with each other. Called right after the
// core's command, while its events are still those of it.

import type { Reject, Side } from '@papertape/protocol'
import { EVENT } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Listing } from '../model/instrument.ts'
import type { Floor } from '../state/exchange-state.ts'
import { endOrder, endUnfilled } from './order-end.ts'

/** Why an order ends, or shrinks, that met one of its own account. */
export const SELF_TRADE_PREVENTED: Reject = {
  code: 'self-trade-prevented',
  text: 'It met an order of the same account, and by the self-trade prevention of the one that came later the two do not trade.',
}

/** @param taker the arriving order, undefined when it is a desk's. Answers the lots that traded. */
export function settleFills(floor: Floor, listing: Listing, side: Side, taker: AccountOrder | undefined): number {
  const { events } = floor.engine
  const makerSide = sideCode(side) ^ 1
  let filledLots = 0
  for (let i = 0; i < events.count; i++) {
    const kind = events.kind(i)
    if (kind === EVENT.fill) {
      settleFill(floor, listing, i, side, makerSide, taker)
      filledLots += events.sizeLots(i)
    } else if (kind === EVENT.refilled) settleRefill(floor, listing, i, makerSide)
    else settlePrevented(floor, listing, i, makerSide, taker!)
  }
  return filledLots
}

/** All that an auction traded is one trade on the tape; the side that was left over counts as the aggressor. */
export function settleAuction(floor: Floor, listing: Listing, ticks: number, lots: number, aggressor: Side): void {
  const { engine, flow, depth, queues, deskOrders } = floor
  const { events } = engine
  printTrade(floor, listing, ticks, lots, aggressor, 'auction')
  for (let i = 0; i < events.count; i++) {
    const id = events.orderId(i)
    if (events.kind(i) === EVENT.refilled) {
      // It follows the trade that called for it. The order itself may be gone by now.
      settleRefill(floor, listing, i, events.side(i - 1))
      continue
    }
    const side = events.side(i)
    const filledLots = events.sizeLots(i)
    depth.touch(side, events.levelTicks(i))
    queues.headTook(listing.index, side, events.levelTicks(i), id, filledLots)
    flow?.executed(listing.index, id, side, ticks, filledLots, shownLeft(floor, i, id, events.openLots(i)))
    if (events.owner(i) < 0) fillOrder(floor, floor.accountOrders.get(id)!, filledLots, ticks, null)
    else if (events.openLots(i) === 0) deskOrders.remove(events.owner(i), id)
  }
}

/** What each trade does beside the tape, also one whose price is off the tick grid. */
export function noteTrade({ log }: Floor, listing: Listing, ticks: number, price: number, size: number): void {
  listing.minute.add(log.time, price, size)
  listing.reach(ticks)
  if (listing.bands?.trade(log.time, ticks, listing.phase === 'continuous') === true) listing.bandsMoved = true
}

function settleFill(
  floor: Floor,
  listing: Listing,
  i: number,
  side: Side,
  makerSide: number,
  taker: AccountOrder | undefined,
): void {
  const { engine, flow, depth, queues, deskOrders } = floor
  const { events } = engine
  const lots = events.sizeLots(i)
  const ticks = events.priceTicks(i)
  const makerId = events.makerId(i)
  const makerOwner = events.makerOwner(i)
  depth.touch(makerSide, ticks)
  queues.headTook(listing.index, makerSide, ticks, makerId, lots)
  flow?.executed(listing.index, makerId, makerSide, ticks, lots, shownLeft(floor, i, makerId, events.makerOpenLots(i)))
  printTrade(floor, listing, ticks, lots, side)
  if (makerOwner < 0) fillOrder(floor, floor.accountOrders.get(makerId)!, lots, ticks, 'maker')
  else if (events.makerOpenLots(i) === 0) deskOrders.remove(makerOwner, makerId)
  if (taker !== undefined) fillOrder(floor, taker, lots, ticks, 'taker')
}

/** For the flow an iceberg's next part is a new order at the end of the queue. */
function settleRefill({ engine, flow, queues, accountOrders }: Floor, listing: Listing, i: number, side: number): void {
  const { events } = engine
  const id = events.orderId(i)
  const order = events.owner(i) < 0 ? accountOrders.get(id) : undefined
  if (order !== undefined) {
    order.hiddenLots = events.hiddenLots(i)
    queues.requeued(order)
  }
  flow?.added(listing.index, id, side, events.priceTicks(i), events.sizeLots(i))
}

function settlePrevented(floor: Floor, listing: Listing, i: number, side: number, taker: AccountOrder): void {
  const { events } = floor.engine
  const maker = floor.accountOrders.get(events.makerId(i))!
  const mode = taker.selfTradePrevention
  if (mode === 'decrement') {
    const lots = events.sizeLots(i)
    loseLots(floor, listing, maker, side, lots)
    if (maker.leavesLots === lots) endUnfilled(floor, maker, 'canceled', SELF_TRADE_PREVENTED)
    else shrink(floor, maker, lots)
    if (lots < taker.leavesLots) shrink(floor, taker, lots)
  } else if (mode !== 'cancelTaker') {
    loseLots(floor, listing, maker, side, maker.shownLots)
    endUnfilled(floor, maker, 'canceled', SELF_TRADE_PREVENTED)
  }
}

/** The first of its queue has lost so many shown lots. */
function loseLots(floor: Floor, listing: Listing, maker: AccountOrder, side: number, lots: number): void {
  const { priceTicks, engineId, shownLots } = maker
  floor.depth.touch(side, priceTicks)
  floor.queues.headTook(listing.index, side, priceTicks, engineId, lots)
  floor.flow?.canceled(listing.index, engineId, side, priceTicks, lots, shownLots - lots)
}

/** Of an order that goes on; one that has nothing left ends instead. */
function shrink(floor: Floor, order: AccountOrder, lots: number): void {
  const { account } = order
  account.release(order, lots)
  order.shrink(lots)
  floor.privateLog.mark(account)
  floor.privateLog.execution(order, floor.log.ts, { execType: 'replaced', reason: SELF_TRADE_PREVENTED })
}

function printTrade(
  floor: Floor,
  listing: Listing,
  ticks: number,
  lots: number,
  aggressor: Side,
  kind?: 'auction',
): void {
  const { log, counters } = floor
  const price = listing.price(ticks)
  const size = listing.size(lots)
  listing.lastTicks = ticks
  if (kind !== 'auction') listing.takenLots[sideCode(aggressor)]! += lots
  noteTrade(floor, listing, ticks, price, size)
  log.trade(listing.symbol, ++counters.tradeId, price, size, aggressor, kind)
}

function fillOrder(
  floor: Floor,
  order: AccountOrder,
  lots: number,
  ticks: number,
  liquidity: 'maker' | 'taker' | null,
): void {
  const { account, listing } = order
  account.settle(order, lots, ticks)
  order.fill(lots, ticks)
  if (order.ended) endOrder(floor, order)
  floor.privateLog.mark(account, listing)
  floor.privateLog.execution(order, floor.log.ts, {
    execType: order.ended ? 'fill' : 'partialFill',
    lastSize: listing.size(lots),
    lastPrice: listing.price(ticks),
    liquidity,
    tradeId: floor.counters.tradeId,
  })
}

/** What the flow sees left of an order that has just traded: its shown part, and nothing before the next part shows. */
function shownLeft({ engine }: Floor, i: number, id: number, openLots: number): number {
  const { events } = engine
  if (openLots === 0) return 0
  const next = i + 1
  if (next < events.count && events.kind(next) === EVENT.refilled && events.orderId(next) === id) return 0
  return openLots - engine.hiddenLots(id)
}
