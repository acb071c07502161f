// The end of an account's order that did not fill: out of the book, or of what waits beside it, its cash or shares free
// again, its owner told why. For commands, phases and whatever else ends orders.

import type { Execution, Reject } from '@papertape/protocol'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Floor } from '../state/exchange-state.ts'

/** The order is done: it rests or waits no longer. The execution that says so follows. */
export function endOrder(floor: Floor, order: AccountOrder): void {
  if (order.engineId !== 0) floor.queues.leave(order)
  order.account.openOrders.delete(order.orderId)
  floor.accountOrders.delete(order.engineId)
}

/** Nothing of the order is in a book any more: what it had open is free again. */
export function endUnfilled(
  floor: Floor,
  order: AccountOrder,
  end: 'canceled' | 'expired',
  reason?: Reject,
): Execution {
  order.account.release(order, order.leavesLots)
  order.leavesLots = 0
  order.follow(end === 'canceled' ? 'cancel' : 'expire')
  endOrder(floor, order)
  floor.privateLog.mark(order.account)
  return floor.privateLog.execution(order, floor.log.ts, { execType: end, ...(reason === undefined ? {} : { reason }) })
}

/** Takes an open order away from wherever it is. */
export function withdraw(floor: Floor, order: AccountOrder, end: 'canceled' | 'expired', reason?: Reject): Execution {
  const { listing } = order
  if (order.engineId !== 0) leaveBook(floor, order)
  else if (order.isWaitingStop) listing.stops[sideCode(order.side)]!.remove(order)
  else listing.closingOrders.delete(order)
  return endUnfilled(floor, order, end, reason)
}

function leaveBook(floor: Floor, order: AccountOrder): void {
  const { listing, engineId, priceTicks, shownLots } = order
  const side = sideCode(order.side)
  floor.depth.touch(side, priceTicks)
  floor.queues.losing(engineId, listing.index, side, priceTicks, shownLots)
  floor.engine.cancel(engineId)
  floor.flow?.canceled(listing.index, engineId, side, priceTicks, shownLots, 0)
}
