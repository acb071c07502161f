// What ends every command that has touched a symbol: stops that its trades triggered, orders that its bands have passed,
// then what the public hears of book and quote, and what follows from the quote.

import type { Listing } from '../model/instrument.ts'
import { isCall } from '../model/phase.ts'
import type { Floor } from '../state/exchange-state.ts'
import { slideInside, tellBands, watchBands } from './limit-state.ts'
import { indicate } from './run-auction.ts'
import { triggerStops } from './trigger-stops.ts'

/** Positions in the queues are told after it, once for the whole command. */
export function endCommand(floor: Floor, listing: Listing): void {
  if (listing.traded.high !== 0) triggerStops(floor, listing)
  if (listing.bandsMoved) slideInside(floor, listing)
  floor.depth.publish(listing)
  if (listing.bandsMoved) tellBands(floor, listing)
  if (listing.bands !== undefined) watchBands(floor, listing)
  if (isCall(listing.phase)) indicate(floor, listing, floor.log.time)
}
