// Expires GTD orders at their expireTime, by the market's clock. timers.ts calls it when the first of them is due, also
// for a time that passed while the server was down.

import type { TradedInstrument } from '../model/instrument.ts'
import { withdraw } from '../orders/order-end.ts'
import { reject } from '../orders/rejects.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { finishCommand } from './finish-command.ts'

/** Those whose time has come, in the order of their times. */
export function expireOrders(state: ExchangeState, time: number): void {
  const { expiring } = state.openOrders
  const changed = new Set<TradedInstrument>()
  for (let order = expiring.take(time); order !== undefined; order = expiring.take(time)) {
    withdraw(state, order, 'expired', reject.expireTimeReached())
    changed.add(order.instrument)
  }
  for (const instrument of changed) finishCommand(state, instrument)
}
