// A whole market in this thread, as a test or a page has it: time, scripts, events, connections, and what answers
// requests and sockets as the server does. Knows no MSW (msw/handlers.ts). Opened by create-market.ts.

import type { Feed } from '@papertape/feed'
import type { AccountStreams, ChannelEndpointDeps, LabConnections, VenueClient } from '@papertape/gateway'
import { CLOSE_CODES, type Clock, type CloseCode, type CommandAnswer, type News, type Side } from '@papertape/protocol'
import type { MemoryJournal } from '@papertape/venue'
import { eventLoopTurns, type StandingClock } from './clock/standing-clock.ts'
import type { MarketRequests } from './http/market-requests.ts'
import type { Senders } from './http/senders.ts'
import { parseDurationMs } from './parse-duration.ts'
import type { SavedMockMarket } from './saved-market.ts'
import type { OrderMatch, OrderScript } from './script/order-script.ts'
import type { OrderScripts } from './script/order-scripts.ts'
import type { ClientSocket, SocketListener } from './socket/client-socket.ts'
import { MockConnection } from './socket/mock-connection.ts'

/** Clients of a market that is closed are asked to come back after this. */
export const RECONNECT_MS = 1_000
/** While time is moved: so much at a time, and then turns of the event loop in which a batch reaches its readers. */
const STEP_MS = 20
const TURNS_PER_STEP = 4

interface MockMarketParts {
  readonly venue: VenueClient
  readonly feed: Feed
  readonly clock: Clock
  /** Undefined when the clock is real. */
  readonly standing: StandingClock | undefined
  readonly scripts: OrderScripts
  readonly senders: Senders
  readonly connections: LabConnections
  readonly channel: ChannelEndpointDeps
  readonly accountStreams: AccountStreams
  readonly requests: MarketRequests
  readonly operatorToken: string
  readonly journal: MemoryJournal
  readonly save: () => SavedMockMarket
}

export class MockMarket {
  readonly #parts: MockMarketParts
  readonly #connections = new Set<MockConnection>()
  #isOnline = true

  constructor(parts: MockMarketParts) {
    this.#parts = parts
  }

  /** The log's generation: part of each position. */
  get epoch(): string {
    return this.#parts.feed.log.epoch
  }

  /** The number of the last public event. */
  get head(): number {
    return this.#parts.feed.log.head
  }

  get symbols(): readonly string[] {
    return this.#parts.feed.view.symbols
  }

  /** The market's wall clock, milliseconds since 1970. */
  get nowMs(): number {
    return this.#parts.clock.wallMs()
  }

  get operatorToken(): string {
    return this.#parts.operatorToken
  }

