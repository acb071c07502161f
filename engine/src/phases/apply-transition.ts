// Applies a change of phase to an instrument: the auction that ends a call phase, the orders that expire or enter with
// it, the bands and the timer. The new phase is published before what follows from it. phase.ts has the table of
// transitions.

import type { Phase } from '@papertape/protocol'
import { INSTRUCTION } from '../matching/codes.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { NEVER, type TradedInstrument } from '../model/instrument.ts'
import { isMatching, nextPhase, type PhaseEvent } from '../model/phase.ts'
import { enterWaiting } from '../orders/book-entry.ts'
import { isAuctionOnly, outlivesDay } from '../orders/order-checks.ts'
import { withdraw } from '../orders/order-end.ts'
import { ladderEnd } from '../orders/price-limits.ts'
import { reject } from '../orders/rejects.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { clearIndication, runAuction } from './run-auction.ts'

export interface PhaseNote {
  readonly reason: string | null
  readonly until: number | null
}

/**
 * @returns false, and does nothing, where the event cannot happen.
 * @param isPublished false: one status event for the whole market has been published instead.
 */
export function applyTransition(
  state: ExchangeState,
  instrument: TradedInstrument,
  event: PhaseEvent,
  time: number,
  note: PhaseNote,
  isPublished = true,
): boolean {
  const from = instrument.phase
  const to = nextPhase(from, event)
  if (to === null) return false
  const opens = isMatching(to) && !isMatching(from)
  if (to === 'paused') instrument.reopening = reopeningOf(state, instrument)
  setTimer(state, instrument, to, time)
  instrument.reason = note.reason
  instrument.until = note.until ?? (instrument.phaseDue === NEVER ? null : instrument.phaseDue)
  clearIndication(instrument)
  if (isPublished) publishPhase(state, instrument, to)
  const auctionTicks = opens || (from === 'closingAuction' && to === 'closed') ? runAuction(state, instrument) : 0
  instrument.phase = to
  state.alerts.phaseChanged(instrument, from)
  if (opens) resume(state, instrument, auctionTicks)
  if (to === 'closed') endDay(state, instrument)
  if (to === 'closingAuction') enterClosingOrders(state, instrument)
  if (to !== 'paused') instrument.reopening = undefined
  return true
}

export function publishPhase({ log }: ExchangeState, { symbol, reason, until }: TradedInstrument, phase: Phase): void {
  log.status({ symbol, phase, reason, until })
}

/** Ends the orders that are for the day, or for one of its auctions. */
export function endDay(state: ExchangeState, instrument: TradedInstrument): void {
  expire(state, instrument, order => !outlivesDay(order.timeInForce))
}

/** Extends a pause and widens the prices between which its auction may end it. */
export function extendPause(
  state: ExchangeState,
  instrument: TradedInstrument,
  time: number,
  priceTicks: number,
): void {
  const { referenceTicks, lowTicks, highTicks } = instrument.reopening!
  const width = reopeningWidth(state, referenceTicks)
  instrument.reopening = {
    referenceTicks,
    lowTicks: priceTicks < lowTicks ? lowTicks - width : lowTicks,
    highTicks: priceTicks > highTicks ? highTicks + width : highTicks,
  }
  setTimer(state, instrument, 'paused', time)
  instrument.reason = 'reopening extended'
  instrument.until = instrument.phaseDue
  publishPhase(state, instrument, 'paused')
}

function setTimer(state: ExchangeState, instrument: TradedInstrument, phase: Phase, time: number): void {
  const { bands } = state.rules
  instrument.phaseDue = NEVER
  if (bands !== null && phase === 'limitState') instrument.phaseDue = time + bands.limitStateMs
  if (bands !== null && phase === 'paused') instrument.phaseDue = time + bands.pauseMs
  state.dueAt(instrument.phaseDue)
}

/**
 * Trading resumes after a call phase or a halt, at the auction's price where there was one. The reference price is held
 * from the time of the command, not from when the timer was due: the next trade must not move it at once.
 */
function resume(state: ExchangeState, instrument: TradedInstrument, auctionTicks: number): void {
  const { bands, reopening } = instrument
  expire(state, instrument, order => order.engineId !== 0 && (isAuctionOnly(order.timeInForce) || isMarketOrder(order)))
  const referenceTicks = auctionTicks || (reopening?.referenceTicks ?? 0)
  if (referenceTicks !== 0 && bands?.restart(state.log.time, referenceTicks) === true) instrument.bandsMoved = true
  // Collected orders may be outside of the bands, and stops may have been reached in the call phase.
  if (bands !== undefined) instrument.bandsMoved = true
  instrument.recordPrice(instrument.lastTicks)
}

/** A market order that was collected for an auction ends with it. */
function isMarketOrder({ orderType }: AccountOrder): boolean {
  return orderType === 'market'
}

/** Oldest first. */
function expire(state: ExchangeState, instrument: TradedInstrument, isOver: (order: AccountOrder) => boolean): void {
  const all = [...state.openOrders.ofInstrument(instrument), ...state.offBook.ofInstrument(instrument)]
  const orders = all.filter(isOver)
  for (const order of orders.sort((a, b) => Number(a.orderId) - Number(b.orderId))) {
    // With another order of its list.
    if (order.ended) continue
    if (isAuctionOnly(order.timeInForce)) withdraw(state, order, 'expired', reject.auctionOver())
    else if (order.timeInForce === 'DAY') withdraw(state, order, 'expired', reject.marketClosed())
    else withdraw(state, order, 'canceled', isMarketOrder(order) ? reject.auctionOver() : reject.marketClosed())
  }
}

function enterClosingOrders(state: ExchangeState, instrument: TradedInstrument): void {
  const { closing } = state.openOrders.waiting(instrument)
  const orders = [...closing]
  closing.clear()
  for (const order of orders) {
    const limit = { ticks: order.priceTicks || ladderEnd(instrument, order.side) }
    enterWaiting(state, order, { limit, instruction: INSTRUCTION.call })
  }
}

/** Around the band that a limit state had reached, else around the last trade. */
function reopeningOf(state: ExchangeState, instrument: TradedInstrument): TradedInstrument['reopening'] {
  const { bands, lastTicks, phase, index } = instrument
  if (bands === undefined) return undefined
  const isUp = state.books.bestBid(index) >= bands.highTicks
  const referenceTicks = phase !== 'limitState' ? lastTicks : isUp ? bands.highTicks : bands.lowTicks
  const width = reopeningWidth(state, referenceTicks)
  return { referenceTicks, lowTicks: referenceTicks - width, highTicks: referenceTicks + width }
}

function reopeningWidth({ rules }: ExchangeState, referenceTicks: number): number {
  return Math.max(1, Math.round((referenceTicks * rules.bands!.reopeningBps) / 10_000))
}
