// Binance's streams on one connection: those of its path, and those that its client subscribes to. Raw, or combined
// with each stream's name.

import type { EndReason, FeedReader } from '@papertape/feed'
import { CodedError } from '@papertape/gateway'
import type { AdapterConnection } from '../../adapter.ts'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { takeAccountPlace } from '../../sockets/account-places.ts'
import { type MarketMessage, readMarket } from '../../sockets/market-wire.ts'
import type { VenueStream } from '../../sockets/venue-socket.ts'
import { parseJsonObject } from '../../values/json-object.ts'
import type { ListenKeys } from '../listen-keys.ts'
import { levels } from '../messages/market-data.ts'
import { openKlines } from './klines.ts'
import { DEPTH_CODEC, TAPE_CODEC } from './market-codecs.ts'
import { type DepthHz, parseStreamName, type StreamName } from './stream-names.ts'
import { BinanceUserData } from './user-data.ts'

const STREAMS_MAX = 1_024
const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'] as const
const INVALID_REQUEST = 2
const INVALID_JSON = 3

export interface BinanceStreamOptions {
  readonly isCombined: boolean
  /** Of the path; all of them are known. */
  readonly names: readonly StreamName[]
  readonly listenKeys: ListenKeys
}

interface OpenStream {
  readonly stream: StreamName
  readonly close: () => void
}

type MarketReader = FeedReader<readonly MarketMessage<string>[]>

export class BinanceStream implements VenueStream {
  readonly #deps: AdapterDeps
  readonly #connection: AdapterConnection
  readonly #options: BinanceStreamOptions
  readonly #open = new Map<string, OpenStream>()
  readonly #readers = new Map<string, MarketReader>()
  #isCombined: boolean
  /** Of the request that is handled. */
  #requestId: unknown = null

  constructor(deps: AdapterDeps, connection: AdapterConnection, options: BinanceStreamOptions) {
    this.#deps = deps
    this.#connection = connection
    this.#options = options
    this.#isCombined = options.isCombined
  }

  get isInUse(): boolean {
    return this.#open.size > 0
  }

