// The feed session: the one timer and the one connection around the pure machine in session.ts. Opened by an application,
// which gets events in order, each id once, and a state that always says whether what it shows is live, and why not.
// It folds nothing (market-view.ts does) and decides nothing (session.ts does).

import type { Hello, RetryNotice, Snapshot } from '@papertape/protocol'
import { type ControlEvent, type FeedEvent, type FeedEventName, formatPosition, MAX_HZ } from '@papertape/protocol'
import { Deadline } from './deadline.ts'
import { callOut, type Environment, PLATFORM, type Reason, watchReturns } from './environment.ts'
import * as session from './session.ts'
import { openLongPoll } from './transports/long-poll.ts'
import { openSse } from './transports/sse.ts'
import { type Connection, type Frame, frameKind, type TransportHandlers } from './transports/transport.ts'

export interface FeedOptions {
  /** Scheme, host and port of the service; the page's own origin when absent. */
  readonly baseUrl?: string
  /** All when absent or empty. */
  readonly symbols?: readonly string[]
  /** quote, trade, status and news when absent. */
  readonly events?: readonly FeedEventName[]
  /** How often each quote and each book may come; 10 when absent. Not with `mode: 'raw'`. */
  readonly maxHz?: number
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
  /** At each change of phase, transport, attempts or reason; counters alone do not call it. */
  onState?(state: FeedState): void
  readonly environment?: Partial<Environment>
}

export type FeedPhase = 'connecting' | 'live' | 'stale' | 'waiting' | 'closed'

export interface FeedState {
  readonly phase: FeedPhase
  readonly transport: session.FeedTransport
  /** Polling because streams did not pass. */
  readonly fellBack: boolean
  /** The position reached: what a reconnect resumes from. */
  readonly lastEventId: string | undefined
  /** When this phase began; this clock and the next two are the client's own, milliseconds since 1970. */
  readonly sinceMs: number
  /** When anything last arrived, a heartbeat or a comment included. */
  readonly lastArrivalMs: number | undefined
  /** How long until the next attempt, from the moment that this state was read; undefined when none is waited for. */
  readonly retryInMs: number | undefined
  /** Failures since a stream last held for five seconds. */
  readonly attempts: number
  /** Why it is not connected, or not over the transport that was wished for. */
  readonly reason: Reason | undefined
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
  /** For good. */
  close(): void
}

/** @throws {RangeError} when the options contradict each other; what the server refuses shows up in the state. */
export function openFeed(options: FeedOptions): FeedSession {
  const environment: Environment = { ...PLATFORM, ...options.environment }
  if (options.mode === 'raw' && options.maxHz !== undefined) throw new RangeError('maxHz has no meaning in raw mode')
  return new Runner(options, environment)
}

class Runner implements FeedSession {
  readonly #options: FeedOptions
  readonly #environment: Environment
  readonly #deadline: Deadline
  readonly #stopWatching: () => void
  #machine: session.SessionState
  #connection: Connection | undefined
  #frame: Frame | undefined
  #serverTimeOffsetMs: number | undefined
  #epoch: string | undefined
  #eventsReceived = 0
  #duplicatesDropped = 0
  #bytesReceived = 0
  #connections = 0

