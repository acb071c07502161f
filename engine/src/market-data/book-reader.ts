// What simulated participants and replays may read of the exchange: the books, by the symbol's index among the
// instruments, in ticks and lots. Read-only, cheap, current after every command. The exchange implements it.

import type { Phase } from '@papertape/protocol'

export interface BookReader {
  phaseOf(symbol: number): Phase
  /** Best prices in ticks, 0 when a side is empty. */
  bestBid(symbol: number): number
  bestAsk(symbol: number): number
  /** @param side SIDE; needed only in a call phase, where both sides may rest at one price. */
  levelLots(symbol: number, ticks: number, side?: number): number
  /** The next level farther from the best price, 0 when there is none; `ticks` need not be a level. */
  nextBidBelow(symbol: number, ticks: number): number
  nextAskAbove(symbol: number, ticks: number): number
  /** Of the last trade on the tick grid, else the previous close. */
  lastTicks(symbol: number): number
  /** Lots that aggressors of one SIDE have traded so far, without auctions. */
  takenLots(symbol: number, side: number): number
  /** The price of a desk order, 0 when it no longer rests. */
  orderTicks(desk: number, ref: number): number
  /** SIDE of a desk order that rests. */
  orderSide(desk: number, ref: number): number
  /** 0 when the desk order no longer rests. */
  openLots(desk: number, ref: number): number
  /** Whether the desk order is at the best price of its side and no other desk's order is ahead of it. */
  isHead(desk: number, ref: number): boolean
}
