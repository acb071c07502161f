// The service as Alpaca's trading and market data APIs offer theirs (version 2, US equities). Finds the route of a
// request, and answers whatever goes wrong in Alpaca's form.

import { type CodedError, requireTrading } from '@papertape/gateway'
import type { Adapter, AdapterAnswer, AdapterConnection, AdapterRequest } from '../adapter.ts'
import type { AdapterDeps } from '../adapter-deps.ts'
import { OwnOrders } from '../orders/own-orders.ts'
import { PathTable } from '../path-table.ts'
import { VenueSocket } from '../sockets/venue-socket.ts'
import { parseJsonObject } from '../values/json-object.ts'
import type { AlpacaCall, AlpacaHandler } from './alpaca-route.ts'
import { accountOf, credentialsIn } from './credentials.ts'
import { AlpacaError, alpacaErrorOf, BODY_INVALID, ofCodedError } from './errors.ts'
import { alpacaAccountRoutes } from './routes/account.ts'
import { alpacaActivityRoutes } from './routes/activities.ts'
import { alpacaMarketDataRoutes } from './routes/market-data.ts'
import { alpacaOrderRoutes } from './routes/orders.ts'
import { alpacaReferenceRoutes } from './routes/reference.ts'
import { AlpacaDataStream } from './streams/data-stream.ts'
import { codecOf } from './streams/stream-codec.ts'
import { AlpacaTradeUpdates } from './streams/trade-updates.ts'

export class AlpacaAdapter implements Adapter {
  readonly prefix = '/alpaca'
  readonly #deps: AdapterDeps
  readonly #routes: PathTable<AlpacaHandler>

  constructor(deps: AdapterDeps) {
    this.#deps = deps
    this.#routes = new PathTable({
      ...alpacaAccountRoutes(deps),
      ...alpacaActivityRoutes(deps),
      ...alpacaMarketDataRoutes(deps),
      ...alpacaOrderRoutes(deps),
      ...alpacaReferenceRoutes(deps),
    })
  }

  async answer(request: AdapterRequest): Promise<AdapterAnswer> {
    const headers: Record<string, string> = {}
    try {
      const answer = await this.#handle(request, headers)
      return { ...answer, headers }
    } catch (error) {
      const answer = this.#answerOf(error)
      return { ...answer, headers: { ...headers, ...answer.headers } }
    }
  }

  answerError(error: CodedError): AdapterAnswer {
    return ofCodedError(error)
  }

  openSocket({ path, headers }: AdapterRequest) {
    const isTrading = path === '/stream'
    // The feed of the path (iex, sip, test) is this market in any case.
    if (!isTrading && !/^\/stream\/v2\/[a-z_]+$/.test(path)) return undefined
    const codec = codecOf(headers)
    const credentials = credentialsIn(headers)
    return (connection: AdapterConnection) => {
      const stream = isTrading
        ? new AlpacaTradeUpdates(this.#deps, connection, codec, credentials)
        : new AlpacaDataStream(this.#deps, connection, { codec, credentials })
      return new VenueSocket(this.#deps, connection, stream)
    }
  }

  #handle(request: AdapterRequest, headers: Record<string, string>): Promise<AdapterAnswer> {
    const { method, path, queryText, bodyText } = request
    const found = this.#routes.find(method, path)
    if (found === undefined) {
      throw new AlpacaError(404, `there is no ${method} ${path} in this market; docs/adapters.md lists what there is`)
    }
    const sender = async (rate: 'reads' | 'commands') => {
      const account = await accountOf(this.#deps.accounts, credentialsIn(request.headers))
      // Before the rate: who may only read takes nothing from it.
      if (rate === 'commands') requireTrading(account)
      const limit = this.#deps[rate]
      const refusal = limit.tryTake(account.accountId)
      const { limit: most, remaining, resetMs } = limit.state(account.accountId)
      headers['x-ratelimit-limit'] = String(most)
      headers['x-ratelimit-remaining'] = String(remaining)
      headers['x-ratelimit-reset'] = String(Math.ceil((this.#deps.clock.wallMs() + resetMs) / 1_000))
      if (refusal !== undefined) throw refusal
      return { account, orders: new OwnOrders(this.#deps, account) }
    }
    const call: AlpacaCall = {
      params: found.params,
      query: new URLSearchParams(queryText),
      body() {
        const body = parseJsonObject(bodyText)
        if (body === undefined) throw new AlpacaError(400, 'request body format is invalid', BODY_INVALID)
        return body
      },
      reader: () => sender('reads'),
      trader: () => sender('commands'),
    }
    return found.handler(call)
  }

  #answerOf(error: unknown): AdapterAnswer {
    const answer = alpacaErrorOf(error)
    if (answer !== undefined) return answer
    this.#deps.onError(error)
    return new AlpacaError(500, 'internal server error').answer
  }
}
