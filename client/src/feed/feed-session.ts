// The feed session: the one timer and the one connection around the pure machine in session-machine.ts. Opened by an application,
// which gets events in order, each id once, and a state that always says whether what it shows is live, and why not.
// It folds nothing (market-view.ts does) and decides nothing (session-machine.ts does).

import type { Heartbeat, Hello, Lagging, RetryNotice, Snapshot } from '@papertape/protocol'
import {
  type ControlEvent,
  DEFAULT_EVENTS,
  type FeedEvent,
  type FeedEventName,
  formatPosition,
  MAX_HZ,
  parsePosition,
} from '@papertape/protocol'
import { runCallback } from '../platform/callback.ts'
import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import { Deadline } from '../platform/deadline.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { watchPageEvents } from '../platform/page-events.ts'
import { ServerClock } from '../platform/server-clock.ts'
import { WallClock } from '../platform/wall-clock.ts'
import { fellBack } from './fallback.ts'
import { inOrder, next } from './session-machine.ts'
import * as session from './session-state.ts'
import { openProbe } from './transport-probe.ts'
import { openLongPoll } from './transports/long-poll.ts'
import { openSse } from './transports/sse.ts'
import {
  type Connection,
  frameKind,
  type TransportFrame,
  type TransportHandlers,
  type TransportOptions,
} from './transports/transport.ts'

/** What is subscribed to; may be changed while the session is open. */
export interface FeedSubscription {
  /** All when absent or empty. */
  readonly symbols?: readonly string[]
  /** quote, trade, status and news when absent. */
  readonly events?: readonly FeedEventName[]
  /** Of which symbols book events and the snapshot's books come: of all subscribed ones when absent, of none when empty. */
  readonly books?: readonly string[]
  /** How often each quote and each book may come; 10 when absent. Not with `mode: 'raw'`. */
  readonly maxHz?: number
}

export interface FeedOptions extends FeedSubscription {
  /** Scheme, host, port and path prefix of the service; the page's own origin when absent. */
  readonly baseUrl?: string
  /** `raw` is every event, never conflated. */
  readonly mode?: 'conflated' | 'raw'
  /** false: no snapshot at first. One still comes after a reset. */
  readonly snapshot?: boolean
  /** `auto` streams, and polls where streams do not pass. */
  readonly transport?: session.TransportChoice
  /** Resumes from this position. */
  readonly last?: string
  /** In order, each id once. `id` is undefined for control events and for what was conflated. */
  onEvent(event: FeedEvent | ControlEvent, id: string | undefined): void
  /** At each change of phase, freshness, transport, attempts or reason; counters alone do not call it. */
  onState?(state: FeedState): void
  /**
   * The log that this address serves is known, or is another than before: another market, of which nothing that was
   * delivered holds. Comes before the reset and the snapshot of the new one.
   */
  onEpoch?(epoch: string, before: string | undefined): void
  readonly environment?: Partial<Environment>
}

export type FeedPhase = 'connecting' | 'live' | 'stale' | 'waiting' | 'closed'

export interface FeedState {
  /** What the connection does. Whether its data may be shown as the present is `freshness`. */
  readonly phase: FeedPhase
  /** `none`: nothing has come yet; `doubtful`: from a loss or an odd silence until the next frame of data. */
  readonly freshness: Freshness
  /**
   * When the data became doubtful, kept over all retries: one loss, one banner. Like the next two by the client's own
   * wall clock, milliseconds since 1970.
   */
  readonly doubtfulSinceMs: number | undefined
  readonly transport: session.FeedTransport
  /** Polling because streams did not pass. */
  readonly fellBack: boolean
  /** How long until a stream is tried again next to the polls; undefined unless fallen back. */
  readonly nextStreamTryInMs: number | undefined
  /** Of the log that is read; undefined before anything of it is known. */
  readonly epoch: string | undefined
  /** The position reached: what a reconnect resumes from. */
  readonly lastEventId: string | undefined
  /** When this phase began. */
  readonly sinceMs: number
  /** When anything last arrived, a heartbeat or a comment included. */
  readonly lastArrivalMs: number | undefined
  /** How long ago that was, whatever the wall clock did in between. */
  readonly silentForMs: number | undefined
  /** What the server said when this reader did not keep up, until data comes again. */
  readonly lagging: Lagging | undefined
  /** How long until the next attempt, from the moment that this state was read; undefined when none is waited for. */
  readonly retryInMs: number | undefined
  /** Failures since a stream last held for five seconds. */
  readonly attempts: number
  /** Why it is not connected, or not over the transport that was wished for. */
  readonly reason: StatusReason | undefined
  /** Add it to the client's clock to get the server's; undefined before the first hello. */
  readonly serverTimeOffsetMs: number | undefined
  readonly heartbeatMs: number | undefined
  /** Delivered; control events are not counted. */
  readonly eventsReceived: number
  /** Came a second time and were dropped. */
  readonly duplicatesDropped: number
  readonly bytesReceived: number
  /** Connections opened so far. */
  readonly connections: number
}

