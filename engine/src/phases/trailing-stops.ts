// Moves the stop prices of trailing stops after the trades, only ever nearer to the market, and sends their owners the
// new ones at a bounded rate. trigger-stops.ts calls it between the prices that a command traded at.

import { SIDE } from '../matching/codes.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { NEVER, type TradedInstrument } from '../model/instrument.ts'
import { trailedStopTicks } from '../model/trail.ts'
import { reject } from '../orders/rejects.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

/**
 * @param side SIDE of the orders.
 * @param ticks of a trade. A print off the tick grid moves no stop price; one beyond the highest price of the ladder
 * moves it as far as that price would, since neither stop nor limit may lie beyond.
 */
export function trailStops(state: ExchangeState, instrument: TradedInstrument, side: number, ticks: number): void {
  const trailing = state.openOrders.waiting(instrument).trailing[side]!
  if (trailing.size === 0 || !Number.isInteger(ticks)) return
  const reached = Math.min(ticks, instrument.spec.priceTicksMax)
  for (const order of [...trailing]) {
    const isBetter = side === SIDE.sell ? reached > order.extremeTicks : reached < order.extremeTicks
    if (isBetter) trail(state, instrument, order, reached)
  }
}

/** A stop price that moves has lost its turn among those at its new price. */
function trail(state: ExchangeState, instrument: TradedInstrument, order: AccountOrder, extremeTicks: number): void {
  const { openOrders, counters, changes, log, rules } = state
  const stopTicks = trailedStopTicks(instrument, order, extremeTicks)
  changes.order(order)
  if (stopTicks === order.stopTicks) {
    order.extremeTicks = extremeTicks
    return
  }
  openOrders.removeStop(order)
  order.trail(extremeTicks, stopTicks)
  order.turn = ++counters.turn
  openOrders.addStop(order)
  if (instrument.trailingDue !== NEVER) return
  instrument.trailingDue = Math.max(log.time, instrument.trailedTime + rules.trailingMs)
  state.dueAt(instrument.trailingDue)
}

/** Sends the stop prices that have moved since they were last sent. */
export function publishTrails({ openOrders, privateLog, log }: ExchangeState, instrument: TradedInstrument): void {
  instrument.trailedTime = instrument.trailingDue
  instrument.trailingDue = NEVER
  for (const order of openOrders.waiting(instrument).trailing.flatMap(orders => [...orders])) {
    if (order.sentStopTicks === order.stopTicks) continue
    order.apply('replace')
    privateLog.execution(order, log.ts, { execType: 'replaced', reason: reject.stopTrailed(order.stopPrice!) })
  }
}
