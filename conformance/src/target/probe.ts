// The tools of one check: requests, streams, sockets and accounts of its own, all closed when it ends. Judges nothing.

import type { Instrument } from '@papertape/protocol'
import { Deviation, NotOffered } from '../judgement/expect.ts'
import { expectStatus, type HttpAnswer, type Json, readAnswer } from './answer.ts'
import { FeedStream } from './feed-stream.ts'
import { OrderSocket } from './order-socket.ts'
import type { RawConnection, Target } from './target.ts'
import type { TargetClock } from './target-clock.ts'

export interface SentRequest {
  readonly token?: string
  /** An object is sent as JSON, text as it is. */
  readonly body?: object | string
  readonly headers?: Readonly<Record<string, string>>
}

/** More than a long poll is held. */
const ANSWER_MAX_MS = 40_000
const OPEN_MAX_MS = 10_000
/** A market that has just been opened has no quotes yet. */
const TRADABLE_TRIES = 40
const TRY_AGAIN_MS = 250

export interface PaperAccount {
  readonly accountId: string
  readonly token: string
  readonly cash: number
}

/** An instrument that trades, with a price at which a buy order rests. */
export interface TradableInstrument extends Instrument {
  readonly restingPrice: number
}

export class Probe {
  readonly target: Target
  readonly clock: TargetClock
  readonly #closeables: { close(): void }[] = []
  #isClosed = false
  #names = 0

  constructor(target: Target, clock: TargetClock) {
    this.target = target
    this.clock = clock
  }

  close(): void {
    this.#isClosed = true
    for (const one of this.#closeables) one.close()
  }

  /** @param route `POST /v1/orders` */
  async call(route: string, { token, body, headers = {} }: SentRequest = {}): Promise<HttpAnswer> {
    const [method, path] = route.split(' ') as [string, string]
    const sent = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const { url, fetch } = this.target
    const init = { method, headers: sent, redirect: 'manual', ...(text !== undefined && { body: text }) } as const
    const answered = fetch(`${url}${path}`, init).then(response => readAnswer(route, response))
    return this.within(answered, `an answer to ${route}`, ANSWER_MAX_MS)
  }

  /** Waits and asks again while the rate is used up, as by what other requirements have opened. */
  async callWithinRate(route: string, sent: SentRequest): Promise<HttpAnswer> {
    for (;;) {
      const answer = await this.call(route, sent)
      if (answer.status !== 429) return answer
      await this.sleep(Number(answer.headers.get('retry-after') ?? 1) * 1_000)
    }
  }

  async get(path: string): Promise<Json> {
    return expectStatus(await this.call(`GET ${path}`), 200).body
  }

  /** @param query such as `mode=raw`. @param lastEventId the header; none when empty. */
  stream(query = '', lastEventId = ''): Promise<FeedStream> {
    return this.#openStream(`/v1/stream?${query}`, lastEventId)
  }

  /** The private events of an account. @param lastEventId the header; none when empty. */
  accountStream(token: string, lastEventId = ''): Promise<FeedStream> {
    return this.#openStream('/v1/account/stream', lastEventId, { authorization: `Bearer ${token}` })
  }

  async #openStream(path: string, lastEventId: string, more: Record<string, string> = {}): Promise<FeedStream> {
    const abort = new AbortController()
    const position = lastEventId === '' ? {} : { 'last-event-id': lastEventId }
    const headers = { accept: 'text/event-stream', ...position, ...more }
    const askedMs = this.clock.nowMs()
    const asked = this.target.fetch(`${this.target.url}${path}`, { headers, signal: abort.signal })
    const response = await this.within(asked, `an answer to GET ${path}`, ANSWER_MAX_MS)
    if (response.status !== 200) {
      const { text } = await readAnswer(path, response)
      throw new Deviation(`expected: GET ${path} answers 200; seen: ${response.status} ${text.slice(0, 300)}`)
    }
    return this.#keep(new FeedStream(response, abort, this.clock, askedMs))
  }

  /** An open socket. */
  async socket(protocols?: readonly string[]): Promise<OrderSocket> {
    const socket = this.handshake(protocols)
    if (await this.within(socket.opened, 'the WebSocket handshake', OPEN_MAX_MS)) return socket
    throw new Deviation('expected: /v1/socket takes a WebSocket with the subprotocol papertape.v1; it was refused')
  }

  /** A socket that may be refused. */
  handshake(protocols?: readonly string[]): OrderSocket {
    return this.#keep(new OrderSocket(this.target, this.clock, protocols))
  }

  /** A connection over TCP. @throws {NotOffered} where the target has none. */
  async connect(): Promise<RawConnection> {
    const { connect } = this.target
    if (connect === undefined) throw new NotOffered('the target is not reachable by TCP')
    return this.#keep(await connect())
  }

  async account(cash?: number): Promise<PaperAccount> {
    const sent = { body: cash === undefined ? {} : { cash } }
    return expectStatus(await this.callWithinRate('POST /v1/accounts', sent), 201).body
  }

  /** A socket that is logged on to a new account, or to one that there is. */
  async logOn({ token, ...terms }: { readonly token?: string; readonly [term: string]: unknown } = {}) {
    const owned = token ?? (await this.account()).token
    const socket = await this.socket()
    const logon = await socket.ask({ type: 'logon', token: owned, ...terms })
    if (logon.type !== 'logon.ok') throw new Deviation(`expected: logon.ok; seen: ${JSON.stringify(logon)}`)
    return { socket, logon, token: owned }
  }

  /** @throws {NotOffered} when nothing trades. */
  async tradableInstrument(): Promise<TradableInstrument> {
    for (let left = TRADABLE_TRIES; left > 0; left--) {
      const instruments: Instrument[] = await this.get('/v1/instruments')
      const { quotes } = await this.get('/v1/quotes')
      for (const instrument of instruments) {
        const quote = quotes.find(({ symbol }: Json) => symbol === instrument.symbol)
        if (instrument.phase !== 'continuous' || !(quote?.bid > 0) || quote.ask === null) continue
        return { ...instrument, restingPrice: restingPrice(instrument, quote.bid) }
      }
      await this.sleep(TRY_AGAIN_MS)
    }
    throw new NotOffered('no instrument is in continuous trading with a bid and an ask')
  }

  /** A name that no other command of the account has. */
  newName(): string {
    return `conform-${++this.#names}`
  }

  sleep(ms: number): Promise<void> {
    return new Promise(resolve => void this.clock.setTimer(resolve, ms))
  }

  async within<T>(promise: Promise<T>, what: string, limitMs: number): Promise<T> {
    const { promise: limit, reject } = Promise.withResolvers<never>()
    const late = () => reject(new Deviation(`expected: ${what} within ${limitMs / 1_000} s; it did not come`))
    const cancel = this.clock.setTimer(late, limitMs)
    try {
      return await Promise.race([promise, limit])
    } finally {
      cancel()
    }
  }

  #keep<T extends { close(): void }>(one: T): T {
    if (this.#isClosed) one.close()
    else this.#closeables.push(one)
    return one
  }
}

/** On the tick grid, below the best bid and within the price bands. */
function restingPrice({ tickSize, bands, priceDecimals }: Instrument, bid: number): number {
  const wanted = Math.max(Math.floor((bid * 0.98) / tickSize), Math.ceil(bands.low / tickSize) + 1)
  return Number((wanted * tickSize).toFixed(priceDecimals))
}