export interface FeedSession {
  /** As of now, counters included. */
  readonly state: FeedState
  /** `<epoch>-<seq>`, or undefined before the first. */
  readonly position: string | undefined
  /** Drops the connection, if any, and connects now, from the position; over SSE again when the choice is auto. */
  reconnect(): void
  /** Gives the position up and reconnects: a whole snapshot comes. For a reader that found a gap. */
  resnapshot(): void
  /** Changes what is named and leaves the rest; goes on from the position, nothing lost and nothing twice. */
  subscribe(change: FeedSubscription): void
  /** `subscribe` for the books alone. */
  setBooks(symbols: readonly string[]): void
  /** For good. */
  close(): void
}

/** @throws {RangeError} when the options contradict each other; what the server refuses shows up in the state. */
export function openFeed(options: FeedOptions): FeedSession {
  const environment: Environment = { ...DEFAULT_ENVIRONMENT, ...options.environment }
  if (options.mode === 'raw' && options.maxHz !== undefined) throw new RangeError('maxHz has no meaning in raw mode')
  wantedEvents(options)
  return new Runner(options, environment)
}

class Runner implements FeedSession {
  readonly #options: FeedOptions
  readonly #environment: Environment
  readonly #deadline: Deadline
  readonly #serverClock: ServerClock
  readonly #wallClock: WallClock
  readonly #stopWatching: () => void
  #machine: session.SessionState
  #connection: Connection | undefined
  #probe: Connection | undefined
  #subscription: FeedSubscription
  /** Symbols or books were added of which no snapshot has come yet. */
  #isWidened = false
  #frame: TransportFrame | undefined
  #epoch: string | undefined
  #lagging: Lagging | undefined
  #eventsReceived = 0
  #duplicatesDropped = 0
  #bytesReceived = 0
  #connections = 0
  #resubscribes = false

