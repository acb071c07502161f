// The feed session: one timer and one connection around the pure machine in session-machine.ts. Delivers events in
// order, each id once, and a state that says whether the data is current, and if not, why. It computes no views (views/
// does) and makes no decisions (the machine does).

import type { ControlEvent, FeedEvent, Heartbeat, Hello, Lagging, RetryNotice, Snapshot } from '@papertape/protocol'
import { formatPosition, MAX_HZ, parsePosition } from '@papertape/protocol'
import { runCallback } from '../platform/callback.ts'
import { Deadline } from '../platform/deadline.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { watchPageEvents } from '../platform/page-events.ts'
import { ServerClock } from '../platform/server-clock.ts'
import { inOrder } from '../platform/state-machine.ts'
import { WallClock } from '../platform/wall-clock.ts'
import type { FeedOptions, FeedSession, FeedState, FeedSubscription } from './feed-interface.ts'
import { checkRate, eventsOf, feedQuery } from './feed-query.ts'
import { frameKind } from './frame-kind.ts'
import { next } from './session-machine.ts'
import { freshness, type SessionEffect, type SessionEvent, type SessionState, startSession } from './session-state.ts'
import { openProbe } from './transport-probe.ts'
import { type FeedTransport, hasFallenBack } from './transport-selection.ts'
import { openLongPoll } from './transports/long-poll.ts'
import { openSse } from './transports/sse.ts'
import type {
  OpenTransport,
  TransportConnection,
  TransportFrame,
  TransportHandlers,
  TransportOptions,
} from './transports/transport.ts'

const OPEN: Readonly<Record<FeedTransport, OpenTransport>> = { sse: openSse, longPoll: openLongPoll }

/** @throws {RangeError} when the options contradict each other; a refusal of the server is reported in the state */
export function openFeed(options: FeedOptions): FeedSession {
  checkRate(options.mode, options.maxHz)
  eventsOf(options)
  return new FeedSessionRunner(options, { ...DEFAULT_ENVIRONMENT, ...options.environment })
}

class FeedSessionRunner implements FeedSession {
  readonly #options: FeedOptions
  readonly #environment: Environment
  readonly #deadline: Deadline
  readonly #serverClock: ServerClock
  readonly #wallClock: WallClock
  readonly #stopWatching: () => void
  #session: SessionState
  #connection: TransportConnection | undefined
  #probe: TransportConnection | undefined
  #subscription: FeedSubscription
  /** Symbols or books were added, and no snapshot with them has arrived yet. */
  #isWidened = false
  /**
   * The position was reached over a stream. It is past quotes and books that still waited there: a stream that resumes
   * has a snapshot with them, a poll has not.
   */
  #hasStreamed = false
  #transport: FeedTransport | undefined
  /** A change of the subscription is applied at the end of this turn. */
  #isResubscribing = false
  /** The frame that the machine decides on. */
  #frame: TransportFrame | undefined
  #epoch: string | undefined
  #heartbeatMs: number | undefined
  #lagging: Lagging | undefined
  #eventsReceived = 0
  #duplicatesDropped = 0
  #bytesReceived = 0
  #connections = 0

