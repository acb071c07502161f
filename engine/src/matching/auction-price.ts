// Finds the price of a call auction: the one at which most lots trade, of those the one with the least surplus, of
// those the one nearest to a reference. Equally good prices are neighbours, because demand only falls and supply only
// rises with the price, so that one of them is nearest. A pure search over the crossing levels of one book.

import type { Ladder } from './ladder.ts'

/** Lots are doubles: a sum of int32 sizes may exceed int32. */
export interface CallAuction {
  /** 0 when nothing crosses. */
  priceTicks: number
  pairedLots: number
  /** Demand minus supply at the price, or at the reference when nothing crosses: positive is a surplus of buyers. */
  imbalanceLots: number
}

/** Hidden lots count in full. @param buyers the bid side. @returns `auction`, filled in. */
export function findAuctionPrice(
  ladder: Ladder,
  buyers: number,
  referenceTicks: number,
  auction: CallAuction,
): CallAuction {
  const sellers = buyers | 1
  const bestBid = ladder.best[buyers]!
  let low = ladder.best[sellers]!
  if (low === 0 || low > bestBid) return write(ladder, buyers, 0, referenceTicks, auction)
  let demand = eligibleLots(ladder, buyers, low)
  let supply = ladder.openLots(sellers, low)
  let bestLow = 0
  let bestHigh = 0
  let paired = -1
  let surplus = 0
  // Demand and supply stay the same from `low` to just before the next ask, and up to the next bid.
  while (low !== 0) {
    const nextAsk = ladder.nextAbove(sellers, low)
    const nextBid = ladder.nextAbove(buyers, low - 1)
    const high = nextAsk !== 0 && nextAsk <= nextBid ? nextAsk - 1 : nextBid
    const lots = Math.min(demand, supply)
    const difference = Math.abs(demand - supply)
    if (lots > paired || (lots === paired && difference < surplus)) {
      bestLow = low
      paired = lots
      surplus = difference
      bestHigh = high
    } else if (lots === paired && difference === surplus) bestHigh = high
    if (high === nextBid) demand -= ladder.openLots(buyers, nextBid)
    if (high + 1 === nextAsk) supply += ladder.openLots(sellers, nextAsk)
    low = high < bestBid ? high + 1 : 0
  }
  const priceTicks = Math.max(bestLow, Math.min(referenceTicks, bestHigh))
  return write(ladder, buyers, priceTicks, priceTicks, auction)
}

function write(
  ladder: Ladder,
  buyers: number,
  priceTicks: number,
  balanceTicks: number,
  auction: CallAuction,
): CallAuction {
  const demand = eligibleLots(ladder, buyers, balanceTicks)
  const supply = eligibleLots(ladder, buyers | 1, balanceTicks)
  auction.priceTicks = priceTicks
  auction.pairedLots = priceTicks === 0 ? 0 : Math.min(demand, supply)
  auction.imbalanceLots = demand - supply
  return auction
}

/** The lots of a book side that may trade at one price: bids at or above it, asks at or below it. */
export function eligibleLots(ladder: Ladder, bookSide: number, priceTicks: number): number {
  const isBid = (bookSide & 1) === 0
  let lots = 0
  let ticks = ladder.best[bookSide]!
  while (ticks !== 0 && (isBid ? ticks >= priceTicks : ticks <= priceTicks)) {
    lots += ladder.openLots(bookSide, ticks)
    ticks = ladder.nextWorse(bookSide, ticks)
  }
  return lots
}
