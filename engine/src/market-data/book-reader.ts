// What simulated participants and replays may look at: the books, by the symbol's index among the instruments, in ticks
// and lots. Read-only, cheap, and true after every command. The exchange implements it.

export interface BookReader {
  /** Best prices in ticks, 0 when a side is empty. */
  bestBid(symbol: number): number
  bestAsk(symbol: number): number
  /** @param side needed only where both rest at one price, as in a call they may: SIDE. */
  levelLots(symbol: number, ticks: number, side?: number): number
  /** The next level away from the touch, 0 when there is none; `ticks` need not be a level itself. */
  nextBidBelow(symbol: number, ticks: number): number
  nextAskAbove(symbol: number, ticks: number): number
  /** The last trade on the tick grid, else the previous close. */
  lastTicks(symbol: number): number
  /** Lots that arriving orders of one SIDE have traded so far: the tape as a running total, auctions left out. */
  takenLots(symbol: number, side: number): number
  /** The price of a desk order, 0 when it is gone. */
  orderTicks(desk: number, ref: number): number
  /** 0 when that desk order is gone. */
  openLots(desk: number, ref: number): number
  /** Whether the desk order is at the best price of its side with none but account orders before it. */
  isHead(desk: number, ref: number): boolean
}
