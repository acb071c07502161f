// How far an order may trade: a market order to its collar, any order to the price band, an auction order to the end of
// the ladder. Pure: reads the floor, changes nothing. Each limit comes with what to tell an owner whose order it cut short.

import type { Reject, Side } from '@papertape/protocol'
import type { Listing } from '../model/instrument.ts'
import type { Rules } from '../model/rules.ts'
import type { Floor } from '../state/exchange-state.ts'

export interface PriceLimit {
  readonly ticks: number
  /** Why the order may go no farther, where that is not its own wish. Asked for only when the order is cut short. */
  readonly why?: () => Reject
}

/** Of a market order that trades now: so far from the best opposite price, or the last trade, and within the band. */
export function marketLimit({ engine, rules }: Floor, listing: Listing, side: Side): PriceLimit {
  const best = side === 'buy' ? engine.bestAsk(listing.index) : engine.bestBid(listing.index)
  const collared = collarFrom(rules, listing, side, best === 0 ? listing.lastTicks : best)
  const banded = bandLimit(listing, side, collared.ticks)
  return banded.why === undefined ? collared : banded
}

/** An order's own limit where the band lets it be, else the band: that is where the rest of it rests. */
export function bandLimit(listing: Listing, side: Side, ticks: number): PriceLimit {
  const { bands } = listing
  if (bands === undefined) return { ticks }
  const { lowTicks, highTicks } = bands
  if (side === 'buy' ? ticks <= highTicks : ticks >= lowTicks) return { ticks }
  return { ticks: side === 'buy' ? highTicks : lowTicks, why: () => outOfBand(listing, side, lowTicks, highTicks) }
}

/** A collar around a price; the end of the ladder where the rules have none. */
export function collarFrom({ collar }: Rules, listing: Listing, side: Side, fromTicks: number): PriceLimit {
  const end = ladderEnd(listing, side)
  if (collar === null) return { ticks: end }
  const { tickUnits } = listing.spec
  const width = Math.max(Math.floor((fromTicks * collar.bps) / 10_000), Math.ceil(collar.leastUnits / tickUnits))
  const ticks = side === 'buy' ? Math.min(end, fromTicks + width) : Math.max(end, fromTicks - width)
  return { ticks, why: () => beyondCollar(listing, side, fromTicks, ticks) }
}

function outOfBand(listing: Listing, side: Side, lowTicks: number, highTicks: number): Reject {
  const [low, high] = [listing.price(lowTicks), listing.price(highTicks)]
  const value = side === 'buy' ? high : low
  const text = `${listing.symbol} trades from ${low} to ${high} now: the order goes no farther than ${value}. Status events tell the bands.`
  return { code: 'price-out-of-band', text, limit: { name: side === 'buy' ? 'bandHigh' : 'bandLow', value } }
}

function beyondCollar(listing: Listing, side: Side, fromTicks: number, ticks: number): Reject {
  const value = listing.price(ticks)
  const text = `A market order goes no farther than ${value}, its collar from ${listing.price(fromTicks)}. Send a limit order for the rest.`
  return { code: 'beyond-collar', text, limit: { name: side === 'buy' ? 'collarHigh' : 'collarLow', value } }
}

/** Where an order stands that takes any price. */
export function ladderEnd({ spec }: Listing, side: Side): number {
  return side === 'buy' ? spec.priceTicksMax : 1
}
