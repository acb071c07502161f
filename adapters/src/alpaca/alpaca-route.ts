// A route of Alpaca's REST API: what it is called with. Built by alpaca.ts, used by the files of routes/.

import type { KnownAccount } from '@papertape/gateway'
import type { AdapterAnswer } from '../adapter.ts'
import type { OwnOrders } from '../orders/own-orders.ts'
import type { JsonObject } from '../values/json-object.ts'

export interface AlpacaCall {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** @throws {AlpacaError} without a JSON object. */
  body(): JsonObject
  /** The account of the sender, whose reads are limited. @throws {CodedError} */
  reader(): Promise<AlpacaSender>
  /** The same for changes, which count as commands. @throws {CodedError} */
  trader(): Promise<AlpacaSender>
}

export interface AlpacaSender {
  readonly account: KnownAccount
  readonly orders: OwnOrders
}

export type AlpacaHandler = (call: AlpacaCall) => Promise<AdapterAnswer>
export type AlpacaRoutes = Readonly<Record<string, AlpacaHandler>>

export function okBody(body: unknown): AdapterAnswer {
  return { status: 200, body }
}
