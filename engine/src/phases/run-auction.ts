// Call auctions: what collected orders would come to, told while they are collected, and the one trade that they come to.
// The price is auction-price.ts's; when there is an auction is apply-transition.ts's.

import type { Indication } from '@papertape/protocol'
import { type Listing, NEVER } from '../model/instrument.ts'
import { settleAuction } from '../orders/settlement.ts'
import type { Floor } from '../state/exchange-state.ts'

const NOTHING: Indication = { price: null, pairedSize: 0, imbalanceSize: 0, side: null }

/** Trades at one price what crosses. Answers the price in ticks, 0 when nothing did. */
export function holdAuction(floor: Floor, listing: Listing): number {
  const { priceTicks, imbalanceLots } = floor.engine.callAuction(listing.index, referenceOf(listing))
  if (priceTicks === 0) return 0
  // Without a surplus nobody was the aggressor, and the tape knows no such word.
  const aggressor = imbalanceLots < 0 ? 'sell' : 'buy'
  const lots = floor.engine.uncross(listing.index, priceTicks)
  settleAuction(floor, listing, priceTicks, lots, aggressor)
  return priceTicks
}

/** Of auction prices that are as good the one nearest to this is taken. */
export function referenceOf({ reopening, lastTicks }: Listing): number {
  return reopening?.referenceTicks ?? lastTicks
}

/** Tells what the call would come to now, where that has changed, and at most so often. */
export function indicate(floor: Floor, listing: Listing, time: number): void {
  const earliest = listing.indicatedTime + floor.rules.indicationMs
  if (time < earliest) {
    listing.indicationDue = earliest
    floor.dueAt(earliest)
    return
  }
  listing.indicationDue = NEVER
  const auction = indicationOf(floor, listing)
  if (isSame(auction, listing.indication ?? NOTHING)) return
  listing.indication = auction
  listing.indicatedTime = time
  const { symbol, phase, reason, until } = listing
  floor.log.status({ symbol, phase, reason, until, auction })
}

/** A call begins or is over: nothing has been told of it. */
export function forgetIndication(listing: Listing): void {
  listing.indication = undefined
  listing.indicatedTime = 0
  listing.indicationDue = NEVER
}

function indicationOf({ engine }: Floor, listing: Listing): Indication {
  const { priceTicks, pairedLots, imbalanceLots } = engine.callAuction(listing.index, referenceOf(listing))
  return {
    price: priceTicks === 0 ? null : listing.price(priceTicks),
    pairedSize: listing.size(pairedLots),
    imbalanceSize: listing.size(Math.abs(imbalanceLots)),
    side: imbalanceLots === 0 ? null : imbalanceLots > 0 ? 'buy' : 'sell',
  }
}

function isSame(a: Indication, b: Indication): boolean {
  return (
    a.price === b.price && a.pairedSize === b.pairedSize && a.imbalanceSize === b.imbalanceSize && a.side === b.side
  )
}
