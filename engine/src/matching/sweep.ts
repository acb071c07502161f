// How much a taker could trade with the other side of a book, and at what cost, without trading. `bookSide` is the
// taker's. Hidden lots count like shown ones, since they trade before the next price. Must not change the ladder. For
// fill-or-kill and estimates; self-trade.ts is the same with self-trade prevention.

import type { Ladder } from './ladder.ts'

/** Whether a taker with this limit trades at a price of the other side. @param ticks 0: the side is empty. */
export function reaches(bookSide: number, limitTicks: number, ticks: number): boolean {
  return ticks !== 0 && ((bookSide & 1) === 0 ? ticks <= limitTicks : ticks >= limitTicks)
}

/** The worst price that a taker accepts: its own, or the end of the ladder for a market order (price 0). */
export function limitOf(ladder: Ladder, bookSide: number, priceTicks: number): number {
  if (priceTicks !== 0) return priceTicks
  return (bookSide & 1) === 0 ? ladder.priceTicksMax(bookSide >> 1) : 1
}

/** How many of `sizeLots` would trade. */
export function fillableLots(ladder: Ladder, bookSide: number, sizeLots: number, limitTicks: number): number {
  const makers = bookSide ^ 1
  let ticks = ladder.best[makers]!
  let found = 0
  while (found < sizeLots && reaches(bookSide, limitTicks, ticks)) {
    found += ladder.openLots(makers, ticks)
    ticks = ladder.nextWorse(makers, ticks)
  }
  return Math.min(found, sizeLots)
}

/** Ticks x lots of what would trade of `sizeLots`. */
export function costToFill(ladder: Ladder, bookSide: number, sizeLots: number, limitTicks: number): number {
  const makers = bookSide ^ 1
  let ticks = ladder.best[makers]!
  let left = sizeLots
  let cost = 0
  while (left > 0 && reaches(bookSide, limitTicks, ticks)) {
    const lots = Math.min(left, ladder.openLots(makers, ticks))
    cost += ticks * lots
    left -= lots
    ticks = ladder.nextWorse(makers, ticks)
  }
  return cost
}
