// Answers a request as the server does: routes, the feed over SSE and long poll, problems. Knows no MSW. What needs the
// server's disk or its other clients is answered with 501.

import { atDeclaredRate, type Feed, PacedWire } from '@papertape/feed'
import {
  type AccountStreams,
  type Accounts,
  accessOf,
  apiRoutes,
  busyRetryMs,
  CodedError,
  checkParameters,
  checkRequest,
  EXPOSED_HEADERS,
  encodeBusy,
  encodeStreamRetry,
  FEED_LISTS,
  type FeedParameters,
  healthRoute,
  isNotModified,
  isSafeMethod,
  type KeyedRateLimit,
  type LabConnections,
  PUBLIC_HEADERS,
  parseByteRate,
  parseFeedRequest,
  positionIn,
  preflightHeaders,
  preparePoll,
  problemHeaders,
  type QueryValues,
  type RoomService,
  readRate,
  type Sender,
  STREAM_HEADERS,
  type VenuePort,
} from '@papertape/gateway'
import { type Clock, type NewOrder, SUBPROTOCOL } from '@papertape/protocol'
import { AccountStreamQuery, PollQuery, StreamQuery } from '@papertape/protocol/schemas'
import type { OrderScripts } from '../script/order-scripts.ts'
import { readJsonBody } from './json-body.ts'
import { type RouteMatch, Router } from './router.ts'
import type { Senders } from './senders.ts'
import { cutBytes, openStreamBody, type StreamBody, type StreamBodyOptions, streamCodec } from './stream-body.ts'

/** Offered by the server alone: they need its disk, its ports or its worker threads. */
const SERVER_ONLY = /^\/(simulations|lab\/(handshake|headers|origins))(\/|$)/
/** Answered by their own transports. */
const UNROUTED: readonly string[] = ['/stream', '/account/stream', '/poll', '/socket']
const JSON_TYPE = 'application/json; charset=utf-8'

export interface MarketRequestsDeps {
  readonly feed: Feed
  readonly venue: VenuePort
  readonly accounts: Accounts
  readonly accountStreams: AccountStreams
  readonly rooms: RoomService
  readonly commands: KeyedRateLimit
  readonly senders: Senders
  readonly scripts: OrderScripts
  readonly connections: LabConnections
  readonly clock: Clock
  /** From 0 to 1; spreads the reconnects of clients. */
  readonly random: () => number
}

export class MarketRequests {
  readonly #deps: MarketRequestsDeps
  readonly #api: Router
  readonly #site: Router
  readonly #streams = new Set<StreamBody>()