  constructor(options: FeedOptions, environment: Environment) {
    this.#options = options
    this.#environment = environment
    this.#subscription = options
    this.#serverClock = new ServerClock(environment)
    this.#wallClock = new WallClock(environment)
    this.#epoch = parsePosition(options.last ?? '')?.epoch
    this.#machine = session.startSession(options.transport ?? 'auto', environment.nowMs(), options.last)
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchPageEvents(why => this.#apply({ type: 'suspected', why }))
    // The caller holds the session before its first callback comes.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get position(): string | undefined {
    return this.#machine.reading.last
  }

  get state(): FeedState {
    const { kind, transport, lastArrivalMs, deadlineMs, attempts, reason, heartbeatMs, streamTryAtMs } = this.#machine
    const nowMs = this.#environment.nowMs()
    const inMs = (atMs: number | undefined) => Math.max(0, Math.round((atMs ?? 0) - nowMs))
    const hasFallenBack = fellBack(this.#machine)
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      freshness: session.freshness(this.#machine, nowMs),
      doubtfulSinceMs: this.#wallClock.date(this.#machine.doubtfulSinceMs),
      transport,
      fellBack: hasFallenBack,
      nextStreamTryInMs: hasFallenBack && streamTryAtMs !== undefined ? inMs(streamTryAtMs) : undefined,
      epoch: this.#epoch,
      lastEventId: this.position,
      sinceMs: this.#wallClock.date(this.#machine.sinceMs),
      lastArrivalMs: this.#wallClock.date(lastArrivalMs),
      silentForMs: lastArrivalMs === undefined ? undefined : nowMs - lastArrivalMs,
      lagging: this.#machine.lagging ? this.#lagging : undefined,
      retryInMs: kind === 'waiting' ? inMs(deadlineMs) : undefined,
      attempts,
      reason,
      serverTimeOffsetMs: this.#serverClock.offsetMs,
      heartbeatMs: lastArrivalMs === undefined ? undefined : heartbeatMs,
      eventsReceived: this.#eventsReceived,
      duplicatesDropped: this.#duplicatesDropped,
      bytesReceived: this.#bytesReceived,
      connections: this.#connections,
    }
  }

  reconnect(): void {
    this.#apply({ type: 'reconnect' })
  }

  resnapshot(): void {
    this.#apply({ type: 'resnapshot' })
  }

  subscribe(change: FeedSubscription): void {
    const { symbols, events, books, maxHz } = { ...this.#subscription, ...change }
    if (this.#options.mode === 'raw' && maxHz !== undefined) throw new RangeError('maxHz has no meaning in raw mode')
    const before = queryOf(this.#options, this.#subscription, false).toString()
    const changed = { symbols, events, books, maxHz } as FeedSubscription
    // What contradicts itself is refused here, and the subscription stays as it was.
    const after = queryOf(this.#options, changed, false).toString()
    this.#subscription = changed
    if (after === before) return
    this.#isWidened = true
    // Several changes in one turn are one.
    if (this.#resubscribes) return
    this.#resubscribes = true
    queueMicrotask(() => {
      this.#resubscribes = false
      this.#apply({ type: 'resubscribed' })
    })
  }

  setBooks(symbols: readonly string[]): void {
    this.subscribe({ books: symbols })
  }

  close(): void {
    this.#stopWatching()
    this.#apply({ type: 'close' })
  }

  #apply(event: session.SessionEvent): void {
    const nowMs = this.#environment.nowMs()
    for (const one of inOrder(this.#machine, event, nowMs)) this.#step(one, nowMs)
  }

  #step(event: session.SessionEvent, nowMs: number): void {
    const before = this.#machine
    const { state, effects } = next(before, event, { nowMs, chance: this.#environment.random() })
    this.#machine = state
    for (const effect of effects) this.#run(effect)
    if (state.kind === 'waiting' || state.kind === 'closed') this.#connection = undefined
    this.#deadline.set(this.#machine.deadlineMs)
    if (differs(before, state)) this.#tell()
  }

  #run(effect: session.SessionEffect): void {
    if (effect.type === 'deliver') this.#deliver()
    else if (effect.type === 'connect') this.#connect(effect)
    else if (effect.type === 'disconnect') {
      this.#connection?.close()
      this.#connection = undefined
    } else {
      this.#probe?.close()
      this.#probe = effect.type === 'probe' ? this.#openProbe(effect.transport) : undefined
    }
  }

  #tell(): void {
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  #connect({ transport, last, snapshot }: Extract<session.SessionEffect, { type: 'connect' }>): void {
    this.#connections++
    const options = this.#transportOptions(queryOf(this.#options, this.#subscription, snapshot), last, this.#isWidened)
    // What a transport still has to say after it was closed, the rest of a chunk, is nobody's.
    const own = this.#connections
    const ifOwn =
      <A extends unknown[]>(take: (...args: A) => void) =>
      (...args: A) => {
        if (own === this.#connections && this.#connection !== undefined) take(...args)
      }
    const handlers: TransportHandlers = {
      onBytes: ifOwn(count => {
        this.#bytesReceived += count
        this.#apply({ type: 'received' })
      }),
      onOpen: ifOwn((heartbeatMs, silenceMaxMs) => this.#apply({ type: 'hello', heartbeatMs, silenceMaxMs })),
      onFrame: ifOwn(frame => this.#take(frame)),
      onRetry: ifOwn(retryMs => this.#apply({ type: 'retryReceived', retryMs })),
      onEnd: ifOwn(over => this.#apply(over)),
    }
    this.#connection = OPEN[transport](options, handlers)
  }

  #transportOptions(query: URLSearchParams, last: string | undefined, isWidened: boolean): TransportOptions {
    const { baseUrl = '', mode } = this.#options
    const maxHz = mode === 'raw' ? undefined : (this.#subscription.maxHz ?? MAX_HZ.standard)
    return { environment: this.#environment, baseUrl: baseUrl.replace(/\/+$/, ''), query, last, maxHz, isWidened }
  }

  /** Says whether the transport passes and delivers nothing, so it asks for no snapshot and from no position. */
  #openProbe(transport: session.FeedTransport): Connection {
    const query = queryOf({ ...this.#options, snapshot: false }, this.#subscription, false)
    const options = this.#transportOptions(query, undefined, false)
    return openProbe(transport, OPEN[transport], options, passes => {
      this.#probe = undefined
      this.#apply({ type: 'probed', passes })
    })
  }

  #take(frame: TransportFrame): void {
    const { event, data } = frame
    const kind = frameKind(event)
    if (event === 'hello') this.#learnEpoch((data as Hello).epoch)
    if (event === 'hello' || event === 'heartbeat') {
      this.#serverClock.learn((data as Hello | Heartbeat).serverTime, event === 'hello')
    }
    const id = this.#positionOf(frame)
    this.#frame = frame
    const delivered = this.#eventsReceived
    // A position says of which log it is too: polls have no hello.
    if (event === 'snapshot' || event === undefined) this.#learnEpoch(parsePosition(id ?? '')?.epoch)
    if (event === 'reset') this.#learnEpoch((data as { epoch?: string }).epoch)
    this.#apply({ type: 'frame', kind, id, phaseChange: event === 'status' })
    this.#frame = undefined
    if (kind === 'durable' && delivered === this.#eventsReceived) this.#duplicatesDropped++
    if (event === 'busy' || event === 'drain') {
      const text = event === 'busy' ? 'The service is at its limit' : 'The service is going away'
      this.#apply({ type: 'notice', retryMs: (data as RetryNotice).retryMs, reason: { code: event, text } })
    }
    if (event === 'lagging') {
      this.#lagging = data as Lagging
      this.#apply({ type: 'lagging' })
    }
  }

  #learnEpoch(epoch: string | undefined): void {
    if (epoch === undefined || epoch === this.#epoch) return
    const before = this.#epoch
    this.#epoch = epoch
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, epoch, before))
  }

  /** A snapshot says in its data what it is true at, and a heartbeat up to where all has been sent. */
  #positionOf({ event, data, id }: TransportFrame): string | undefined {
    if (event === 'snapshot') return (data as Snapshot).id
    if (event === 'heartbeat' && id === undefined && this.#epoch !== undefined) {
      return formatPosition(this.#epoch, (data as { head: number }).head)
    }
    return id
  }

  #deliver(): void {
    const frame = this.#frame
    if (frame?.event === undefined) return
    const kind = frameKind(frame.event)
    if (kind === 'durable') this.#eventsReceived++
    if (kind === 'snapshot') this.#isWidened = false
    const id = kind === 'durable' || kind === 'snapshot' ? this.#positionOf(frame) : undefined
    const event = { event: frame.event, data: frame.data } as FeedEvent | ControlEvent
    runCallback(() => this.#options.onEvent(event, id))
  }
}

const OPEN = { sse: openSse, longPoll: openLongPoll } as const

function differs(a: session.SessionState, b: session.SessionState): boolean {
  return (
    a.kind !== b.kind ||
    a.sinceMs !== b.sinceMs ||
    a.hasData !== b.hasData ||
    a.doubtfulSinceMs !== b.doubtfulSinceMs ||
    a.lagging !== b.lagging ||
    a.transport !== b.transport ||
    a.streamTryAtMs !== b.streamTryAtMs ||
    a.attempts !== b.attempts ||
    a.reason !== b.reason
  )
}

/** The subscription as /v1/stream and /v1/poll take it, without the position. */
function queryOf({ mode, snapshot }: FeedOptions, subscription: FeedSubscription, owed: boolean): URLSearchParams {
  const { symbols, books, maxHz } = subscription
  const query = new URLSearchParams()
  if (symbols !== undefined && symbols.length > 0) query.set('symbols', symbols.join(','))
  const wanted = wantedEvents(subscription)
  if (wanted !== undefined && wanted.length > 0) query.set('events', wanted.join(','))
  if (books !== undefined && books.length > 0) query.set('books', books.join(','))
  if (mode === 'raw') query.set('mode', 'raw')
  else if (maxHz !== undefined) query.set('maxHz', String(maxHz))
  if (snapshot === false && !owed) query.set('snapshot', 'false')
  return query
}

/** On the wire an empty list is all symbols, so that no books at all means to leave the event out. */
export function wantedEvents({ events, books }: FeedSubscription): readonly FeedEventName[] | undefined {
  if (books === undefined) return events
  const others = (events ?? DEFAULT_EVENTS).filter(event => event !== 'book')
  if (books.length > 0) return [...others, 'book']
  if (others.length === 0) throw new RangeError('Neither books nor other events: name at least one event or one book')
  return others
}
