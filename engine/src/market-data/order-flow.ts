// The books order by order, as numbers: what an exchange sells as its full-depth feed (ITCH's A, E, D and X messages). For
// recorders and measures that need every order and no text. A listener must not change the market.

export interface OrderFlowListener {
  /** What is left of an order rests from now on, at the end of its queue. */
  added(symbol: number, orderId: number, side: number, priceTicks: number, lots: number): void
  /** A resting order traded with an arriving one, whose side is the other; 0 left: it is gone. */
  executed(symbol: number, orderId: number, side: number, priceTicks: number, lots: number, leftLots: number): void
  /** Lots of a resting order were taken off by its owner; 0 left: it is gone. */
  canceled(symbol: number, orderId: number, side: number, priceTicks: number, lots: number, leftLots: number): void
}