  constructor(options: FeedOptions, environment: Environment) {
    this.#options = options
    this.#environment = environment
    this.#subscription = options
    this.#serverClock = new ServerClock(environment)
    this.#wallClock = new WallClock(environment)
    this.#epoch = parsePosition(options.last ?? '')?.epoch
    this.#session = startSession(options.transport ?? 'auto', environment.nowMs(), options.last)
    this.#deadline = new Deadline(environment, () => this.#apply({ type: 'timeout' }))
    this.#stopWatching = watchPageEvents(why => this.#apply({ type: 'suspected', why }))
    // openFeed returns before the first callback.
    queueMicrotask(() => this.#apply({ type: 'start' }))
  }

  get position(): string | undefined {
    return this.#session.position.last
  }

  get state(): FeedState {
    const { kind, transports, lastArrivalMs, deadlineMs, attempts, reason, data, sinceMs } = this.#session
    const nowMs = this.#environment.nowMs()
    const inMs = (atMs: number | undefined) => Math.max(0, Math.round((atMs ?? 0) - nowMs))
    const fellBack = hasFallenBack(transports)
    const { streamTrialAtMs } = transports
    return {
      phase: kind === 'idle' ? 'connecting' : kind,
      freshness: freshness(this.#session, nowMs),
      staleSinceMs: this.#wallClock.date(data.staleSinceMs),
      transport: transports.transport,
      fellBack,
      nextStreamTryInMs: fellBack && streamTrialAtMs !== undefined ? inMs(streamTrialAtMs) : undefined,
      epoch: this.#epoch,
      lastEventId: this.position,
      sinceMs: this.#wallClock.date(sinceMs),
      lastArrivalMs: this.#wallClock.date(lastArrivalMs),
      silentForMs: lastArrivalMs === undefined ? undefined : nowMs - lastArrivalMs,
      lagging: data.lagging ? this.#lagging : undefined,
      retryInMs: kind === 'waiting' ? inMs(deadlineMs) : undefined,
      attempts,
      reason,
      serverTimeOffsetMs: this.#serverClock.offsetMs,
      heartbeatMs: this.#heartbeatMs,
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
    checkRate(this.#options.mode, maxHz)
    const before = feedQuery(this.#options, this.#subscription, false).toString()
    const changed = { symbols, events, books, maxHz } as FeedSubscription
    // Throws before anything has changed.
    const after = feedQuery(this.#options, changed, false).toString()
    this.#subscription = changed
    if (after === before) return
    this.#isWidened = true
    // Several changes in one turn reconnect once.
    if (this.#isResubscribing) return
    this.#isResubscribing = true
    queueMicrotask(() => {
      this.#isResubscribing = false
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

  #apply(event: SessionEvent): void {
    const nowMs = this.#environment.nowMs()
    for (const one of inOrder(this.#session, event, nowMs)) this.#step(one, nowMs)
  }

  #step(event: SessionEvent, nowMs: number): void {
    const before = this.#session
    const { state, effects } = next(before, event, { nowMs, chance: this.#environment.random() })
    this.#session = state
    for (const effect of effects) this.#run(effect)
    if (state.kind === 'waiting' || state.kind === 'closed') this.#connection = undefined
    this.#deadline.set(this.#session.deadlineMs)
    if (differs(before, state)) this.#reportState()
  }

  #run(effect: SessionEffect): void {
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

  #reportState(): void {
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  #connect({ transport, last, snapshot }: Extract<SessionEffect, { type: 'connect' }>): void {
    this.#connections++
    const query = feedQuery(this.#options, this.#subscription, snapshot)
    const lacksWaiting = this.#hasStreamed && transport === 'longPoll' && this.#options.mode !== 'raw'
    const options = this.#transportOptions(query, last, this.#isWidened || lacksWaiting)
    this.#transport = transport
    const { maxBytesPerSecond } = this.#options
    // Polls are as far apart as their answers take.
    if (transport === 'sse' && maxBytesPerSecond !== undefined)
      query.set('maxBytesPerSecond', String(maxBytesPerSecond))
    // A closed transport may still report the rest of a chunk.
    const own = this.#connections
    const ifCurrent =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A) => {
        if (own === this.#connections && this.#connection !== undefined) handle(...args)
      }
    const handlers: TransportHandlers = {
      onBytes: ifCurrent(count => {
        this.#bytesReceived += count
        this.#apply({ type: 'received' })
      }),
      onOpen: ifCurrent((heartbeatMs, silenceMaxMs) => {
        this.#heartbeatMs = heartbeatMs
        this.#apply({ type: 'hello', heartbeatMs, silenceMaxMs })
      }),
      onFrame: ifCurrent(frame => this.#receive(frame)),
      onRetry: ifCurrent(retryMs => this.#apply({ type: 'retryReceived', retryMs })),
      onEnd: ifCurrent(end => this.#apply(end)),
    }
    this.#connection = OPEN[transport](options, handlers)
  }

  #transportOptions(query: URLSearchParams, last: string | undefined, needsSnapshot: boolean): TransportOptions {
    const { baseUrl = '', mode, tap } = this.#options
    const maxHz = mode === 'raw' ? undefined : (this.#subscription.maxHz ?? MAX_HZ.standard)
    const environment = this.#environment
    return { environment, baseUrl: baseUrl.replace(/\/+$/, ''), query, last, maxHz, needsSnapshot, tap }
  }

  /** It delivers nothing, so it asks for no snapshot and from no position. */
  #openProbe(transport: FeedTransport): TransportConnection {
    const query = feedQuery({ ...this.#options, snapshot: false }, this.#subscription, false)
    const options = { ...this.#transportOptions(query, undefined, false), tap: undefined }
    return openProbe(transport, OPEN[transport], options, passes => {
      this.#probe = undefined
      this.#apply({ type: 'probed', passes })
    })
  }

  #receive(frame: TransportFrame): void {
    const { event, data } = frame
    const kind = frameKind(event)
    if (event === 'hello') this.#setEpoch((data as Hello).epoch)
    if (event === 'hello' || event === 'heartbeat') {
      this.#serverClock.learn((data as Hello | Heartbeat).serverTime, event === 'hello')
    }
    const id = this.#positionOf(frame)
    // Polls have no hello: the position names the epoch.
    if (event === 'snapshot' || event === undefined) this.#setEpoch(parsePosition(id ?? '')?.epoch)
    if (event === 'reset') this.#setEpoch((data as { epoch?: string }).epoch)
    const delivered = this.#eventsReceived
    this.#frame = frame
    this.#apply({ type: 'frame', kind, id, phaseChange: event === 'status' })
    this.#frame = undefined
    if (kind === 'durable' && delivered === this.#eventsReceived) this.#duplicatesDropped++
    if (event === 'busy' || event === 'drain') {
      const text = event === 'busy' ? 'The service is at its limit' : 'The service asked to reconnect'
      this.#apply({ type: 'notice', retryMs: (data as RetryNotice).retryMs, reason: { code: event, text } })
    }
    if (event === 'lagging') {
      this.#lagging = data as Lagging
      // A conflated stream goes on, unless its reader takes nothing; a raw one ends.
      this.#apply({ type: 'lagging', ends: this.#lagging.maxHz === null })
    }
  }

  #setEpoch(epoch: string | undefined): void {
    if (epoch === undefined || epoch === this.#epoch) return
    const before = this.#epoch
    this.#epoch = epoch
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, epoch, before))
  }

  /** A snapshot carries its position in its data, a heartbeat the position up to which everything was sent. */
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
    if (this.#transport === 'sse') this.#hasStreamed = true
    else if (kind === 'snapshot') this.#hasStreamed = false
    const id = kind === 'durable' || kind === 'snapshot' ? this.#positionOf(frame) : undefined
    const event = { event: frame.event, data: frame.data } as FeedEvent | ControlEvent
    runCallback(() => this.#options.onEvent(event, id))
  }
}

/** Whether `onState` is called: counters alone do not. */
function differs(a: SessionState, b: SessionState): boolean {
  return (
    a.kind !== b.kind ||
    a.sinceMs !== b.sinceMs ||
    a.data.received !== b.data.received ||
    a.data.staleSinceMs !== b.data.staleSinceMs ||
    a.data.lagging !== b.data.lagging ||
    a.transports.transport !== b.transports.transport ||
    a.transports.streamTrialAtMs !== b.transports.streamTrialAtMs ||
    a.attempts !== b.attempts ||
    a.reason !== b.reason
  )
}
