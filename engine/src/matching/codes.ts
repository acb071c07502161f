// The numeric vocabulary of the matching core: what a caller says and what it is told. Plain numbers, since
// a command must not allocate. The words on the wire are protocol's; the exchange translates.

export const SIDE = { buy: 0, sell: 1 } as const

/** What happens to the part of an order that does not trade at once. A market order is price 0 with IOC or FOK. */
export const INSTRUCTION = {
  /** Rests until filled or cancelled (GTC). */
  rest: 0,
  /** Trades what it can, the remainder lapses. */
  immediateOrCancel: 1,
  /** Trades whole or is refused before anything changes. */
  fillOrKill: 2,
  /** Rests whole or is refused before anything changes. */
  postOnly: 3,
  /** Rests without trading, also where the book is crossed by it: the call phase of an auction. */
  call: 4,
} as const

/** What the taker wants when it meets a maker of the same owner. The maker's own wish counts for nothing. */
export const SELF_TRADE = {
  /** They trade. */
  none: 0,
  /** What is left of the taker is cancelled. */
  cancelTaker: 1,
  /** The maker is cancelled, hidden lots too, and the taker goes on. */
  cancelMaker: 2,
  cancelBoth: 3,
  /** What would have traded is taken off both. */
  decrement: 4,
} as const

/** Codes from 0 up: the command was done. Negative codes: it was refused and nothing changed. */
export const RESULT = {
  /** All of the order, or what is left of it, rests. */
  rested: 0,
  /** The order traded whole. */
  filled: 1,
  /** The order may not rest: what did not trade is gone. */
  lapsed: 2,
  /** Nothing is left of the order, and some of it went to self-trade prevention. */
  selfTrade: 3,
  unknownOrder: -1,
  duplicateOrder: -2,
  badPrice: -3,
  badSize: -4,
  /** Post-only, and it would have traded. */
  wouldCross: -5,
  /** Fill-or-kill, and the book is too thin at its price, or an order of its owner's is in the way. */
  cannotFill: -6,
  /** The lots to show are no number of lots. */
  badDisplay: -7,
} as const

/** Kinds of engine events; event-buffer.ts says what each carries. */
export const EVENT = {
  /** A resting order and the arriving order traded. */
  fill: 1,
  /** An iceberg showed its next part, at the back of the queue. */
  refilled: 2,
  /** Two orders of one owner met and did not trade. */
  prevented: 3,
  /** An order traded in an auction. */
  crossed: 4,
} as const
