// sweep.ts for a taker that must not trade with its own owner: what it can fill and what that costs when orders of its
// own stand in the way. These walk queues, down to the first order of its own or as far as the taker reaches.
// `bookSide` is the taker's. Must not change the ladder. Called for fill-or-kill and for estimates.

import { SELF_TRADE } from './codes.ts'
import type { Ladder } from './ladder.ts'
import { reaches } from './sweep.ts'

/** How many of `sizeLots` would trade before prevention touches the taker. Cancelled makers do not touch it. */
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
 * Ticks x lots that `sizeLots` would cost at most: at the last price of a taker that is decremented, others are taken
 * to trade before its own orders, whatever their turn.
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
