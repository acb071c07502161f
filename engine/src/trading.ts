// Settles what the matching core has just traded: the trade on the tape, then each side that belongs to an account. Called
// right after a place or a replace, while the core's events are still those of that order.

import type { Side } from '@papertape/protocol'
import type { AccountOrder } from './account-order.ts'
import { SIDE } from './codes.ts'
import type { Floor } from './floor.ts'
import type { Listing } from './listing.ts'

export function sideCode(side: Side): number {
  return side === 'buy' ? SIDE.buy : SIDE.sell
}

/** @param taker the arriving order, undefined when it is a desk's. Answers the lots that traded. */
export function settleFills(floor: Floor, listing: Listing, side: Side, taker: AccountOrder | undefined): number {
  const { engine, deskOrders, depth } = floor
  const { events } = engine
  const makerSide = sideCode(side) ^ 1
  let filledLots = 0
  for (let i = 0; i < events.count; i++) {
    const lots = events.sizeLots(i)
    const ticks = events.priceTicks(i)
    const makerId = events.makerId(i)
    const makerOwner = events.makerOwner(i)
    depth.touch(makerSide, ticks)
    floor.flow?.executed(listing.index, makerId, makerSide, ticks, lots, events.makerOpenLots(i))
    printTrade(floor, listing, ticks, lots, side)
    if (makerOwner < 0) fillOrder(floor, floor.accountOrders.get(makerId)!, lots, ticks, 'maker')
    else if (events.makerOpenLots(i) === 0) deskOrders.remove(makerOwner, makerId)
    if (taker !== undefined) fillOrder(floor, taker, lots, ticks, 'taker')
    filledLots += lots
  }
  return filledLots
}

/** An account's order is done: it rests no longer, and will be forgotten in a day. */
export function endOrder(floor: Floor, order: AccountOrder): void {
  order.endedTs = floor.log.ts
  order.account.openOrders.delete(order.orderId)
  floor.accountOrders.delete(order.engineId)
  floor.ended.add(order)
}

function printTrade(floor: Floor, listing: Listing, ticks: number, lots: number, aggressor: Side): void {
  const { log, counters } = floor
  const price = listing.price(ticks)
  const size = listing.size(lots)
  listing.lastTicks = ticks
  listing.minute.add(log.time, price, size)
  log.trade(listing.symbol, ++counters.tradeId, price, size, aggressor)
}

function fillOrder(floor: Floor, order: AccountOrder, lots: number, ticks: number, liquidity: 'maker' | 'taker'): void {
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
