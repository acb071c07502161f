// Alpaca's market data stream on one connection: authentication, subscriptions, and the market's events from then on.
// There is no resume: a client that was away asks REST for what it missed, as it does with Alpaca.

import type { EndReason, FeedReader } from '@papertape/feed'
import { CodedError } from '@papertape/gateway'
import type { ErrorCode } from '@papertape/protocol'
import type { AdapterConnection } from '../../adapter.ts'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { takeAccountPlace } from '../../sockets/account-places.ts'
import { type MarketMessage, readMarket } from '../../sockets/market-wire.ts'
import type { VenueStream } from '../../sockets/venue-socket.ts'
import type { JsonObject } from '../../values/json-object.ts'
import { type AlpacaCredentials, accountOf } from '../credentials.ts'
import {
  CHANNELS_NOT_OFFERED,
  DATA_CHANNELS,
  type DataChannel,
  DataSubscriptions,
  frameCodecOf,
} from './data-channels.ts'
import type { StreamCodec } from './stream-codec.ts'

const INVALID_SYNTAX = { code: 400, msg: 'invalid syntax' }
/** Alpaca's codes of a stream's errors, by those of the service. */
const ERROR_CODES: Readonly<Partial<Record<ErrorCode, { readonly code: number; readonly msg: string }>>> = {
  'bad-json': INVALID_SYNTAX,
  'too-deep': INVALID_SYNTAX,
  'bad-request': INVALID_SYNTAX,
  'unknown-symbol': INVALID_SYNTAX,
  'not-logged-on': { code: 401, msg: 'not authenticated' },
  'bad-token': { code: 402, msg: 'auth failed' },
  'too-many-sessions': { code: 406, msg: 'connection limit exceeded' },
  busy: { code: 406, msg: 'connection limit exceeded' },
}
const NOT_OFFERED = { code: 410, msg: 'invalid subscribe action for this feed' }

type Payload = string | Uint8Array

export interface DataStreamOptions {
  readonly codec: StreamCodec
  /** Of the handshake; undefined when it had none. */
  readonly credentials: AlpacaCredentials | undefined
}

export class AlpacaDataStream implements VenueStream {
  readonly #deps: AdapterDeps
  readonly #connection: AdapterConnection
  readonly #options: DataStreamOptions
  readonly #subscriptions = new DataSubscriptions()
  #reader: FeedReader<readonly MarketMessage<Payload>[]> | undefined
  #leave = () => {}
  #isAuthenticated = false

  constructor(deps: AdapterDeps, connection: AdapterConnection, options: DataStreamOptions) {
    this.#deps = deps
    this.#connection = connection
    this.#options = options
  }

  get isInUse(): boolean {
    return this.#isAuthenticated
  }

  async open(): Promise<void> {
    this.#send({ T: 'success', msg: 'connected' })
    const { credentials } = this.#options
    if (credentials !== undefined) await this.#authenticate(credentials)
  }

  async handle(data: Payload): Promise<void> {
    const message = this.#options.codec.decode(data)
    const { action } = message
    if (action === 'auth') await this.#authenticate(credentialsOf(message))
    else if (!this.#isAuthenticated) throw new CodedError('not-logged-on', 'send auth with key and secret first')
    else if (action === 'subscribe' || action === 'unsubscribe') this.#subscribe(message, action)
    else throw new CodedError('bad-request', 'the actions are auth, subscribe and unsubscribe')
  }

  refuse({ code, message }: CodedError): void {
    this.#sendError(ERROR_CODES[code] ?? { code: 500, msg: message })
  }

  refuseIdle(): void {
    this.#sendError({ code: 404, msg: 'auth timeout' })
  }

  release(): void {
    this.#reader?.close()
    this.#leave()
  }

  async #authenticate(credentials: AlpacaCredentials): Promise<void> {
    if (this.#isAuthenticated) {
      this.#sendError({ code: 403, msg: 'already authenticated' })
      return
    }
    const account = await accountOf(this.#deps.accounts, credentials)
    if (this.#connection.isEnding) return
    this.#leave = takeAccountPlace(this.#deps, account, this.#connection)
    this.#isAuthenticated = true
    this.#send({ T: 'success', msg: 'authenticated' })
  }

  #subscribe(message: JsonObject, action: 'subscribe' | 'unsubscribe'): void {
    const wanted = DATA_CHANNELS.map(channel => [channel, symbolsIn(message, channel)] as const)
    const isOther = CHANNELS_NOT_OFFERED.some(channel => symbolsIn(message, channel).length > 0)
    if (isOther && action === 'subscribe') {
      this.#sendError(NOT_OFFERED)
      return
    }
    for (const [, symbols] of wanted) if (action === 'subscribe') this.#known(symbols)
    // Asked first: what is refused is not subscribed to.
    if (action === 'subscribe' && wanted.some(([, symbols]) => symbols.length > 0)) this.#read()
    for (const [channel, symbols] of wanted) {
      if (action === 'unsubscribe') this.#subscriptions.delete(channel, symbols)
      else this.#subscriptions.add(channel, symbols)
    }
    this.#send({ T: 'subscription', ...this.#subscriptions.list() })
  }

  /** @throws {CodedError} bad-request */
  #known(symbols: readonly string[]): readonly string[] {
    const { view } = this.#deps.feed
    const unknown = symbols.find(symbol => symbol !== '*' && view.instrument(symbol) === undefined)
    if (unknown === undefined) return symbols
    throw new CodedError('unknown-symbol', `there is no ${unknown.slice(0, 16)}`)
  }

  #read(): void {
    if (this.#reader !== undefined) return
    const { feed } = this.#deps
    if (feed.refuse() !== undefined) throw new CodedError('busy', 'the service takes no further streams now')
    const { codec } = this.#options
    this.#reader = readMarket(this.#deps, this.#connection, {
      events: ['trade', 'quote', 'candle', 'status'],
      maxHz: null,
      codec: frameCodecOf(codec),
      isWanted: message => this.#subscriptions.includes(message),
      send: messages => this.#connection.send(codec.join(messages.map(({ payload }) => payload))),
      onEnd: reason => this.#end(reason),
    })
  }

  #end(reason: EndReason): void {
    if (reason === 'lagging') {
      this.#sendError({ code: 407, msg: 'slow client' })
      this.#connection.closeLagging()
    } else if (reason === 'failed') this.#connection.close('logUnreadable')
  }

  #sendError(error: { readonly code: number; readonly msg: string }): void {
    this.#send({ T: 'error', ...error })
  }

  /** Every message of this stream is a list. */
  #send(message: object): void {
    this.#connection.send(this.#options.codec.encode([message]))
  }
}

function credentialsOf({ key, secret }: JsonObject): AlpacaCredentials {
  if (typeof key === 'string' && typeof secret === 'string') return { keyId: key, secret }
  throw new CodedError('bad-token', 'auth has key and secret')
}

/** @throws {CodedError} bad-request */
function symbolsIn(
  message: JsonObject,
  channel: DataChannel | (typeof CHANNELS_NOT_OFFERED)[number],
): readonly string[] {
  const symbols = message[channel] ?? []
  if (Array.isArray(symbols) && symbols.every(symbol => typeof symbol === 'string')) return symbols
  throw new CodedError('bad-request', `${channel} is a list of symbols`)
}