  constructor(deps: MarketRequestsDeps) {
    const { feed, venue, accounts, rooms, connections, commands, clock } = deps
    this.#deps = deps
    const newAccounts = { burst: 0, perHour: 0 }
    const reads = readRate(() => clock.nowMs())
    this.#api = new Router(
      apiRoutes({ feed, venue, accounts, rooms, connections, commands, reads, clock, newAccounts }),
    )
    this.#site = new Router([healthRoute(feed)])
  }

  /** Cuts every stream, as a lost connection does. */
  cutStreams(): void {
    for (const stream of [...this.#streams]) stream.cut()
  }

  /** @param path of the service: without the base path under which a page has it. */
  async answer(request: Request, path: string): Promise<Response> {
    const headers = { ...accessHeaders(path) }
    const sender = this.#deps.senders.of(request, more => Object.assign(headers, more))
    const response = await this.#answer(request, path, sender).catch((error: unknown) => problemResponse(error))
    if (response.type === 'error') return response
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }

  async #answer(request: Request, path: string, sender: Sender): Promise<Response> {
    const { method } = request
    checkOrigin(request, path)
    const below = path.startsWith('/v1/') ? path.slice('/v1'.length) : path
    const router = below === path ? this.#site : this.#api
    const query = queryOf(request)
    if (UNROUTED.includes(below)) {
      if (method === 'OPTIONS') return this.#preflight(request, path, ['GET', 'HEAD', 'OPTIONS'])
      if (method !== 'GET' && method !== 'HEAD') throw notAllowed(method, path, ['GET', 'HEAD', 'OPTIONS'])
      if (below === '/stream') return this.#stream(request, query)
      if (below === '/account/stream') return this.#accountStream(request, query, sender)
      if (below === '/poll') return this.#poll(request, query)
      throw new CodedError('upgrade-required', `open a WebSocket here, with the subprotocol ${SUBPROTOCOL}`)
    }
    const match = router.find(method, below)
    if (match !== undefined) return this.#handle(request, query, match, sender)
    if (SERVER_ONLY.test(below)) {
      throw new CodedError(
        'not-implemented',
        `${path} is offered by the server only, not by the market in a page or a test`,
      )
    }
    const methods = router.methodsAt(below)
    if (methods.length === 0)
      throw new CodedError('not-found', `there is no ${method} ${path}; /docs lists what there is`)
    if (method === 'OPTIONS') return this.#preflight(request, path, methods)
    throw notAllowed(method, path, methods)
  }

  async #handle(
    request: Request,
    query: QueryValues,
    { route, params }: RouteMatch,
    sender: Sender,
  ): Promise<Response> {
    const { schema } = route
    checkParameters(schema.querystring, query)
    if (route.isOperatorOnly && !sender.isOperator) {
      throw new CodedError('not-operator', "send Authorization: Bearer with the market's operatorToken")
    }
    const wantsObject = (schema.body as { type?: string } | undefined)?.type === 'object'
    const body = isSafeMethod(request.method) ? undefined : await readJsonBody(request, wantsObject)
    const checked = checkRequest(schema, { params, query, body })
    const handle = () => route.handle({ ...checked, sender })
    const isOrder = schema.operationId === 'placeOrder'
    const answer = await (isOrder ? this.#playScript(checked.body as unknown as NewOrder, handle) : handle())
    if (answer.isLost === true) throw new ConnectionLost()
    const { cached } = answer
    const isKnown = cached !== undefined && isNotModified(request.headers.get('if-none-match'), cached.etag)
    const json = isKnown ? undefined : await answer.json?.()
    // Over that of errors.
    if (cached !== undefined) sender.setHeaders({ etag: cached.etag, 'cache-control': cached.cacheControl })
    if (isKnown) return new Response(null, { status: 304 })
    if (answer.body === undefined && json === undefined) return new Response(null, { status: answer.status })
    const text = request.method === 'HEAD' ? null : (json ?? JSON.stringify(answer.body))
    const headers = { 'content-type': answer.mediaType ?? JSON_TYPE }
    return new Response(text, { status: answer.status, headers })
  }

  /** @throws {TypeError} when the script loses the connection. */
  async #playScript<Answer>(order: NewOrder, place: () => Answer): Promise<Awaited<Answer>> {
    const { scripts, clock } = this.#deps
    const script = scripts.take({ ...order })
    if (script === undefined) return await place()
    if (script.delayMs > 0) await new Promise<void>(resolve => clock.setTimer(resolve, script.delayMs))
    const { end } = script
    if (end?.isApplied === false) throw new ConnectionLost()
    await scripts.prepare(script, order)
    const answer = await place()
    if (end !== undefined) throw new ConnectionLost()
    return answer
  }

  #stream(request: Request, query: QueryValues): Response {
    const { feed, connections, clock, random } = this.#deps
    checkParameters(StreamQuery, query, FEED_LISTS)
    const lastEventId = request.headers.get('last-event-id') ?? undefined
    const feedRequest = parseFeedRequest(query as FeedParameters, feed.view.symbols, lastEventId)
    const maxBytesPerSecond = parseByteRate(query as FeedParameters)
    if (request.method === 'HEAD') return new Response(null, { headers: STREAM_HEADERS })
    if (feed.refuse(feedRequest) !== undefined) return busyResponse(random)
    const lab = connections.add({ cut: () => stream.cut() })
    const stream = this.#openStream(request, {
      first: encodeStreamRetry(random),
      open(wire) {
        const subscription = { request: feedRequest, codec: streamCodec, maxBytesPerSecond, labKey: lab.key }
        const paced = new PacedWire(wire, lab.pace, cutBytes)
        const rate = { clock, bytesPerSecond: maxBytesPerSecond, sizeOf: ({ length }: Uint8Array) => length }
        const reader = feed.subscribe(subscription, atDeclaredRate(paced, rate))
        return () => reader.close()
      },
      onEnd: () => connections.remove(lab),
    })
    return streamResponse(stream)
  }

  async #accountStream(request: Request, query: QueryValues, { accountToken }: Sender): Promise<Response> {
    const { accounts, accountStreams, random } = this.#deps
    checkParameters(AccountStreamQuery, query, ['last', 'lastEventId'])
    const account = await accounts.require(accountToken)
    if (request.method === 'HEAD') return new Response(null, { headers: STREAM_HEADERS })
    if (accountStreams.isFull(account)) return busyResponse(random)
    const last = positionIn(query as FeedParameters, request.headers.get('last-event-id') ?? undefined)
    const stream = this.#openStream(request, {
      first: encodeStreamRetry(random),
      open: wire => accountStreams.open(account, { last, codec: streamCodec, wire }).close,
      onEnd: () => {},
    })
    return streamResponse(stream)
  }

  #openStream({ signal }: Request, options: StreamBodyOptions): StreamBody {
    const stream = openStreamBody({
      ...options,
      onEnd: () => {
        this.#streams.delete(stream)
        options.onEnd()
      },
    })
    this.#streams.add(stream)
    signal.addEventListener('abort', () => stream.cut())
    return stream
  }

  async #poll(request: Request, query: QueryValues): Promise<Response> {
    checkParameters(PollQuery, query, FEED_LISTS)
    const lastEventId = request.headers.get('last-event-id') ?? undefined
    const open = preparePoll(this.#deps.feed, query as FeedParameters, lastEventId)
    const headers = { 'content-type': JSON_TYPE, 'cache-control': 'no-store' }
    if (request.method === 'HEAD') return new Response(null, { headers })
    const poll = open()
    const close = () => poll.close()
    request.signal.addEventListener('abort', close)
    try {
      return new Response(await poll.answer, { headers })
    } finally {
      close()
    }
  }

  #preflight({ headers }: Request, path: string, methods: readonly string[]): Response {
    const asks = headers.has('access-control-request-method') && accessOf(path) === 'public'
    const answer = asks ? preflightHeaders(methods.filter(isSafeMethod), PUBLIC_HEADERS) : {}
    return new Response(null, { status: 204, headers: { ...answer, allow: methods.join(', ') } })
  }
}

