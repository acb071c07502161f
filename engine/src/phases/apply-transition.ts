// What a change of phase does to a symbol: the auction that a call ends in, the orders that end with it, those that come in
// with it, its bands and its timer. The public hears of the phase before it hears of what came of it. Which phase follows
// which is phase.ts's.

import type { Phase, Reject } from '@papertape/protocol'
import { INSTRUCTION } from '../matching/codes.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { type Listing, NEVER } from '../model/instrument.ts'
import { isMatching, nextPhase, type PhaseEvent } from '../model/phase.ts'
import { enterFromWait } from '../orders/book-entry.ts'
import { isAuctionOnly } from '../orders/order-checks.ts'
import { withdraw } from '../orders/order-end.ts'
import { ladderEnd } from '../orders/price-limits.ts'
import type { Floor } from '../state/exchange-state.ts'
import { forgetIndication, holdAuction } from './run-auction.ts'

export interface PhaseNote {
  readonly reason: string | null
  readonly until: number | null
}

const AUCTION_OVER: Reject = { code: 'auction-over', text: 'The order was for an auction, and that is over.' }
const MARKET_CLOSED: Reject = {
  code: 'market-closed',
  text: 'The order was good for the day, and the symbol has closed.',
}

/**
 * Answers false, and does nothing, where the event cannot happen.
 * @param tells false: the public hears of it as of the whole market.
 */
export function changePhase(
  floor: Floor,
  listing: Listing,
  event: PhaseEvent,
  time: number,
  note: PhaseNote,
  tells = true,
): boolean {
  const from = listing.phase
  const to = nextPhase(from, event)
  if (to === null) return false
  const opens = isMatching(to) && !isMatching(from)
  if (to === 'paused') listing.reopening = reopeningOf(floor, listing)
  setTimer(floor, listing, to, time)
  listing.reason = note.reason
  listing.until = note.until ?? (listing.phaseDue === NEVER ? null : listing.phaseDue)
  forgetIndication(listing)
  if (tells) tellPhase(floor, listing, to)
  const auctionTicks = opens || (from === 'closingAuction' && to === 'closed') ? holdAuction(floor, listing) : 0
  listing.phase = to
  if (opens) open(floor, listing, auctionTicks)
  if (to === 'closed') expire(floor, listing, order => order.timeInForce !== 'GTC')
  if (to === 'closingAuction') enterClosingOrders(floor, listing)
  if (to !== 'paused') listing.reopening = undefined
  return true
}

export function tellPhase({ log }: Floor, { symbol, reason, until }: Listing, phase: Phase): void {
  log.status({ symbol, phase, reason, until })
}

/** The pause goes on: the next attempt may price farther from where trading stopped. */
export function extendPause(floor: Floor, listing: Listing, time: number, priceTicks: number): void {
  const { referenceTicks, lowTicks, highTicks } = listing.reopening!
  const width = reopeningWidth(floor, referenceTicks)
  listing.reopening = {
    referenceTicks,
    lowTicks: priceTicks < lowTicks ? lowTicks - width : lowTicks,
    highTicks: priceTicks > highTicks ? highTicks + width : highTicks,
  }
  setTimer(floor, listing, 'paused', time)
  listing.reason = 'reopening extended'
  listing.until = listing.phaseDue
  tellPhase(floor, listing, 'paused')
}

function setTimer(floor: Floor, listing: Listing, phase: Phase, time: number): void {
  const { bands } = floor.rules
  listing.phaseDue = NEVER
  if (bands !== null && phase === 'limitState') listing.phaseDue = time + bands.limitStateMs
  if (bands !== null && phase === 'paused') listing.phaseDue = time + bands.pauseMs
  floor.dueAt(listing.phaseDue)
}

/**
 * Trading goes on after a call or a halt, from the auction's price where there was one. The bands hold from when that is on
 * the tape, however late the clock noticed that it was due: what it trades next may not move them at once.
 */
function open(floor: Floor, listing: Listing, auctionTicks: number): void {
  const { bands, reopening } = listing
  expire(floor, listing, order => order.engineId !== 0 && (isAuctionOnly(order.timeInForce) || isAnyPrice(order)))
  const referenceTicks = auctionTicks || (reopening?.referenceTicks ?? 0)
  if (referenceTicks !== 0 && bands?.restart(floor.log.time, referenceTicks) === true) listing.bandsMoved = true
  // What was collected may lie outside the bands, and stops may have waited through the call.
  if (bands !== undefined) listing.bandsMoved = true
  listing.reach(listing.lastTicks)
}

/** A market order that stands in a call has no meaning after it. */
function isAnyPrice({ orderType }: AccountOrder): boolean {
  return orderType === 'market'
}

/** Oldest first. */
function expire(floor: Floor, listing: Listing, isOver: (order: AccountOrder) => boolean): void {
  const inBook = [...floor.accountOrders.values()].filter(order => order.listing === listing)
  const beside = [...listing.stops[0].list(), ...listing.stops[1].list(), ...listing.closingOrders]
  const orders = [...inBook, ...beside].filter(isOver).sort((a, b) => Number(a.orderId) - Number(b.orderId))
  for (const order of orders) {
    if (isAuctionOnly(order.timeInForce)) withdraw(floor, order, 'expired', AUCTION_OVER)
    else if (order.timeInForce === 'DAY') withdraw(floor, order, 'expired', MARKET_CLOSED)
    else withdraw(floor, order, 'canceled', isAnyPrice(order) ? AUCTION_OVER : MARKET_CLOSED)
  }
}

function enterClosingOrders(floor: Floor, listing: Listing): void {
  const orders = listing.closingOrders
  listing.closingOrders = new Set()
  for (const order of orders) {
    const limit = { ticks: order.priceTicks || ladderEnd(listing, order.side) }
    enterFromWait(floor, order, { limit, instruction: INSTRUCTION.call })
  }
}

/** After a limit state a pause ends within so much of the band that was reached, else of the last trade. */
function reopeningOf(floor: Floor, listing: Listing): Listing['reopening'] {
  const { bands, lastTicks, phase, index } = listing
  if (bands === undefined) return undefined
  const isUp = floor.engine.bestBid(index) >= bands.highTicks
  const referenceTicks = phase !== 'limitState' ? lastTicks : isUp ? bands.highTicks : bands.lowTicks
  const width = reopeningWidth(floor, referenceTicks)
  return { referenceTicks, lowTicks: referenceTicks - width, highTicks: referenceTicks + width }
}

function reopeningWidth({ rules }: Floor, referenceTicks: number): number {
  return Math.max(1, Math.round((referenceTicks * rules.bands!.reopeningBps) / 10_000))
}
