// Opens a market in this thread: puts the real venue, exchange, agents and feed together on a clock and a journal in
// memory. What a test does with it is in market.ts.

import {
  AccountStreams,
  Accounts,
  CHANNEL_LIMITS,
  type ChannelEndpointDeps,
  commandRate,
  connectSameThread,
  eventCodecs,
  LabConnections,
  LocalRooms,
  MemoryRoomStore,
  openGateway,
  SessionRegistry,
} from '@papertape/gateway'
import { type Preset, type ScenarioName, STANDARD_RULES, seedRandom } from '@papertape/simulators'
import { MemoryJournal } from '@papertape/venue'
import { createRealClock } from './clock/real-clock.ts'
import { StandingClock } from './clock/standing-clock.ts'
import { MarketRequests } from './http/market-requests.ts'
import { Senders } from './http/senders.ts'
import { MockMarket, RECONNECT_MS } from './market.ts'
import { createSecrets } from './market-secrets.ts'
import { parseDurationMs } from './parse-duration.ts'
import type { SavedMockMarket } from './saved-market.ts'
import { OrderScripts } from './script/order-scripts.ts'

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
  /** Days of bars from before it began: 5 when absent, at most 30; 0 for none. */
  readonly pastDays?: number
  /** Scenarios that start with the market. */
  readonly scenarios?: readonly ScenarioName[]
  /**
   * `standard`: the price bands and the collar of a server without settings. `off`, the default: a test meets no rule
   * that it did not ask for.
   */
  readonly rules?: 'off' | 'standard'
  /** How many events can be resumed from: 100,000 when absent. */
  readonly eventsKept?: number
  /** What `save` gave: the market goes on from there, if it is of the same seed, symbols and preset. */
  readonly saved?: SavedMockMarket | undefined
  /** A page: requests without a token are those of its browser, which keeps an account as the server's cookie does. */
  readonly browser?: boolean
}

const STANDARD = {
  seed: 1,
  symbols: 5,
  past: '1m',
  pastDays: 5,
  eventsKept: 100_000,
  startMs: Date.UTC(2026, 0, 5, 20),
}
const RULES = { off: { bands: 'off', collar: 'off', schedule: '' }, standard: STANDARD_RULES }
const LAB_KEY_BYTES = 16
/** A page is one client: nothing counts its connections. */
const LIMITS = { ...CHANNEL_LIMITS, addressSocketsMax: 0 }
const STREAMS_MAX = 1_000
const LAG_MAX_MS = 30_000

export async function createMarket(options: MarketOptions = {}): Promise<MockMarket> {
  const { seed, symbols, past, pastDays, eventsKept, startMs } = { ...STANDARD, ...options }
  const { preset, scenarios = [], rules = 'off' } = options
  const pastMs = parseDurationMs(past)
  const standing = options.clock === 'real' ? undefined : new StandingClock(startMs)
  const clock = standing ?? createRealClock()
  // Of four letters or more: the same market has the same positions.
  const epoch = `mock${seed.toString(36)}`
  const plan = { kind: 'simulated', seed, symbols, preset, rules: RULES[rules], scenarios } as const
  const saved = isOf(options.saved, { seed, symbols, preset }) ? options.saved : undefined
  const journal = new MemoryJournal(saved?.journal)
  // A market that goes on must not make the names of before again.
  const random = seedRandom(seed, 'mocks', String(journal.lastCommand)).unit
  const connect = connectSameThread({ plan, pace: 1, pastMs, pastDays, eventsKept }, clock, epoch, journal)
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
  const accounts = new Accounts(venue, secrets, clock)
  const operatorToken = `op_${secrets.random(24, 'base64url')}`
  const senders = new Senders({ operatorToken, hasBrowser: options.browser ?? false })
  const connections = new LabConnections({ clock, newKey: () => secrets.random(LAB_KEY_BYTES, 'base64url') })
  senders.browserCookie = saved?.browserCookie
  const privateEpoch = () => epoch
  const accountStreams = new AccountStreams({
    ...gateway,
    accounts,
    clock,
    privateEpoch,
    streamsMax: STREAMS_MAX,
    lagMaxMs: LAG_MAX_MS,
    onError: fail,
  })
  const rooms = new LocalRooms({ store: new MemoryRoomStore(), clock, symbols: () => feed.view.symbols }, fail)
  const commands = commandRate(LIMITS, () => clock.nowMs())
  const channel: ChannelEndpointDeps = {
    ...gateway,
    codecs: eventCodecs(feed),
    venue: scripts.venue,
    accounts,
    registry: new SessionRegistry(),
    limits: LIMITS,
    commands,
    rooms,
    privateEpoch,
    newSessionId: () => secrets.random(12, 'base64url'),
    clock,
    retryMs: () => RECONNECT_MS,
    onError: fail,
  }
  const requests = new MarketRequests({
    feed,
    venue: scripts.venue,
    scripts,
    commands,
    accounts,
    accountStreams,
    rooms,
    senders,
    connections,
    clock,
    random,
  })
  const save = () => ({
    market: { seed, symbols, preset },
    journal: journal.save(),
    browserCookie: senders.browserCookie,
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
    accountStreams,
    requests,
    operatorToken,
    journal,
    save,
  })
}

function isOf(saved: SavedMockMarket | undefined, market: SavedMockMarket['market']): boolean {
  return saved !== undefined && JSON.stringify(saved.market) === JSON.stringify(market)
}

/** A broken invariant: nothing can be expected of the market any more. */
function fail(error: unknown): never {
  throw error
}
