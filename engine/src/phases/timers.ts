// What is due by the market's clock before a command: the schedule, the ends of limit states and pauses, and what a call
// would come to. Several that are due go off in the order of their times, each as if the clock stood there.

import { type Listing, NEVER } from '../model/instrument.ts'
import { bandFactorAt, phaseAt } from '../model/trading-day.ts'
import type { Floor } from '../state/exchange-state.ts'
import { extendPause } from './apply-transition.ts'
import { endCommand } from './finish-command.ts'
import { indicate, referenceOf } from './run-auction.ts'
import { movePhases } from './set-phase.ts'

/** Called when the clock reaches the floor's nextDue. */
export function fireTimers(floor: Floor, time: number): void {
  if (floor.rules.schedule !== null && floor.scheduled === undefined) startDay(floor, time)
  for (;;) {
    const listing = firstDue(floor.listings)
    const listingDue = listing === undefined ? NEVER : dueOf(listing)
    const scheduleDue = floor.scheduled?.time ?? NEVER
    floor.nextDue = Math.min(listingDue, scheduleDue)
    if (floor.nextDue > time) return
    if (scheduleDue <= listingDue) followSchedule(floor, scheduleDue)
    else if (listing!.phaseDue === listingDue) endPhase(floor, listing!, listingDue)
    else indicate(floor, listing!, listingDue)
  }
}

function firstDue(listings: readonly Listing[]): Listing | undefined {
  let first: Listing | undefined
  for (const listing of listings) {
    const due = dueOf(listing)
    if (due !== NEVER && (first === undefined || due < dueOf(first))) first = listing
  }
  return first
}

function dueOf({ phaseDue, indicationDue }: Listing): number {
  return Math.min(phaseDue, indicationDue)
}

/** The first command of all: the market is in the phase that its schedule says. */
function startDay(floor: Floor, time: number): void {
  setBandWidths(floor, time)
  floor.lookAhead(time)
  const note = { reason: null, until: floor.scheduled!.time }
  movePhases(floor, floor.listings, phaseAt(floor.rules.schedule!, time), time, note)
}

function followSchedule(floor: Floor, time: number): void {
  const { event } = floor.scheduled!
  floor.lookAhead(time)
  setBandWidths(floor, time)
  if (event !== 'bands') moveAsScheduled(floor, time)
  for (const listing of floor.listings) if (listing.bandsMoved) endCommand(floor, listing)
}

/** A halt is the operator's, and stays until the operator ends it. */
function moveAsScheduled(floor: Floor, time: number): void {
  const open = floor.listings.filter(({ phase }) => phase !== 'halted')
  const listings = open.length === floor.listings.length ? floor.listings : open
  const note = { reason: null, until: floor.scheduled!.time }
  movePhases(floor, listings, phaseAt(floor.rules.schedule!, time), time, note)
}

function setBandWidths({ rules, listings }: Floor, time: number): void {
  const factor = bandFactorAt(rules, time)
  for (const listing of listings) if (listing.bands?.widen(factor) === true) listing.bandsMoved = true
}

/** A limit state becomes a pause; a pause ends, unless its auction would price too far from where trading stopped. */
function endPhase(floor: Floor, listing: Listing, time: number): void {
  const { phase, reason } = listing
  if (phase === 'limitState') {
    movePhases(floor, [listing], 'paused', time, { reason, until: time + floor.rules.bands!.pauseMs })
    return
  }
  const { priceTicks } = floor.engine.callAuction(listing.index, referenceOf(listing))
  const { lowTicks, highTicks } = listing.reopening!
  if (priceTicks === 0 || (priceTicks >= lowTicks && priceTicks <= highTicks)) {
    movePhases(floor, [listing], 'continuous', time, { reason: null, until: null })
    return
  }
  extendPause(floor, listing, time, priceTicks)
}