  /**
   * Lets time pass: the market trades, timers run, and what is published has been sent when it settles.
   * @param duration `5s`, `1h30m`, or milliseconds.
   */
  async advance(duration: string | number): Promise<void> {
    const { standing } = this.#parts
    if (standing === undefined)
      throw new Error("a market with clock: 'real' is not advanced: its time passes by itself")
    const ms = parseDurationMs(duration)
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      standing.pass(Math.min(STEP_MS, ms - passed))
      await eventLoopTurns(TURNS_PER_STEP)
    }
  }

  /** The next order with these fields, over any transport, goes as its script says: `next().partialFill(3)`. */
  next(match: OrderMatch = {}): OrderScript {
    return this.#parts.scripts.add(match)
  }

  /** A trade of others: it changes the last price, and the book where orders stood in its way. */
  async trade(trade: {
    readonly symbol: string
    readonly price: number
    readonly size: number
    readonly aggressor?: Side
  }) {
    const { symbol, price, size, aggressor = 'buy' } = trade
    this.#check([symbol])
    const answer = await this.#submit({ type: 'trade.print', symbol, price, size, aggressor, hidden: false })
    if (answer.type === 'desk' && answer.accepted) return
    throw new RangeError(
      'a trade needs a price above 0, a whole size from 1, and a symbol that is not halted or closed',
    )
  }

  /** Halts one symbol, or the whole market. */
  async halt(symbol: string | null = null, reason: string | null = null): Promise<void> {
    if (symbol !== null) this.#check([symbol])
    await this.#submit({ type: 'phase.set', symbol, phase: 'halted', reason, until: null })
  }

  /** Ends a halt. */
  async resume(symbol: string | null = null): Promise<void> {
    if (symbol !== null) this.#check([symbol])
    await this.#submit({ type: 'phase.set', symbol, phase: 'continuous', reason: null, until: null })
  }

  async news(headline: string, { symbols = [], severity = 'info' }: Partial<Pick<News, 'symbols' | 'severity'>> = {}) {
    this.#check(symbols)
    await this.#submit({ type: 'news.publish', headline, symbols, severity })
  }

  /** Loses every stream and socket, without an end. */
  cut(): void {
    this.#parts.requests.cutStreams()
    for (const connection of [...this.#connections]) connection.closeWith(1006, '')
  }

  /** Closes every socket with a code. */
  closeSockets(code: CloseCode, reason = ''): void {
    if (!Object.hasOwn(CLOSE_CODES, code)) {
      throw new RangeError(`sockets are closed with one of ${Object.keys(CLOSE_CODES).join(', ')}, not ${code}`)
    }
    for (const connection of [...this.#connections]) connection.closeWith(code, reason)
  }

  /** The network is gone until `goOnline`: what is open is cut, requests fail, sockets do not open. */
  goOffline(): void {
    this.#isOnline = false
    this.cut()
  }

  goOnline(): void {
    this.#isOnline = true
  }

  /** The number of the last event, and a hash of the exchange: the same in two markets that have gone the same way. */
  state(): Promise<{ readonly seq: number; readonly hash: string }> {
    return this.#parts.venue.query('stateHash', {})
  }

  /** Changes when something of an account does, so that it is worth saving. */
  get accountsVersion(): string {
    const { journal, senders } = this.#parts
    return `${journal.privateEventCount} ${senders.browserCookie ?? ''}`
  }

  /** Copy it before time passes: it shares its parts with the market. */
  save(): SavedMockMarket {
    return this.#parts.save()
  }

  /** Answers a request as the server does. @param path without the base path under which a page has the service. */
  async answer(request: Request, path: string): Promise<Response> {
    if (!this.#isOnline) return Response.error()
    const response = await this.#parts.requests.answer(request, path)
    return this.#isOnline ? response : Response.error()
  }

  /** Takes a client's socket. */
  accept(socket: ClientSocket): SocketListener {
    if (!this.#isOnline) {
      socket.refuse()
      return { receive: () => {}, closed: () => {} }
    }
    const { channel, scripts, senders, connections } = this.#parts
    const connection = new MockConnection(socket, {
      ...channel,
      scripts,
      connections,
      cookieToken: () => senders.browserToken,
      onEnd: ended => this.#connections.delete(ended),
    })
    this.#connections.add(connection)
    connection.open()
    return connection
  }

  /** Ends the market: connections are closed as by a server that stops. */
  async close(): Promise<void> {
    this.#parts.feed.close(() => RECONNECT_MS)
    this.#parts.accountStreams.close(() => RECONNECT_MS)
    this.closeSockets(1001, 'the market is closed')
    await this.#parts.venue.close()
  }

  #submit(command: Parameters<VenueClient['submit']>[0]): Promise<CommandAnswer> {
    return this.#parts.venue.submit(command).answer
  }

  /** To the exchange a symbol that it does not have is a broken invariant. */
  #check(symbols: readonly string[]): void {
    const unknown = symbols.find(symbol => !this.symbols.includes(symbol))
    if (unknown !== undefined) {
      throw new RangeError(`there is no symbol ${unknown}; this market has ${this.symbols.join(', ')}`)
    }
  }
}