/** As HTTP/1.1 has it: otherwise MSW in Node ends the body where it is cut, and its reader sees no loss. */
function busyResponse(random: () => number): Response {
  return new Response(encodeBusy(busyRetryMs(random)), { headers: STREAM_HEADERS })
}

function streamResponse({ body }: StreamBody): Response {
  return new Response(body, { headers: { ...STREAM_HEADERS, 'transfer-encoding': 'chunked' } })
}

/** Parameters that are given several times are lists. */
function queryOf(request: Request): QueryValues {
  const query: Record<string, string | readonly string[]> = Object.create(null)
  for (const [name, value] of new URL(request.url).searchParams) {
    const before = query[name]
    query[name] = before === undefined ? value : [before, value].flat()
  }
  return query
}

class NotAllowed extends CodedError {
  readonly methods: readonly string[]

  constructor(detail: string, methods: readonly string[]) {
    super('method-not-allowed', detail)
    this.methods = methods
  }
}

function notAllowed(method: string, path: string, methods: readonly string[]): NotAllowed {
  return new NotAllowed(`${path} takes ${methods.join(', ')}, not ${method}`, methods)
}

/** A script has lost the connection of a request: its sender sees a network error. */
class ConnectionLost extends Error {}

function problemResponse(error: unknown): Response {
  if (error instanceof ConnectionLost) return Response.error()
  if (!(error instanceof CodedError)) throw error
  const allow = error instanceof NotAllowed ? { allow: error.methods.join(', ') } : {}
  const headers = { 'content-type': 'application/problem+json', ...problemHeaders(error), ...allow }
  return new Response(JSON.stringify(error.problem()), { status: error.status, headers })
}

/** The page that has the market and programs send no Origin, or that of the request; any other is of another page. */
function checkOrigin({ headers, url }: Request, path: string): void {
  const origin = headers.get('origin')
  if (origin === null || origin === new URL(url).origin || accessOf(path) !== 'private') return
  throw new CodedError('foreign-origin', `pages of ${origin} may only read what is public`)
}

function accessHeaders(path: string): Readonly<Record<string, string>> {
  const access = accessOf(path)
  if (access === 'public')
    return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED_HEADERS }
  return access === 'private' ? { 'cache-control': 'no-store' } : {}
}
