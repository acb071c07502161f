// sweep.ts for a taker with self-trade prevention: how much it could trade and at what cost, given resting orders of
// the same owner. Walks queues up to the first such order or to the taker's limit. `bookSide` is the taker's. Must not
// change the ladder. For fill-or-kill and estimates.

import { SELF_TRADE } from './codes.ts'
import type { Ladder } from './ladder.ts'
import { reaches } from './sweep.ts'

/** How many of `sizeLots` would trade before prevention takes lots off the taker; canceled makers take none. */
export function fillableBesideOwn(
  ladder: Ladder,
  bookSide: number,
  sizeLots: number,
  limitTicks: number,
  owner: number,
  selfTrade: number,
): number {
  const makers = bookSide ^ 1
  let found = 0
  let ticks = ladder.best[makers]!
  while (found < sizeLots && reaches(bookSide, limitTicks, ticks)) {
    const open = ladder.openLots(makers, ticks)
    if (selfTrade === SELF_TRADE.cancelMaker) found += open - ladder.openLotsOf(owner, makers, ticks)
    else {
      const before = ladder.lotsBefore(owner, makers, ticks, sizeLots - found)
      if (before >= 0) return Math.min(found + before, sizeLots)
      found += open
    }
    ticks = ladder.nextWorse(makers, ticks)
  }
  return Math.min(found, sizeLots)
}

/**
 * The most that `sizeLots` would cost, in ticks x lots: at the last price of a taker that is decremented, orders of
 * others are assumed to trade before its owner's, wherever they are in the queue.
 */
export function costBesideOwn(
  ladder: Ladder,
  bookSide: number,
  sizeLots: number,
  limitTicks: number,
  owner: number,
  selfTrade: number,
): number {
  const makers = bookSide ^ 1
  const stopsAtOwn = selfTrade === SELF_TRADE.cancelTaker || selfTrade === SELF_TRADE.cancelBoth
  let left = sizeLots
  let cost = 0
  let ticks = ladder.best[makers]!
  while (left > 0 && reaches(bookSide, limitTicks, ticks)) {
    const before = stopsAtOwn ? ladder.lotsBefore(owner, makers, ticks, left) : -1
    if (before >= 0) return cost + ticks * Math.min(before, left)
    const own = ladder.openLotsOf(owner, makers, ticks)
    const lots = Math.min(left, ladder.openLots(makers, ticks) - own)
    cost += ticks * lots
    left -= lots
    if (selfTrade === SELF_TRADE.decrement) left -= Math.min(left, own)
    ticks = ladder.nextWorse(makers, ticks)
  }
  return cost
}
