// Cancels several orders of accounts: by a command, by time, before a liquidation.

import type { Reject } from '@papertape/protocol'
import type { AccountOrder } from '../model/account-order.ts'
import { withdraw } from '../orders/order-end.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { finishCommand } from './finish-command.ts'

/** Symbol by symbol in the order of the instruments. @param reasonOf of cancels that nobody asked for. */
export function cancelOrders(
  state: ExchangeState,
  orders: readonly AccountOrder[],
  reasonOf: (order: AccountOrder) => Reject | undefined = () => undefined,
): void {
  for (const instrument of state.instruments) {
    const own = orders.filter(order => order.instrument === instrument)
    // An order of a list ends others with it.
    for (const order of own) if (!order.ended) withdraw(state, order, 'canceled', reasonOf(order))
    if (own.length > 0) finishCommand(state, instrument)
  }
}
