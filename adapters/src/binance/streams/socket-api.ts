// Binance's WebSocket API on one connection: the methods of its REST API as messages, each signed by itself, and the
// user data of an account without a listen key.

import { CodedError, type KnownAccount } from '@papertape/gateway'
import type { AdapterAnswer, AdapterConnection } from '../../adapter.ts'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { takeAccountPlace } from '../../sockets/account-places.ts'
import type { VenueStream } from '../../sockets/venue-socket.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../../values/json-object.ts'
import { BinanceError, binanceErrorOf, operationNotOffered } from '../errors.ts'
import { BinanceParameters } from '../parameters.ts'
import { accountOfKey, requireInTime, requireSignature } from '../signing.ts'
import { BinanceUserData } from './user-data.ts'

/** The routes that answer the methods. */
const ROUTES: Readonly<Record<string, string>> = {
  ping: 'GET /api/v3/ping',
  time: 'GET /api/v3/time',
  exchangeInfo: 'GET /api/v3/exchangeInfo',
  depth: 'GET /api/v3/depth',
  'trades.recent': 'GET /api/v3/trades',
  'trades.aggregate': 'GET /api/v3/aggTrades',
  'ticker.24hr': 'GET /api/v3/ticker/24hr',
  klines: 'GET /api/v3/klines',
  'ticker.price': 'GET /api/v3/ticker/price',
  'ticker.book': 'GET /api/v3/ticker/bookTicker',
  'order.place': 'POST /api/v3/order',
  'order.test': 'POST /api/v3/order/test',
  'order.status': 'GET /api/v3/order',
  'order.cancel': 'DELETE /api/v3/order',
  'order.cancelReplace': 'POST /api/v3/order/cancelReplace',
  'openOrders.status': 'GET /api/v3/openOrders',
  'openOrders.cancelAll': 'DELETE /api/v3/openOrders',
  allOrders: 'GET /api/v3/allOrders',
  'account.status': 'GET /api/v3/account',
  myTrades: 'GET /api/v3/myTrades',
}
const SUBSCRIPTION_ACTIVE = -2035
const SUBSCRIPTION_INACTIVE = -2036
const ONLY_SUBSCRIPTION = { subscriptionId: 0 }

/** Answers as over REST. @param authorize the account of a method that needs one. */
export type RunRoute = (
  route: string,
  parameters: BinanceParameters,
  authorize: () => Promise<KnownAccount>,
) => Promise<AdapterAnswer>

export class BinanceSocketApi implements VenueStream {
  readonly #deps: AdapterDeps
  readonly #connection: AdapterConnection
  readonly #run: RunRoute
  #hasAsked = false
  /** Of the request that is handled. */
  #requestId: unknown = null
  #endUserData: (() => void) | undefined

  constructor(deps: AdapterDeps, connection: AdapterConnection, run: RunRoute) {
    this.#deps = deps
    this.#connection = connection
    this.#run = run
  }

  get isInUse(): boolean {
    return this.#hasAsked
  }

  open(): void {}

  async handle(data: string | Uint8Array): Promise<void> {
    this.#requestId = null
    const request = parseJsonObject(typeof data === 'string' ? data : new TextDecoder().decode(data))
    if (request === undefined) throw new CodedError('bad-json', 'the request is no JSON object')
    const { id = null, method, params = {} } = request
    if (typeof method !== 'string' || !isJsonObject(params)) {
      throw new CodedError('bad-request', 'a request has id, method and params')
    }
    this.#requestId = id
    this.#hasAsked = true
    const answer = await this.#answer(method.replace(/^v3\//, ''), params)
    const isError = answer.status >= 400
    this.#send({ id, status: answer.status, [isError ? 'error' : 'result']: answer.body })
  }

  refuse(error: CodedError): void {
    const { body, status } = binanceErrorOf(error)
    this.#send({ id: this.#requestId, status, error: body })
  }

  /** Binance says nothing of a connection that asks nothing. */
  refuseIdle(): void {}

  release(): void {
    this.#endUserData?.()
  }

  async #answer(method: string, params: JsonObject): Promise<AdapterAnswer> {
    const parameters = new BinanceParameters(encode(params))
    const authorize = () => this.#authorize(params, parameters)
    const route = Object.hasOwn(ROUTES, method) ? ROUTES[method] : undefined
    if (route !== undefined) return this.#run(route, parameters, authorize)
    try {
      if (method === 'userDataStream.subscribe.signature') return await this.#subscribe(await authorize())
      if (method === 'userDataStream.unsubscribe') return this.#unsubscribe()
      throw operationNotOffered(`${method.slice(0, 64)} is`)
    } catch (error) {
      if (error instanceof BinanceError) return error.answer
      throw error
    }
  }

  /** The signature is over all parameters in the order of their names. @throws {BinanceError} @throws {CodedError} */
  async #authorize(params: JsonObject, parameters: BinanceParameters): Promise<KnownAccount> {
    const key = parameters.text('apiKey')
    const account = await accountOfKey(this.#deps.accounts, key)
    const names = Object.keys(params).filter(name => name !== 'signature')
    const payload = names.sort().map(name => `${name}=${textOf(params[name])}`)
    requireSignature(this.#deps.signHmac, key!, payload.join('&'), parameters.requireText('signature'))
    requireInTime(this.#deps.clock, parameters)
    return account
  }

  async #subscribe(account: KnownAccount): Promise<AdapterAnswer> {
    if (this.#endUserData !== undefined) {
      throw new BinanceError(SUBSCRIPTION_ACTIVE, 'User Data Stream subscription already active.')
    }
    const leave = takeAccountPlace(this.#deps, account, this.#connection)
    const userData = new BinanceUserData(this.#deps, account, {
      send: event => this.#send({ ...ONLY_SUBSCRIPTION, event }),
      fail: error => {
        this.#deps.onError(error)
        this.#connection.close('internalError')
      },
    })
    this.#endUserData = () => {
      this.#endUserData = undefined
      userData.close()
      leave()
    }
    await userData.open()
    return { status: 200, body: ONLY_SUBSCRIPTION }
  }

  #unsubscribe(): AdapterAnswer {
    if (this.#endUserData === undefined) {
      throw new BinanceError(SUBSCRIPTION_INACTIVE, 'User Data Stream subscription not active.')
    }
    this.#endUserData()
    return { status: 200, body: {} }
  }

  #send(message: object): void {
    this.#connection.send(JSON.stringify(message))
  }
}

/** As a query, which the routes read. */
function encode(params: JsonObject): string {
  const texts = Object.entries(params).map(([name, value]) => [name, textOf(value)] as [string, string])
  return new URLSearchParams(texts).toString()
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
