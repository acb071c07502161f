// Reject codes of the exchange with their titles, and the limits that a reject names.

/** The exchange understood the command and refuses it. A value, never an exception. */
export const REJECTS = {
  'unknown-symbol': 'There is no such instrument',
  'not-trading': 'The instrument does not take this order in its present phase',
  'off-tick': "The price is off the instrument's tick grid",
  'price-out-of-band':
    'The price is outside what the exchange can list, or what was left would have traded outside the band',
  'bad-size': 'The size is not a whole, positive number of lots, or too large',
  'price-required': 'A limit order needs a price',
  'price-not-allowed': 'A market order carries no price',
  'stop-price-required': 'A stop order needs a stop price',
  'stop-price-not-allowed': 'Only stop orders that still wait carry a stop price',
  'bad-display-size': 'The size to show is not a whole number of lots within the order, or the order never rests',
  'notional-too-large': 'The order is worth more than one order may be',
  'beyond-collar': 'What was left would have traded too far from the market',
  'self-trade-prevented': 'The order met another one of its account, which was not to trade with it',
  'market-closed': 'The order was good for the day, and the day is over',
  'auction-over': 'The order was for an auction, which is over',
  'unsupported-order-type': 'The exchange does not take this order type',
  'post-only-would-trade': 'The order is post-only and would have traded at once',
  'cannot-fill': 'The order is fill-or-kill and cannot be filled whole',
  'no-liquidity': 'There is nothing on the other side of the book',
  'insufficient-cash': 'The account has too little buying power',
  'insufficient-position': 'The account does not hold what it would sell',
  'too-many-orders': 'The account has as many open orders as it may',
  'duplicate-client-order-id': 'The clientOrderId belongs to another order of this account',
  'unknown-order': 'The account has no open order of that id',
  'already-done': 'The order has already ended',
  'no-change': 'The replace changes neither size nor price nor stop price',
  'below-filled': 'The new size is not above what has been filled already',
} as const
export type RejectCode = keyof typeof REJECTS

/** Limits of the exchange, as a reject names them. */
export const LIMIT_NAMES = [
  'priceMin',
  'priceMax',
  'tickSize',
  'lotSize',
  'sizeMin',
  'sizeMax',
  'displaySizeMin',
  'displaySizeMax',
  'notionalMax',
  'bandLow',
  'bandHigh',
  'collarLow',
  'collarHigh',
  'openOrdersMax',
  'buyingPower',
  'freeSize',
  'bestPrice',
  'fillableSize',
  'filledSize',
] as const
export type LimitName = (typeof LIMIT_NAMES)[number]
