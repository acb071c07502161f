// Starts the legs of lists whose entry has filled, or has ended after a part of it filled: with the size that filled,
// the stop-loss beside the book, the take-profit in it. At the end of the command, so that no trade is being settled.

import { INSTRUCTION } from '../matching/codes.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { enterWaiting, repriceEntering } from '../orders/book-entry.ts'
import { withdraw } from '../orders/order-end.ts'
import { bandLimit } from '../orders/price-limits.ts'
import { reject } from '../orders/rejects.ts'
import { reserve } from '../orders/reservation.ts'
import { checkFunds } from '../orders/risk.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { repriceToBands } from './limit-state.ts'

/** @returns whether any has started, which may have traded. */
export function startLegs(state: ExchangeState, instrument: TradedInstrument): boolean {
  const { startingLists, openOrders } = state
  const at = startingLists.findIndex(entry => entry.instrument === instrument)
  if (at === -1) return false
  const [entry] = startingLists.splice(at, 1)
  const legs = openOrders.besideInList(entry!)
  const stopLoss = legs.find(({ listRole }) => listRole === 'stopLoss')
  const takeProfit = legs.find(({ listRole }) => listRole === 'takeProfit')
  // Both have ended with a day or by a cancel of all orders.
  if (stopLoss === undefined || takeProfit === undefined) return true
  const sizeLots = entry!.cumLots
  const { heldTicks, account, priceTicks } = stopLoss
  const unaffordable = checkFunds(state, account, stopLoss, {
    instrument,
    limit: { ticks: priceTicks },
    heldTicks,
    sizeLots,
  })
  if (unaffordable !== undefined) {
    withdraw(state, stopLoss, 'canceled', unaffordable)
    return true
  }
  start(state, stopLoss, sizeLots)
  start(state, takeProfit, sizeLots)
  openOrders.addStop(stopLoss)
  instrument.recheckStops()
  enterTakeProfit(state, instrument, takeProfit)
  return true
}

function start(state: ExchangeState, leg: AccountOrder, lots: number): void {
  state.openOrders.waiting(leg.instrument).held.delete(leg)
  leg.start(lots)
  leg.turn = ++state.counters.turn
  reserve(state, leg)
  state.privateLog.execution(leg, state.log.ts, { execType: 'replaced', reason: reject.listStarted() })
}

/** It rests without trading where nothing trades. */
function enterTakeProfit(state: ExchangeState, instrument: TradedInstrument, order: AccountOrder): void {
  if (!isMatching(instrument.phase)) {
    enterWaiting(state, order, { limit: { ticks: order.priceTicks }, instruction: INSTRUCTION.call })
    return
  }
  if (instrument.bandsMoved) repriceToBands(state, instrument)
  const limit = bandLimit(instrument, order.side, order.priceTicks)
  if (limit.why !== undefined) repriceEntering(state, order, limit.ticks, limit.why())
  enterWaiting(state, order, { limit, instruction: INSTRUCTION.rest })
}
