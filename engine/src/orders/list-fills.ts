// What a fill of one order of a list does to the other: a take-profit and its stop-loss stand for the same lots, so
// what one fills the other loses. The stop-loss waits outside of the book as long as its take-profit is open, so
// nothing here changes a book. Called by settlement.ts.

import type { AccountOrder } from '../model/account-order.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { endUnfilled } from './order-end.ts'
import { reject } from './rejects.ts'
import { release } from './reservation.ts'

/** The other leg that is open, of a leg that is active. */
export function activeSibling({ openOrders }: ExchangeState, order: AccountOrder): AccountOrder | undefined {
  if (order.listRole === undefined || order.listRole === 'entry' || order.held) return undefined
  return openOrders.besideInList(order).find(({ listRole }) => listRole !== 'entry')
}

/** Takes lots off an order, before those of its sibling are paid for. */
export function freeFor(state: ExchangeState, sibling: AccountOrder, lots: number): void {
  release(state, sibling, lots)
  sibling.leavesLots -= lots
}

/** Sends its owner what freeFor() did. An order with nothing left ends, with the size that it had. */
export function reportReduced(state: ExchangeState, sibling: AccountOrder, lots: number): void {
  if (sibling.leavesLots === 0) {
    state.openOrders.removeStop(sibling)
    endUnfilled(state, sibling, 'canceled', reject.listEnded())
    return
  }
  sibling.size -= sibling.instrument.size(lots)
  sibling.apply('replace')
  state.privateLog.execution(sibling, state.log.ts, { execType: 'replaced', reason: reject.listReduced() })
}
