// The numeric codes of the matching engine's commands and results. Plain numbers, since a command must not allocate.
// The codes on the wire are protocol's; the exchange translates.

export const SIDE = { buy: 0, sell: 1 } as const

/** What happens to the part of an order that does not trade at once. A market order has price 0 and IOC or FOK. */
export const INSTRUCTION = {
  /** Rests until filled or cancelled (GTC). */
  rest: 0,
  /** Trades what it can; the rest is canceled. */
  immediateOrCancel: 1,
  /** Trades completely or is rejected before anything changes. */
  fillOrKill: 2,
  /** Rests completely or is rejected before anything changes. */
  postOnly: 3,
  /** Rests without trading even if it crosses the book: the call phase of an auction. */
  call: 4,
} as const

/** What happens when a taker meets a maker of the same owner. The taker's mode counts, not the maker's. */
export const SELF_TRADE = {
  /** They trade. */
  none: 0,
  /** The rest of the taker is canceled. */
  cancelTaker: 1,
  /** The maker is canceled, hidden lots included, and the taker goes on. */
  cancelMaker: 2,
  cancelBoth: 3,
  /** What would have traded is taken off both. */
  decrement: 4,
} as const

/** Codes from 0 up: the command was done. Negative codes: it was rejected and nothing has changed. */
export const RESULT = {
  /** The order, or the rest of it, rests. */
  rested: 0,
  /** The order traded completely. */
  filled: 1,
  /** The order may not rest: what did not trade was canceled. */
  lapsed: 2,
  /** Nothing is left of the order, and self-trade prevention took some of it. */
  selfTrade: 3,
  unknownOrder: -1,
  duplicateOrder: -2,
  badPrice: -3,
  badSize: -4,
  /** Post-only, and it would have traded. */
  wouldCross: -5,
  /** Fill-or-kill, and the book has too little at its price, or self-trade prevention stands in the way. */
  cannotFill: -6,
  /** The display size is no valid number of lots. */
  badDisplay: -7,
} as const

/** Kinds of events; event-buffer.ts has their fields. */
export const EVENT = {
  /** A resting order and the arriving order traded. */
  fill: 1,
  /** An iceberg showed its next part, at the end of the queue. */
  refilled: 2,
  /** Two orders of one owner met and did not trade. */
  prevented: 3,
  /** An order traded in an auction. */
  crossed: 4,
} as const
