// Each change of an account's cash, positions and reservations by its orders, together with the private events that it
// calls for at the end of the command.

import type { AccountOrder } from '../model/account-order.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

interface Fill {
  readonly lots: number
  readonly ticks: number
  readonly feeUnits: number
}

/** Reserves what the order's open lots may need, unless another order of its list does. */
export function reserve({ privateLog }: ExchangeState, order: AccountOrder): void {
  if (!order.reserves) return
  order.account.hold(order)
  privateLog.markChanged(order.account)
}

/** Frees what was reserved for this many lots of the order. */
export function release({ privateLog }: ExchangeState, order: AccountOrder, lots: number): void {
  if (!order.reserves) return
  order.account.release(order, lots)
  privateLog.markChanged(order.account)
}

/** Moves cash and shares of one fill, and its fee to the venue. Its stop-loss has freed what a take-profit needs. */
export function settleFill(state: ExchangeState, order: AccountOrder, { lots, ticks, feeUnits }: Fill): void {
  const { account, side, instrument, heldTicks } = order
  if (!order.reserves) account.hold({ side, instrument, heldTicks, leavesLots: lots })
  account.settle(order, lots, ticks, feeUnits)
  state.takeFee(feeUnits)
  state.privateLog.markChanged(account, instrument)
}
