// Reject codes of the exchange with their titles, and the limits that a reject names.

/** The exchange understood the command and refuses it. A value, never an exception. */
export const REJECTS = {
  'unknown-symbol': 'No such instrument',
  'not-trading': 'The instrument does not accept this order in its present phase',
  'off-tick': "The price is not on the instrument's tick grid",
  'price-out-of-band': 'The price is outside the price limits, or the rest would have traded outside the price band',
  'bad-size': 'The size is not a positive whole number of lots, or is too large',
  'price-required': 'A limit order needs a price',
  'price-not-allowed': 'A market order must not have a price',
  'stop-price-required': 'A stop order needs a stop price',
  'stop-price-not-allowed': 'Only a stop order that is not triggered may have a stop price',
  'bad-display-size': 'The display size is not a whole number of lots within the order size, or the order never rests',
  'notional-too-large': 'The value of the order is above the limit',
  'beyond-collar': 'The rest would have traded beyond the collar',
  'self-trade-prevented': 'The order would have traded with another order of the same account',
  'market-closed': 'The trading day of the DAY order is over',
  'auction-over': 'The auction of the order is over',
  'unsupported-order-type': 'The order type is not supported',
  'post-only-would-trade': 'The post-only order would have traded at once',
  'cannot-fill': 'The fill-or-kill order cannot be filled in full',
  'no-liquidity': 'No orders on the other side of the book',
  'insufficient-cash': 'Not enough buying power',
  'insufficient-position': 'The account does not hold the size that it would sell',
  'too-many-orders': 'Too many open orders of the account',
  'duplicate-client-order-id': 'The clientOrderId is used by another order of this account',
  'unknown-order': 'The account has no open order with this id',
  'already-done': 'The order has already ended',
  'no-change': 'The replace changes neither size nor price nor stop price',
  'session-lost': 'The session was lost, and it cancels on disconnect',
  'cancel-all-after': 'The time of cancelAllAfter has passed',
  'below-filled': 'The new size is not above the filled size',
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
