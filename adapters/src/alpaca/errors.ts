// Errors in Alpaca's form: an HTTP status, and a body with a code of eight digits that begins with it, and a message.
// Alpaca's own wording is kept where clients look for it; everything else says what to do.

import { CodedError, problemHeaders } from '@papertape/gateway'
import type { Reject } from '@papertape/protocol'
import type { AdapterAnswer } from '../adapter.ts'

/** Thrown by the routes, and answered as it is. */
export class AlpacaError extends Error {
  readonly status: number
  readonly code: number

  /** @param code by default the first of the status: 42210000 for 422. */
  constructor(status: number, message: string, code = status * 100_000 + 10_000) {
    super(message)
    this.status = status
    this.code = code
  }

  get answer(): AdapterAnswer {
    return { status: this.status, body: { code: this.code, message: this.message } }
  }
}

export const BODY_INVALID = 40_010_001

/** What Alpaca has and this service does not. @param what begins the sentence, such as `options`. */
export function notOffered(what: string): AlpacaError {
  return new AlpacaError(422, `${what} not offered here; docs/adapters.md lists what is`)
}

export function invalid(message: string): AlpacaError {
  return new AlpacaError(422, message, BODY_INVALID)
}

export function assetNotFound(symbol: string): AlpacaError {
  return new AlpacaError(422, `asset "${symbol}" not found`)
}

export function orderNotFound(id: string): AlpacaError {
  return new AlpacaError(404, `order not found for ${id}`)
}

/** The exchange refuses an order or a change of one. */
export function ofReject({ code, text, limit }: Reject): AlpacaError {
  if (code === 'insufficient-cash') return new AlpacaError(403, 'insufficient buying power')
  if (code === 'insufficient-position') {
    return new AlpacaError(403, `insufficient qty available for order (available: ${limit?.value ?? 0})`)
  }
  if (code === 'duplicate-client-order-id') return new AlpacaError(422, 'client_order_id must be unique', BODY_INVALID)
  if (code === 'too-many-orders') return new AlpacaError(403, text)
  return new AlpacaError(code === 'unknown-order' ? 404 : 422, text)
}

/** An error of the service. */
export function ofCodedError(error: CodedError): AdapterAnswer {
  const { code, status, message } = error
  const said = code === 'not-logged-on' || code === 'bad-token' ? 'request is not authorized' : message
  return { ...new AlpacaError(status, said).answer, headers: problemHeaders(error) }
}

/** What a route throws as an answer; undefined for a fault. */
export function alpacaErrorOf(error: unknown): AdapterAnswer | undefined {
  if (error instanceof AlpacaError) return error.answer
  return error instanceof CodedError ? ofCodedError(error) : undefined
}
