// A whole market in this thread: the real venue, exchange, agents and feed, answering requests and sockets as the
// server does. Knows no MSW (msw/handlers.ts).

import type { Feed } from '@papertape/feed'
import {
  Accounts,
  type ChannelEndpointDeps,
  connectSameThread,
  LabConnections,
  openGateway,
  SessionRegistry,
  type VenueClient,
} from '@papertape/gateway'
import type { Clock, CloseCode, News, Side } from '@papertape/protocol'
import { type Preset, type ScenarioName, seedRandom } from '@papertape/simulators'
import { STANDARD_RULES } from '@papertape/venue'
import { createRealClock } from './clock/real-clock.ts'
import { eventLoopTurns, StandingClock } from './clock/standing-clock.ts'
import { MarketRequests } from './http/market-requests.ts'
import { Senders } from './http/senders.ts'
import { createSecrets } from './market-secrets.ts'
import { parseDurationMs } from './parse-duration.ts'
import type { OrderMatch, OrderScript } from './script/order-script.ts'
import { OrderScripts } from './script/order-scripts.ts'
import type { ClientSocket, SocketListener } from './socket/client-socket.ts'
import { MockConnection } from './socket/mock-connection.ts'

export interface MarketOptions {
  /** The same seed gives the same market: 1 when absent. */
  readonly seed?: number
  /** How many instruments: 5 when absent, at most 100. */
  readonly symbols?: number
  /** All instruments trade in this regime; each in its own when absent. */
  readonly preset?: Preset
  /**
   * `manual`, the default: time stands still until `advance`. `real`: the market runs by the clock of this thread.
   */
  readonly clock?: 'manual' | 'real'
  /** The wall clock at the start of a manual clock, milliseconds since 1970; 2026-01-05 20:00 UTC when absent. */
  readonly startMs?: number
  /** How long the market has traded when it opens: `1m` when absent. */
  readonly past?: string | number
  /** Scenarios that start with the market. */
  readonly scenarios?: readonly ScenarioName[]
  /**
   * `standard`: the price bands and the collar of a server without settings. `off`, the default: a test meets no rule
   * that it did not ask for.
   */
  readonly rules?: 'off' | 'standard'
  /** How many events can be resumed from: 100,000 when absent. */
  readonly eventsKept?: number
  /** A page: requests without a token are those of its browser, which keeps an account as the server's cookie does. */
  readonly browser?: boolean
}

const STANDARD = { seed: 1, symbols: 5, past: '1m', eventsKept: 100_000, startMs: Date.UTC(2026, 0, 5, 20) }
const RULES = { off: { bands: 'off', collar: 'off', schedule: '' }, standard: STANDARD_RULES }
/** Clients of a market that is closed are asked to come back after this. */
const RECONNECT_MS = 1_000
const LAB_KEY_BYTES = 16
const STREAMS_MAX = 1_000
const LAG_MAX_MS = 30_000
/** While time is moved: so much at a time, and then turns of the event loop in which a batch reaches its readers. */
const STEP_MS = 20
const TURNS_PER_STEP = 4

export async function createMarket(options: MarketOptions = {}): Promise<MockMarket> {
  const { seed, symbols, past, eventsKept, startMs } = { ...STANDARD, ...options }
  const { preset, scenarios = [], rules = 'off' } = options
  const pastMs = parseDurationMs(past)
  const standing = options.clock === 'real' ? undefined : new StandingClock(startMs)
  const clock = standing ?? createRealClock()
  const random = seedRandom(seed, 'mocks').unit
  // Of four letters or more: the same market has the same positions.
  const epoch = `mock${seed.toString(36)}`
  const plan = { kind: 'simulated', seed, symbols, preset, rules: RULES[rules], scenarios } as const
  const connect = connectSameThread({ plan, pace: 1, pastMs, eventsKept }, clock, epoch)
  const gateway = await openGateway({
    connect,
    eventsKept,
    clock,
    streamsMax: STREAMS_MAX,
    lagMaxMs: LAG_MAX_MS,
    onCatchingUp: () => {},
    onOpened: () => {},
    onNotice: text => console.warn(`papertape: ${text}`),
    onFailure: fail,
    onError: fail,
  })
  const { venue, feed } = gateway
  const secrets = createSecrets(random)
  const scripts = new OrderScripts(venue, symbol => feed.view.instrument(symbol)?.spec)
  const accounts = new Accounts(venue, secrets)
  const operatorToken = `op_${secrets.random(24, 'base64url')}`
  const senders = new Senders({ operatorToken, hasBrowser: options.browser ?? false })
  const connections = new LabConnections({ clock, newKey: () => secrets.random(LAB_KEY_BYTES, 'base64url') })
  const channel: ChannelEndpointDeps = {
    ...gateway,
    venue: scripts.venue,
    accounts,
    registry: new SessionRegistry(),
    privateEpoch: () => epoch,
    newSessionId: () => secrets.random(12, 'base64url'),
    clock,
    retryMs: () => RECONNECT_MS,
    onError: fail,
  }
  const requests = new MarketRequests({
    feed,
    venue: scripts.venue,
    scripts,
    accounts,
    senders,
    connections,
    clock,
    random,
  })
  return new MockMarket({
    venue,
    feed,
    clock,
    standing,
    scripts,
    senders,
    connections,
    channel,
    requests,
    operatorToken,
  })
}

/** A broken invariant: nothing can be expected of the market any more. */
function fail(error: unknown): never {
  throw error
}

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
  readonly requests: MarketRequests
  readonly operatorToken: string
}

export class MockMarket {
  readonly #parts: MockMarketParts
  readonly #connections = new Set<MockConnection>()

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
    await this.#submit({ type: 'trade.print', symbol, price, size, aggressor, hidden: false })
  }

  /** Halts one symbol, or the whole market. */
  async halt(symbol: string | null = null, reason: string | null = null): Promise<void> {
    await this.#submit({ type: 'phase.set', symbol, phase: 'halted', reason, until: null })
  }

  /** Ends a halt. */
  async resume(symbol: string | null = null): Promise<void> {
    await this.#submit({ type: 'phase.set', symbol, phase: 'continuous', reason: null, until: null })
  }

  async news(headline: string, { symbols = [], severity = 'info' }: Partial<Pick<News, 'symbols' | 'severity'>> = {}) {
    await this.#submit({ type: 'news.publish', headline, symbols, severity })
  }

  /** Loses every stream and socket, without an end. */
  cut(): void {
    this.#parts.requests.cutStreams()
    for (const connection of [...this.#connections]) connection.closeWith(1006, '')
  }

  /** Closes every socket with a code. */
  closeSockets(code: CloseCode, reason = ''): void {
    for (const connection of [...this.#connections]) connection.closeWith(code, reason)
  }

  /** The number of the last event, and a hash of the exchange: the same in two markets that have gone the same way. */
  state(): Promise<{ readonly seq: number; readonly hash: string }> {
    return this.#parts.venue.query('stateHash', {})
  }

  /** Answers a request as the server does. @param path without the base path under which a page has the service. */
  answer(request: Request, path: string): Promise<Response> {
    return this.#parts.requests.answer(request, path)
  }

  /** Takes a client's socket. */
  accept(socket: ClientSocket): SocketListener {
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
    this.closeSockets(1001, 'the market is closed')
    await this.#parts.venue.close()
  }

  async #submit(command: Parameters<VenueClient['submit']>[0]): Promise<void> {
    await this.#parts.venue.submit(command).answer
  }
}