  constructor(options: FeedOptions, environment: Environment) {
    this.#options = options
    this.#environment = environment
    this.#machine = session.startSession(options.transport ?? 'auto', environment.now(), options.last)
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchReturns(why => this.#apply({ type: 'doubted', why }))
    // The caller holds the session before its first callback comes.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get position(): string | undefined {
    return this.#machine.reading.last
  }

  get state(): FeedState {
    const { kind, transport, sinceMs, lastArrivalMs, deadlineMs, attempts, reason, heartbeatMs } = this.#machine
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      transport,
      fellBack: session.fellBack(this.#machine),
      lastEventId: this.position,
      sinceMs,
      lastArrivalMs,
      retryInMs: kind === 'waiting' ? Math.max(0, (deadlineMs ?? 0) - this.#environment.now()) : undefined,
      attempts,
      reason,
      serverTimeOffsetMs: this.#serverTimeOffsetMs,
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

  close(): void {
    this.#stopWatching()
    this.#apply({ type: 'close' })
  }

  #apply(event: session.SessionEvent): void {
    const before = this.#machine
    const { state, effects } = session.next(before, event, {
      nowMs: this.#environment.now(),
      chance: this.#environment.random(),
    })
    this.#machine = state
    for (const effect of effects) this.#run(effect)
    if (state.kind === 'waiting' || state.kind === 'closed') this.#connection = undefined
    this.#deadline.set(this.#machine.deadlineMs)
    if (differs(before, state)) this.#tell()
  }

  #run(effect: session.SessionEffect): void {
    if (effect.type === 'deliver') this.#deliver()
    else if (effect.type === 'connect') this.#connect(effect)
    else {
      this.#connection?.close()
      this.#connection = undefined
    }
  }

  #tell(): void {
    const { onState } = this.#options
    if (onState !== undefined) callOut(() => onState.call(this.#options, this.state))
  }

  #connect({ transport, last, snapshot }: Extract<session.SessionEffect, { type: 'connect' }>): void {
    const { baseUrl = '', mode, maxHz = MAX_HZ.standard } = this.#options
    this.#connections++
    const open = transport === 'sse' ? openSse : openLongPoll
    const options = {
      environment: this.#environment,
      baseUrl: baseUrl.replace(/\/$/, ''),
      query: queryOf(this.#options, snapshot),
      last,
      maxHz: mode === 'raw' ? undefined : maxHz,
    }
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
      onUp: ifOwn((heartbeatMs, silenceMaxMs) => this.#apply({ type: 'hello', heartbeatMs, silenceMaxMs })),
      onFrame: ifOwn(frame => this.#take(frame)),
      onRetry: ifOwn(retryMs => this.#apply({ type: 'retryTold', retryMs })),
      onOver: ifOwn(over => this.#apply(over)),
    }
    this.#connection = open(options, handlers)
  }

  #take(frame: Frame): void {
    const { event, data } = frame
    const kind = frameKind(event)
    if (event === 'hello' || event === 'heartbeat') this.#learnTime(event, data as Hello)
    this.#frame = frame
    const delivered = this.#eventsReceived
    this.#apply({ type: 'frame', kind, id: this.#positionOf(frame) })
    this.#frame = undefined
    if (kind === 'durable' && delivered === this.#eventsReceived) this.#duplicatesDropped++
    if (event === 'busy' || event === 'drain') {
      const text = event === 'busy' ? 'The service is at its limit' : 'The service is going away'
      this.#apply({ type: 'notice', retryMs: (data as RetryNotice).retryMs, reason: { code: event, text } })
    }
  }

  /** A snapshot says in its data what it is true at, and a heartbeat up to where all has been sent. */
  #positionOf({ event, data, id }: Frame): string | undefined {
    if (event === 'snapshot') return (data as Snapshot).id
    if (event === 'heartbeat' && id === undefined && this.#epoch !== undefined) {
      return formatPosition(this.#epoch, (data as { head: number }).head)
    }
    return id
  }

  #learnTime(event: 'hello' | 'heartbeat', { serverTime, epoch }: Hello): void {
    const offsetMs = serverTime - this.#environment.now()
    if (event === 'hello') this.#epoch = epoch
    // The way here can only make the server's clock look late, so the largest offset is the truest.
    const fresh = event === 'hello' || this.#serverTimeOffsetMs === undefined
    this.#serverTimeOffsetMs = fresh ? offsetMs : Math.max(offsetMs, this.#serverTimeOffsetMs ?? offsetMs)
  }

  #deliver(): void {
    const frame = this.#frame
    if (frame?.event === undefined) return
    const kind = frameKind(frame.event)
    if (kind === 'durable') this.#eventsReceived++
    const id = kind === 'durable' || kind === 'snapshot' ? this.#positionOf(frame) : undefined
    const event = { event: frame.event, data: frame.data } as FeedEvent | ControlEvent
    callOut(() => this.#options.onEvent(event, id))
  }
}

function differs(a: session.SessionState, b: session.SessionState): boolean {
  return (
    a.kind !== b.kind ||
    a.sinceMs !== b.sinceMs ||
    a.transport !== b.transport ||
    a.attempts !== b.attempts ||
    a.reason !== b.reason
  )
}

/** The subscription as /v1/stream and /v1/poll take it, without the position. */
function queryOf({ symbols, events, maxHz, mode, snapshot }: FeedOptions, owed: boolean): URLSearchParams {
  const query = new URLSearchParams()
  if (symbols !== undefined && symbols.length > 0) query.set('symbols', symbols.join(','))
  if (events !== undefined && events.length > 0) query.set('events', events.join(','))
  if (mode === 'raw') query.set('mode', 'raw')
  else if (maxHz !== undefined) query.set('maxHz', String(maxHz))
  if (snapshot === false && !owed) query.set('snapshot', 'false')
  return query
}
