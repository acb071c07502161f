// Each change of an account's cash, positions and reservations by its orders, together with the private events that it
// calls for at the end of the command.

import type { AccountOrder } from '../model/account-order.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

interface Fill {
  readonly lots: number
  readonly ticks: number
  readonly feeUnits: number
}

/** Reserves what the order's open lots may need. */
export function reserve({ privateLog }: ExchangeState, order: AccountOrder): void {
  order.account.hold(order)
  privateLog.markChanged(order.account)
}

/** Frees what was reserved for this many lots of the order. */
export function release({ privateLog }: ExchangeState, order: AccountOrder, lots: number): void {
  order.account.release(order, lots)
  privateLog.markChanged(order.account)
}

/** Moves the cash and shares of one fill, and its fee to the venue. */
export function settleFill(state: ExchangeState, order: AccountOrder, { lots, ticks, feeUnits }: Fill): void {
  order.account.settle(order, lots, ticks, feeUnits)
  state.takeFee(feeUnits)
  state.privateLog.markChanged(order.account, order.instrument)
}
