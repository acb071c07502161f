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
} as const

/** Codes from 0 up: the command was done. Negative codes: it was refused and nothing changed. */
export const RESULT = {
  /** All of the order, or what is left of it, rests. */
  rested: 0,
  /** The order traded whole. */
  filled: 1,
  /** The order may not rest: what did not trade is gone. */
  lapsed: 2,
  unknownOrder: -1,
  duplicateOrder: -2,
  badPrice: -3,
  badSize: -4,
  /** Post-only, and it would have traded. */
  wouldCross: -5,
  /** Fill-or-kill, and the book is too thin at its price. */
  cannotFill: -6,
} as const

/** Kinds of engine events. One today; stops, icebergs and self-trade prevention will add theirs. */
export const EVENT = { fill: 1 } as const
