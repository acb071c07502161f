// The order flow: each change of the books, order by order, as numbers (the A, E, X and D messages of ITCH). For
// recorders and statistics that need every order. A listener must not change the market.

export interface OrderFlowListener {
  /**
   * An order, or what is left of it, rests from now on, at the end of its queue.
   * @param owner whose it is: the number of a desk, or below 0 an account.
   */
  added(symbol: number, orderId: number, side: number, priceTicks: number, lots: number, owner: number): void
  /**
   * A resting order has traded.
   * @param leftLots 0: it has left the book. @param taker owner of the order that arrived; undefined in an auction.
   */
  executed(
    symbol: number,
    orderId: number,
    side: number,
    priceTicks: number,
    lots: number,
    leftLots: number,
    taker: number | undefined,
  ): void
  /** Lots of a resting order were canceled. @param leftLots 0: it has left the book. */
  canceled(symbol: number, orderId: number, side: number, priceTicks: number, lots: number, leftLots: number): void
  /**
   * A trade that no order of the book took part in: with a hidden order, or in an auction elsewhere. It may be off the
   * tick grid. @param side of the order that rested
   */
  printed(symbol: number, side: number, priceTicks: number, lots: number, isAuction: boolean): void
}