  async open(): Promise<void> {
    for (const stream of this.#options.names) await this.#subscribe(stream)
  }

  async handle(data: string | Uint8Array): Promise<void> {
    this.#requestId = null
    const request = parseJsonObject(typeof data === 'string' ? data : new TextDecoder().decode(data))
    if (request === undefined) {
      this.#send({ code: INVALID_JSON, msg: 'Invalid JSON: expected value at line 1 column 1' })
      return
    }
    const { id = null, method, params } = request
    if (id !== null && typeof id !== 'string' && !Number.isSafeInteger(id))
      throw bad('request ID must be an unsigned integer')
    this.#requestId = id
    if (method === 'SUBSCRIBE') for (const stream of namesIn(params)) await this.#subscribe(stream)
    else if (method === 'UNSUBSCRIBE') for (const { name } of namesIn(params)) this.#unsubscribe(name)
    else if (method === 'SET_PROPERTY') this.#setProperty(params)
    else if (method !== 'LIST_SUBSCRIPTIONS' && method !== 'GET_PROPERTY') {
      throw bad(
        `unknown variant ${String(method).slice(0, 32)}, expected one of ${METHODS.map(one => `\`${one}\``).join(', ')}`,
      )
    }
    const result =
      method === 'LIST_SUBSCRIPTIONS' ? [...this.#open.keys()] : method === 'GET_PROPERTY' ? this.#isCombined : null
    this.#send({ result, id })
  }

  refuse({ code, message }: CodedError): void {
    const isOver = code === 'rate-limited'
    this.#send({ code: isOver ? -1003 : INVALID_REQUEST, msg: `Invalid request: ${message}`, id: this.#requestId })
  }

  /** Binance says nothing of a connection that subscribes to nothing. */
  refuseIdle(): void {}

  release(): void {
    for (const { close } of this.#open.values()) close()
    this.#open.clear()
    for (const reader of this.#readers.values()) reader.close()
    this.#readers.clear()
  }

  /** @throws {CodedError} */
  async #subscribe(stream: StreamName): Promise<void> {
    if (this.#open.has(stream.name) || this.#connection.isEnding) return
    if (this.#open.size >= STREAMS_MAX) throw bad('too many streams')
    if (stream.kind === 'userData') await this.#openUserData(stream)
    else {
      const instrument = this.#deps.feed.view.instrument(stream.symbol)
      // Of a symbol that there is not Binance sends nothing; a misspelt one must not look like a quiet market.
      if (instrument === undefined) throw unknownStream(stream.name)
      const { clock } = this.#deps
      const send = (event: object) => this.#sendOf(stream.name, JSON.stringify(event))
      const close =
        stream.kind === 'kline' ? openKlines({ clock, instrument, send, onError: this.#fail }, stream) : () => {}
      this.#open.set(stream.name, { stream, close })
      if (stream.kind !== 'kline') this.#readFor(stream)
    }
  }

  /** @throws {CodedError} busy; the stream is not open then. */
  #readFor(stream: StreamName): void {
    try {
      this.#read(stream.kind === 'depth' ? stream.hz : undefined)
    } catch (error) {
      this.#unsubscribe(stream.name)
      throw error
    }
  }

  #unsubscribe(name: string): void {
    this.#open.get(name)?.close()
    this.#open.delete(name)
  }

  /** A fault of ours: a stream that went quiet would look like a quiet market. */
  readonly #fail = (error: unknown): void => {
    this.#deps.onError(error)
    this.#connection.close('internalError')
  }

  /** @throws {CodedError} */
  async #openUserData({ name, listenKey }: StreamName & { readonly kind: 'userData' }): Promise<void> {
    const { listenKeys } = this.#options
    const account = listenKeys.accountOf(listenKey)
    if (account === undefined) throw bad('this listenKey does not exist')
    const leave = takeAccountPlace(this.#deps, account, this.#connection)
    const userData = new BinanceUserData(this.#deps, account, {
      send: event => this.#sendOf(name, JSON.stringify(event)),
      fail: this.#fail,
    })
    const releaseKey = listenKeys.hold(listenKey, () => {
      const E = Math.floor(this.#deps.clock.wallMs())
      this.#sendOf(name, JSON.stringify({ e: 'listenKeyExpired', E, listenKey }))
      this.#unsubscribe(name)
    })
    const close = () => {
      releaseKey()
      userData.close()
      leave()
    }
    this.#open.set(name, { stream: { name, kind: 'userData', listenKey }, close })
    await userData.open()
  }

  /** @param hz of books; undefined for trades and quotes. */
  #read(hz: DepthHz | undefined): void {
    const key = hz === undefined ? 'tape' : `depth ${hz}`
    if (this.#readers.has(key)) return
    const { feed } = this.#deps
    if (feed.refuse() !== undefined) throw new CodedError('busy', 'the service takes no further streams now')
    const reader = readMarket<string>(this.#deps, this.#connection, {
      events: hz === undefined ? ['trade', 'quote'] : ['book'],
      maxHz: hz ?? null,
      codec: hz === undefined ? TAPE_CODEC : DEPTH_CODEC,
      isWanted: message => this.#wanted(message, hz).length > 0,
      send: messages => {
        for (const message of messages) {
          for (const stream of this.#wanted(message, hz)) this.#sendOf(stream.name, this.#payloadOf(message, stream))
        }
      },
      onEnd: reason => this.#end(reason),
    })
    this.#readers.set(key, reader)
  }

  #wanted({ channel, symbol }: MarketMessage<string>, hz: DepthHz | undefined): readonly StreamName[] {
    const wanted: StreamName[] = []
    for (const { stream } of this.#open.values()) {
      if (stream.kind === 'userData' || stream.kind !== channel || stream.symbol !== symbol) continue
      if (stream.kind !== 'depth' || stream.hz === hz) wanted.push(stream)
    }
    return wanted
  }

  /** Of a stream of the best levels the book as it is now, in place of what has changed. */
  #payloadOf({ symbol, payload }: MarketMessage<string>, stream: StreamName): string {
    if (stream.kind !== 'depth' || stream.levels === undefined) return payload
    const { log, view } = this.#deps.feed
    const { bids, asks } = view.instrument(symbol)!.book
    const best = { lastUpdateId: log.head, bids: levels(bids, stream.levels), asks: levels(asks, stream.levels) }
    return JSON.stringify(best)
  }

  #end(reason: EndReason): void {
    if (reason === 'lagging') this.#connection.closeLagging()
    else if (reason === 'failed') this.#connection.close('logUnreadable')
  }

  /** @throws {CodedError} */
  #setProperty(params: unknown): void {
    const [name, value] = Array.isArray(params) ? params : []
    if (name !== 'combined') throw bad('unknown property')
    if (typeof value !== 'boolean') throw bad('invalid value type: expected Boolean')
    this.#isCombined = value
  }

  /** @param payload JSON. */
  #sendOf(name: string, payload: string): void {
    this.#connection.send(this.#isCombined ? `{"stream":${JSON.stringify(name)},"data":${payload}}` : payload)
  }

  #send(message: object): void {
    this.#connection.send(JSON.stringify(message))
  }
}

/** @throws {CodedError} */
function namesIn(params: unknown): readonly StreamName[] {
  if (!Array.isArray(params)) throw bad('params must be a list of streams')
  return params.map(name => {
    const stream = typeof name === 'string' ? parseStreamName(name) : undefined
    if (stream === undefined) throw unknownStream(String(name).slice(0, 64))
    return stream
  })
}

function bad(message: string): CodedError {
  return new CodedError('bad-request', message)
}

/** No malformed request: it does not count against the connection. */
function unknownStream(name: string): CodedError {
  return new CodedError('unknown-symbol', `there is no stream ${name}; docs/adapters.md lists them`)
}
