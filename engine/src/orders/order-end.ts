// Ends an account's order that has not filled: takes it out of the book, or from the orders that wait outside of it,
// frees what was reserved for it and sends its owner the reason.

import type { Execution, Reject } from '@papertape/protocol'
import type { AccountOrder } from '../model/account-order.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { reject } from './rejects.ts'
import { release } from './reservation.ts'

/** For an order that is in no book any more. */
export function endUnfilled(
  state: ExchangeState,
  order: AccountOrder,
  end: 'canceled' | 'expired',
  reason?: Reject,
): Execution {
  // A liquidation must not be followed by a new position.
  const hasLateFill = end === 'canceled' && reason?.code !== 'margin-call'
  const lateLots = hasLateFill ? lateLotsOf(order) : 0
  // What a fill after the cancel may cost stays reserved until it comes.
  release(state, order, order.leavesLots - lateLots)
  order.leavesLots = 0
  order.apply(end === 'canceled' ? 'cancel' : 'expire')
  state.openOrders.remove(order)
  state.offBook.remove(order)
  if (lateLots > 0) awaitFill(state, order, lateLots)
  state.alerts.orderEnded(order)
  const details = { execType: end, ...(reason === undefined ? {} : { reason }) }
  const execution = state.privateLog.execution(order, state.log.ts, details)
  endList(state, order)
  return execution
}

/** The other orders of its list end with it, but the legs of an entry stay for what it has filled. */
function endList(state: ExchangeState, order: AccountOrder): void {
  const others = state.openOrders.besideInList(order)
  if (others.length === 0) return
  if (order.listRole === 'entry' && order.cumLots > 0) {
    state.startingLists.push(order)
    return
  }
  for (const other of others) if (!other.ended) withdraw(state, other, 'canceled', reject.listEnded())
}

/** How much of a canceled order its script fills all the same. */
function lateLotsOf({ instrument, leavesLots, testDirective }: AccountOrder): number {
  const late = testDirective?.fillAfterCancel
  if (late === undefined) return 0
  return Math.min(leavesLots, late.size === undefined ? leavesLots : instrument.lotsWithin(late.size))
}

function awaitFill(state: ExchangeState, order: AccountOrder, lots: number): void {
  const { afterMs = 0 } = order.testDirective!.fillAfterCancel!
  order.lateLots = lots
  order.fillDue = state.log.time + afterMs
  state.offBook.add(order)
  state.dueAt(order.fillDue)
}

/** Takes an open order away from wherever it is. */
export function withdraw(
  state: ExchangeState,
  order: AccountOrder,
  end: 'canceled' | 'expired',
  reason?: Reject,
): Execution {
  const { openOrders } = state
  if (order.engineId !== 0) state.bookChanges.cancel(order.engineId)
  else if (order.isWaitingStop) openOrders.removeStop(order)
  else openOrders.waiting(order.instrument).closing.delete(order)
  return endUnfilled(state, order, end, reason)
}
