// Errors in Binance's form: an HTTP status, and a body with a negative code and a message. Binance's own wording is
// kept where clients look for it; everything else says what to do.

import { type CodedError, problemHeaders } from '@papertape/gateway'
import type { ErrorCode, Reject, RejectCode } from '@papertape/protocol'
import type { AdapterAnswer } from '../adapter.ts'

/** Thrown by the routes, and answered as it is. */
export class BinanceError extends Error {
  readonly code: number
  readonly status: number

  constructor(code: number, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }

  get body() {
    return { code: this.code, msg: this.message }
  }

  get answer(): AdapterAnswer {
    return { status: this.status, body: this.body }
  }
}

export const CODES = {
  unknown: -1000,
  tooManyRequests: -1003,
  filterFailure: -1013,
  tooManyOrders: -1015,
  unsupportedOperation: -1020,
  invalidTimestamp: -1021,
  invalidSignature: -1022,
  illegalParameter: -1100,
  mandatoryParameter: -1102,
  parameterNotRequired: -1106,
  invalidTimeInForce: -1115,
  invalidOrderType: -1116,
  invalidSide: -1117,
  badInterval: -1120,
  badSymbol: -1121,
  invalidListenKey: -1125,
  newOrderRejected: -2010,
  cancelRejected: -2011,
  noSuchOrder: -2013,
  badApiKeyFormat: -2014,
  rejectedApiKey: -2015,
  cancelReplacePartlyFailed: -2021,
  cancelReplaceFailed: -2022,
} as const

export function badSymbol(): BinanceError {
  return new BinanceError(CODES.badSymbol, 'Invalid symbol.')
}

export function missingParameter(name: string): BinanceError {
  const message = `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`
  return new BinanceError(CODES.mandatoryParameter, message)
}

/** What Binance has and this service does not. @param what begins the sentence, such as `order lists`. */
export function operationNotOffered(what: string): BinanceError {
  const message = `This operation is not supported: ${what} not offered here; docs/adapters.md lists what is.`
  return new BinanceError(CODES.unsupportedOperation, message)
}

const FILTERS: Readonly<Partial<Record<RejectCode, string>>> = {
  'off-tick': 'PRICE_FILTER',
  'price-out-of-band': 'PERCENT_PRICE',
  'bad-size': 'LOT_SIZE',
  'bad-display-size': 'ICEBERG_PARTS',
  'notional-too-large': 'NOTIONAL',
}

/** Binance's wording of what its matching engine refuses. */
const MESSAGES: Readonly<Partial<Record<RejectCode, string>>> = {
  'insufficient-cash': 'Account has insufficient balance for requested action.',
  'insufficient-position': 'Account has insufficient balance for requested action.',
  'post-only-would-trade': 'Order would immediately match and take.',
  'not-trading': 'Market is closed.',
  'market-closed': 'Market is closed.',
  'too-many-orders': 'Filter failure: EXCHANGE_MAX_NUM_ORDERS',
  'duplicate-client-order-id': 'Duplicate order sent.',
  'unknown-order': 'Unknown order sent.',
  'already-done': 'Unknown order sent.',
}

/** The exchange refuses an order. */
export function ofOrderReject({ code, text }: Reject): BinanceError {
  if (code === 'unknown-symbol') return badSymbol()
  const filter = FILTERS[code]
  if (filter !== undefined) return new BinanceError(CODES.filterFailure, `Filter failure: ${filter}`)
  return new BinanceError(CODES.newOrderRejected, MESSAGES[code] ?? text)
}

/** The exchange refuses a cancel. */
export function ofCancelReject({ code, text }: Reject): BinanceError {
  return new BinanceError(CODES.cancelRejected, MESSAGES[code] ?? text)
}

const OF_SERVICE: Readonly<Partial<Record<ErrorCode, readonly [code: number, message: string]>>> = {
  'not-logged-on': [CODES.badApiKeyFormat, 'API-key format invalid.'],
  'bad-token': [CODES.rejectedApiKey, 'Invalid API-key, IP, or permissions for action.'],
  'read-only': [CODES.rejectedApiKey, 'Invalid API-key, IP, or permissions for action.'],
}

/** An error of the service. */
export function binanceErrorOf(error: CodedError): BinanceError {
  const { code, status, message } = error
  if (code === 'rate-limited') return new BinanceError(CODES.tooManyRequests, `Too many requests: ${message}.`, 429)
  const [number, text] = OF_SERVICE[code] ?? [status < 500 ? CODES.illegalParameter : CODES.unknown, message]
  return new BinanceError(number, text, status)
}

export function ofServiceError(error: CodedError): AdapterAnswer {
  return { ...binanceErrorOf(error).answer, headers: problemHeaders(error) }
}
