// The service as Binance's spot API offers theirs (version 3). Finds the route of a request, and answers whatever goes
// wrong in Binance's form.

import { CodedError, type KeyedRateLimit, type KnownAccount, requireTrading } from '@papertape/gateway'
import type { Adapter, AdapterAnswer, AdapterConnection, AdapterRequest } from '../adapter.ts'
import type { AdapterDeps } from '../adapter-deps.ts'
import { OwnOrders } from '../orders/own-orders.ts'
import { PathTable } from '../path-table.ts'
import { VenueSocket } from '../sockets/venue-socket.ts'
import type { BinanceCall, BinanceRoutes, BinanceSender } from './binance-route.ts'
import { BinanceError, CODES, ofServiceError } from './errors.ts'
import { ListenKeys } from './listen-keys.ts'
import { BinanceParameters } from './parameters.ts'
import { binanceAccountRoutes } from './routes/account.ts'
import { binanceMarketRoutes } from './routes/market.ts'
import { binanceOrderRoutes } from './routes/orders.ts'
import { accountOfKey, accountOfSigned } from './signing.ts'
import { BinanceStream } from './streams/binance-stream.ts'
import { BinanceSocketApi, type RunRoute } from './streams/socket-api.ts'
import { parseStreamName, type StreamName } from './streams/stream-names.ts'

/** Find the account of a request. @throws {CodedError} @throws {BinanceError} */
interface RequestSenders {
  readonly signer: () => Promise<KnownAccount>
  readonly keyHolder: () => Promise<KnownAccount>
}

export class BinanceAdapter implements Adapter {
  readonly prefix = '/binance'
  readonly #deps: AdapterDeps
  readonly #listenKeys: ListenKeys
  readonly #routes: PathTable<BinanceRoutes[string]>

  constructor(deps: AdapterDeps) {
    this.#deps = deps
    this.#listenKeys = new ListenKeys(deps)
    this.#routes = new PathTable({
      ...binanceMarketRoutes(deps),
      ...binanceOrderRoutes(deps),
      ...binanceAccountRoutes({ ...deps, listenKeys: this.#listenKeys }),
    })
  }

  answer(request: AdapterRequest): Promise<AdapterAnswer> {
    const { method, path, queryText, bodyText } = request
    const parameters = new BinanceParameters(queryText, bodyText)
    const key = request.headers['x-mbx-apikey']
    return this.#run(`${method} ${path}`, parameters, {
      signer: () => accountOfSigned(this.#deps, request, parameters),
      keyHolder: () => accountOfKey(this.#deps.accounts, key),
    })
  }

  answerError(error: CodedError): AdapterAnswer {
    return ofServiceError(error)
  }

  openSocket({ path, queryText }: AdapterRequest) {
    if (path === '/ws-api/v3') {
      const run: RunRoute = (route, parameters, authorize) =>
        this.#run(route, parameters, { signer: authorize, keyHolder: authorize })
      return (connection: AdapterConnection) =>
        new VenueSocket(this.#deps, connection, new BinanceSocketApi(this.#deps, connection, run))
    }
    const isCombined = path === '/stream'
    const isRaw = path === '/ws' || path.startsWith('/ws/')
    if (!isCombined && !isRaw) return undefined
    const texts = isCombined ? (new URLSearchParams(queryText).get('streams') ?? '') : path.slice('/ws/'.length)
    const names = texts
      .split('/')
      .filter(text => text !== '')
      .map(parseStreamName)
    if (!names.every(name => this.#isKnown(name))) return undefined
    const options = { isCombined, names: names as readonly StreamName[], listenKeys: this.#listenKeys }
    return (connection: AdapterConnection) =>
      new VenueSocket(this.#deps, connection, new BinanceStream(this.#deps, connection, options))
  }

  #isKnown(stream: StreamName | undefined): boolean {
    if (stream?.kind === 'userData') return this.#listenKeys.accountOf(stream.listenKey) !== undefined
    return stream !== undefined && this.#deps.feed.view.instrument(stream.symbol) !== undefined
  }

  /** @param route `GET /api/v3/account` */
  async #run(route: string, parameters: BinanceParameters, senders: RequestSenders): Promise<AdapterAnswer> {
    const headers: Record<string, string> = {}
    try {
      const answer = await this.#find(route)(this.#callOf(parameters, senders, headers))
      return { ...answer, headers }
    } catch (error) {
      const answer = this.#answerOf(error)
      return { ...answer, headers: { ...headers, ...answer.headers } }
    }
  }

  /** @throws {BinanceError} */
  #find(route: string): BinanceRoutes[string] {
    const [method, path] = route.split(' ') as [string, string]
    const found = this.#routes.find(method, path)
    if (found !== undefined) return found.handler
    const message = `There is no ${route} in this market; docs/adapters.md lists what there is.`
    throw new BinanceError(CODES.unsupportedOperation, message, 404)
  }

  #callOf(parameters: BinanceParameters, senders: RequestSenders, headers: Record<string, string>): BinanceCall {
    const sender = async (rate: 'reads' | 'commands'): Promise<BinanceSender> => {
      const account = await senders.signer()
      // Before the rate: who may only read takes nothing from it.
      if (rate === 'commands') requireTrading(account)
      this.#take(this.#deps[rate], account.accountId, rate, headers)
      return { account, orders: new OwnOrders(this.#deps, account) }
    }
    return {
      parameters,
      reader: () => sender('reads'),
      trader: () => sender('commands'),
      keyHolder: async () => {
        const account = await senders.keyHolder()
        this.#take(this.#deps.reads, account.accountId, 'reads', headers)
        return account
      },
    }
  }

  /** The answer says what has been used. @throws {CodedError} rate-limited */
  #take(limit: KeyedRateLimit, accountId: string, rate: 'reads' | 'commands', headers: Record<string, string>): void {
    const refusal = limit.tryTake(accountId)
    const { limit: most, remaining } = limit.state(accountId)
    headers[rate === 'reads' ? 'x-mbx-used-weight' : 'x-mbx-order-count-1s'] = String(most - remaining)
    if (refusal !== undefined) throw refusal
  }

  #answerOf(error: unknown): AdapterAnswer {
    if (error instanceof BinanceError) return error.answer
    if (error instanceof CodedError) return ofServiceError(error)
    this.#deps.onError(error)
    return new BinanceError(CODES.unknown, 'An unknown error occurred while processing the request.', 500).answer
  }
}
