// A route of Binance's REST API: what it is called with. Built by binance.ts, used by the files of routes/.

import type { KnownAccount } from '@papertape/gateway'
import type { AdapterAnswer } from '../adapter.ts'
import type { OwnOrders } from '../orders/own-orders.ts'
import type { BinanceParameters } from './parameters.ts'

export interface BinanceCall {
  readonly parameters: BinanceParameters
  /** The account of a signed request, whose reads are limited. @throws {CodedError} @throws {BinanceError} */
  reader(): Promise<BinanceSender>
  /** The same for changes, which count as commands. */
  trader(): Promise<BinanceSender>
  /** The account of the key of a request that is not signed. @throws {CodedError} */
  keyHolder(): Promise<KnownAccount>
}

export interface BinanceSender {
  readonly account: KnownAccount
  readonly orders: OwnOrders
}

export type BinanceRoutes = Readonly<Record<string, (call: BinanceCall) => Promise<AdapterAnswer>>>

export function okAnswer(body: unknown): AdapterAnswer {
  return { status: 200, body }
}
