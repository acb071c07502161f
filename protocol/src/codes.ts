// Every code that a stranger may meet, in one table each: errors with their HTTP status and close code, rejects of the
// exchange, close codes with what a client should do next. The docs page is made from these.

/** What a client does after a failure: try at once, wait as long as it was told, or stop. */
export type RetryRule = 'retry' | 'retryAfter' | 'never'

interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly retry: RetryRule
}

/** Coded errors: something was wrong with the request, or with us. Sent as problem+json, or as `error` on the socket. */
export const ERRORS = {
  'bad-request': { status: 400, title: 'The request is malformed', retry: 'never' },
  'bad-json': { status: 400, title: 'The body or frame is not JSON', retry: 'never' },
  'bad-parameter': { status: 400, title: 'A parameter has a value it cannot have', retry: 'never' },
  'unknown-symbol': { status: 400, title: 'No such instrument', retry: 'never' },
  'range-not-satisfiable': { status: 416, title: 'The file has no such bytes', retry: 'never' },
  'unsupported-expectation': { status: 417, title: 'The service meets no such expectation', retry: 'never' },
  'bad-subprotocol': { status: 400, title: 'The socket speaks papertape.v1 only', retry: 'never' },
  'upgrade-required': { status: 426, title: 'This address takes WebSocket upgrades only', retry: 'never' },
  'not-logged-on': { status: 401, title: 'The command needs a logon first', retry: 'never' },
  'bad-token': { status: 401, title: 'The token or cookie is not valid', retry: 'never' },
  'foreign-origin': { status: 403, title: 'This origin may not do that', retry: 'never' },
  'not-operator': { status: 403, title: 'Only the operator may do that', retry: 'never' },
  'not-found': { status: 404, title: 'There is nothing at this address', retry: 'never' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method', retry: 'never' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', retry: 'never' },
  'unknown-order': { status: 404, title: 'No such order in this account', retry: 'never' },
  'unknown-subscription': { status: 404, title: 'No subscription of that name', retry: 'never' },
  'too-large': { status: 413, title: 'The body or frame is too large', retry: 'never' },
  'uri-too-long': { status: 414, title: 'The address is too long', retry: 'never' },
  'unsupported-media-type': { status: 415, title: 'The body has a media type that is not taken here', retry: 'never' },
  'unknown-host': { status: 421, title: 'The service does not answer under this host name', retry: 'never' },
  'headers-too-large': { status: 431, title: 'The header section is too large', retry: 'never' },
  'rate-limited': { status: 429, title: 'Too many commands', retry: 'retryAfter' },
  'too-many-sessions': { status: 429, title: 'The account has as many sessions as it may', retry: 'retryAfter' },
  busy: { status: 503, title: 'The service is at its limit', retry: 'retryAfter' },
  closing: { status: 503, title: 'The service is going away', retry: 'retryAfter' },
  'not-implemented': { status: 501, title: 'The service does not implement that', retry: 'never' },
  internal: { status: 500, title: 'A fault of the service', retry: 'retryAfter' },
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS

/** Rejects: the exchange understood the command and refuses it. A value, never an exception. */
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

/** Limits of the exchange, as a reject names them for programs. */
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

export interface Reject {
  readonly code: RejectCode
  /** What happened and what to do, for a person. */
  readonly text: string
  /** The limit that was violated, where there is one. */
  readonly limit?: { readonly name: LimitName; readonly value: number }
}

interface CloseEntry {
  readonly meaning: string
  readonly retry: RetryRule
}

/** WebSocket close codes (RFC 6455 section 7.4 and ours), each with what the client does next. */
export const CLOSE_CODES = {
  1000: { meaning: 'logout', retry: 'never' },
  1001: { meaning: 'the server goes away', retry: 'retryAfter' },
  1002: { meaning: 'protocol error', retry: 'never' },
  1003: { meaning: 'binary frames are not taken', retry: 'never' },
  1006: { meaning: 'the connection was lost', retry: 'retry' },
  1007: { meaning: 'text that is not UTF-8', retry: 'never' },
  1008: { meaning: 'policy', retry: 'never' },
  1009: { meaning: 'frame too large', retry: 'never' },
  1011: { meaning: "a fault of the server's", retry: 'retryAfter' },
  4400: { meaning: 'malformed, again and again', retry: 'never' },
  4401: { meaning: 'not logged on, or bad token', retry: 'never' },
  4408: { meaning: 'lagging', retry: 'retry' },
  4409: { meaning: 'session taken over', retry: 'never' },
  4429: { meaning: 'rate', retry: 'retryAfter' },
} as const satisfies Record<number, CloseEntry>
export type CloseCode = keyof typeof CLOSE_CODES

/** What to do after a close; codes we never send are treated like a lost connection. */
export function retryAfterClose(code: number): RetryRule {
  return code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].retry : 'retry'
}

/** Where a code is explained. */
export function docsLink(code: ErrorCode | RejectCode): string {
  return `/docs/errors#${code}`
}

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode | RejectCode
  readonly detail: string
  readonly docs: string
  readonly retryMs?: number
  readonly limit?: Reject['limit']
}

/** The body of an error answer, RFC 9457. `detail` says what to do. */
export function problem(code: ErrorCode, detail: string, retryMs?: number): Problem {
  const { status, title } = ERRORS[code]
  const body = { type: docsLink(code), title, status, code, detail, docs: docsLink(code) }
  return retryMs === undefined ? body : { ...body, retryMs }
}

/** A refusal of the exchange as an error answer: 422, with the reject's own code. */
export function rejectProblem(reject: Reject): Problem {
  const { code, text, limit } = reject
  const body = { type: docsLink(code), title: REJECTS[code], status: 422, code, detail: text, docs: docsLink(code) }
  return limit === undefined ? body : { ...body, limit }
}
