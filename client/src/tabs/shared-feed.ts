// The feed session of a page that shares its stream with other tabs: feed-leader.ts holds it in the tab that leads,
// feed-receiver.ts receives it in every tab. The interface is openFeed's. Where tabs cannot share, each has its own
// stream.

import { type ControlEvent, type FeedEvent, type Hello, type PollAnswer, parsePosition } from '@papertape/protocol'
import type { FeedOptions, FeedPhase, FeedSession, FeedState } from '../feed/feed-interface.ts'
import { checkRate, eventsOf } from '../feed/feed-query.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { reportFrame } from '../platform/frame-tap.ts'
import { RequestError, Rest } from '../rest/rest.ts'
import { type FeedInterest, FeedLeader } from './feed-leader.ts'
import { FeedReceiver, type ForwardedFrame } from './feed-receiver.ts'
import { type Sharing, TabGroup } from './tab-group.ts'
import { BROWSER, type TabsPlatform } from './tabs-platform.ts'

type SharedFeedOption = 'baseUrl' | 'symbols' | 'events' | 'maxHz' | 'mode' | 'transport' | 'environment' | 'tap'
/** A shared feed starts with a snapshot. Tabs whose options differ in nothing but `books` share one stream. */
export interface SharedFeedOptions extends Pick<FeedOptions, SharedFeedOption | 'onEvent' | 'onEpoch'> {
  /** Symbols whose books this tab gets; none when absent. */
  readonly books?: readonly string[]
  onState?(state: SharedFeedState): void
  readonly platform?: TabsPlatform
}

/** Of the shared connection; position and event counters are this tab's own. */
export interface SharedFeedState extends FeedState {
  readonly sharing: Sharing
}

/** The subscription is the same for all tabs, except for the books. */
export interface SharedFeedSession extends Omit<FeedSession, 'subscribe'> {
  readonly state: SharedFeedState
}

/** Between the tabs of a group. */
type FeedTabMessage =
  | { readonly type: 'frames'; readonly frames: readonly ForwardedFrame[]; readonly bytes: number }
  | { readonly type: 'state'; readonly state: FeedState; readonly atMs: number; readonly hello: Hello | undefined }
  | { readonly type: 'join' }
  | { readonly type: 'reconnect' }

/** The least time between two snapshots of a reader that finds gap after gap. */
const RESNAPSHOT_PAUSE_MS = 5_000

const LEADER_SILENT: StatusReason = { code: 'leader-silent', text: 'The tab that holds the connection does not answer' }

const INITIAL_STATE: FeedState = {
  phase: 'connecting',
  freshness: 'none',
  staleSinceMs: undefined,
  transport: 'sse',
  fellBack: false,
  nextStreamTryInMs: undefined,
  epoch: undefined,
  lastEventId: undefined,
  sinceMs: 0,
  lastArrivalMs: undefined,
  silentForMs: undefined,
  lagging: undefined,
  retryInMs: undefined,
  attempts: 0,
  reason: undefined,
  serverTimeOffsetMs: undefined,
  heartbeatMs: undefined,
  eventsReceived: 0,
  duplicatesDropped: 0,
  bytesReceived: 0,
  connections: 0,
}

/** @throws {RangeError} when the options contradict each other, or name no event but `book` */
export function openSharedFeed(options: SharedFeedOptions): SharedFeedSession {
  checkRate(options.mode, options.maxHz)
  // Without books there has to be an event left to stream.
  eventsOf({ ...options, books: [] })
  return new SharedFeed(options)
}

class SharedFeed implements SharedFeedSession {
  readonly #options: SharedFeedOptions
  readonly #environment: Environment
  readonly #rest: Rest
  readonly #group: TabGroup<FeedTabMessage>
  readonly #receiver: FeedReceiver
  readonly #leader: FeedLeader
  #books: readonly string[]
  #epoch: string | undefined
  #hello: Hello | undefined
  /** The stream's state as last known, and when that was. */
  #streamState: FeedState | undefined
  #streamStateAtMs = 0
  #bytesReceived = 0
  #lastArrivalMs: number | undefined
  /** Since when this tab's data may be out of date although the stream is live. */
  #ownStaleSinceMs: number | undefined
  #resnapshotAtMs = Number.NEGATIVE_INFINITY
  #cancelResnapshot: (() => void) | undefined
  #isClosed = false
  /** The state as last reported to onState. */
  #reported = ''
  #phase: FeedPhase = 'connecting'
  #sinceMs: number

  constructor(options: SharedFeedOptions) {
    const { baseUrl = '', symbols = [], events, maxHz, mode, transport, tap, platform = BROWSER } = options
    this.#options = options
    const environment = { ...DEFAULT_ENVIRONMENT, ...options.environment }
    this.#environment = environment
    this.#rest = new Rest({ baseUrl, environment, tap })
    this.#books = options.books ?? []
    this.#sinceMs = environment.wallMs()
    this.#receiver = new FeedReceiver({
      environment,
      isConflated: this.#options.mode !== 'raw',
      poll: (last, signal) => this.#poll(last, signal),
      deliver: (event, id) => this.#deliver(event, id),
      onChange: () => this.#reportState(),
    })
    this.#leader = this.#createLeader()
    const name = ['feed', baseUrl, [...symbols].sort(), events, maxHz, mode, transport].join(' ')
    this.#group = new TabGroup<FeedTabMessage>(
      {
        name,
        environment,
        platform,
        onLead: () => this.#lead(),
        onYield: () => this.#yield(),
        onLeader: wasAway => {
          this.#group.sendToLeader({ type: 'join' })
          this.#receiver.follow(wasAway)
        },
        onMessage: message => this.#receive(message),
        onChange: () => {
          this.#leader.updateBooks()
          this.#reportState()
        },
      },
      this.#interest,
    )
  }

  get position(): string | undefined {
    return this.#receiver.position
  }

  get state(): SharedFeedState {
    const own = this.#leader.state
    const shared = own ?? this.#streamState ?? INITIAL_STATE
    const { phase, reason } = this.#phaseOf(shared)
    const nowMs = this.#environment.wallMs()
    const ageMs = own === undefined ? nowMs - this.#streamStateAtMs : 0
    const inMs = (ms: number | undefined) => (ms === undefined ? undefined : Math.max(0, ms - ageMs))
    const lastArrivalMs = own === undefined ? this.#lastArrivalMs : shared.lastArrivalMs
    const isCurrent = this.#ownStaleSinceMs === undefined && phase !== 'closed'
    return {
      ...shared,
      phase,
      freshness: this.position === undefined ? 'none' : isCurrent ? shared.freshness : 'stale',
      staleSinceMs: shared.staleSinceMs ?? this.#ownStaleSinceMs,
      nextStreamTryInMs: inMs(shared.nextStreamTryInMs),
      epoch: this.#epoch,
      lastEventId: this.position,
      sinceMs: this.#sinceMs,
      lastArrivalMs,
      silentForMs: lastArrivalMs === undefined ? undefined : Math.max(0, nowMs - lastArrivalMs),
      retryInMs: phase === 'waiting' ? inMs(shared.retryInMs ?? 0) : undefined,
      reason,
      eventsReceived: this.#receiver.eventsReceived,
      duplicatesDropped: this.#receiver.duplicatesDropped,
      bytesReceived: own === undefined ? this.#bytesReceived : shared.bytesReceived,
      sharing: this.#group.sharing,
    }
  }

  setBooks(books: readonly string[]): void {
    if ([...books].sort().join() === [...this.#books].sort().join()) return
    this.#books = books
    // If the own stream lacks one of these it is replaced, which brings a snapshot. Otherwise it is polled.
    const bringsSnapshot = this.#leader.state !== undefined && !this.#leader.hasBooks(books)
    this.#group.setInterest(this.#interest)
    if (!bringsSnapshot) this.#receiver.resnapshot()
  }

  reconnect(): void {
    this.#receiver.retryNow()
    if (this.#group.isLeader) this.#leader.reconnect()
    else this.#group.sendToLeader({ type: 'reconnect' })
  }

  resnapshot(): void {
    const waitMs = this.#resnapshotAtMs + RESNAPSHOT_PAUSE_MS - this.#environment.wallMs()
    if (waitMs > 0) {
      this.#cancelResnapshot ??= this.#environment.setTimer(() => {
        this.#cancelResnapshot = undefined
        this.resnapshot()
      }, waitMs)
      return
    }
    this.#resnapshotAtMs = this.#environment.wallMs()
    this.#receiver.resnapshot()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelResnapshot?.()
    this.#receiver.stop()
    this.#group.close()
    this.#reportState()
  }

  get #interest(): FeedInterest {
    return { books: this.#books }
  }

  /** The stream's phase, unless its leader is silent or this tab has not caught up. */
  #phaseOf(shared: FeedState): { readonly phase: FeedPhase; readonly reason: StatusReason | undefined } {
    if (this.#isClosed) return { phase: 'closed', reason: shared.phase === 'closed' ? shared.reason : undefined }
    const { failure } = this.#receiver
    if (this.#isLeaderSilent) return { phase: 'stale', reason: LEADER_SILENT }
    if (shared.phase !== 'live') return { phase: shared.phase, reason: shared.reason }
    if (this.position === undefined) return { phase: 'connecting', reason: failure }
    if (failure !== undefined) return { phase: 'stale', reason: failure }
    return { phase: 'live', reason: shared.reason }
  }

  get #isLeaderSilent(): boolean {
    return this.#streamState !== undefined && !this.#group.isLeader && this.#group.isLeaderSilent
  }

  #reportState(): void {
    const isStale = this.#isLeaderSilent || this.#receiver.failure !== undefined
    this.#ownStaleSinceMs = isStale ? (this.#ownStaleSinceMs ?? this.#environment.wallMs()) : undefined
    const { phase, freshness, staleSinceMs, transport, attempts, reason, sharing, lagging } = this.state
    if (phase !== this.#phase) this.#sinceMs = this.#environment.wallMs()
    this.#phase = phase
    const fields = [phase, freshness, staleSinceMs, transport, attempts, reason, sharing, lagging]
    const text = JSON.stringify([...fields, this.#streamState?.sinceMs])
    if (text === this.#reported) return
    this.#reported = text
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  /** Without the books that only other tabs asked for. */
  #deliver(event: FeedEvent | ControlEvent, id: string | undefined): void {
    if (event.event === 'hello' || event.event === 'reset') this.#setEpoch(event.data.epoch)
    if (event.event === 'snapshot') this.#setEpoch(parsePosition(event.data.id)?.epoch)
    if (event.event === 'book' && !this.#books.includes(event.data.symbol)) return
    const own = event.event === 'snapshot' ? withBooks(event, this.#books) : event
    runCallback(() => this.#options.onEvent(own, id))
  }

  #setEpoch(epoch: string | undefined): void {
    if (epoch === undefined || epoch === this.#epoch) return
    const before = this.#epoch
    this.#epoch = epoch
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, epoch, before))
  }

  #recordState(state: FeedState, atMs: number): void {
    this.#streamState = state
    this.#streamStateAtMs = atMs
    this.#bytesReceived = state.bytesReceived
  }

  // As a follower

  async #poll(last: string | undefined, signal: AbortSignal): Promise<PollAnswer> {
    const { symbols = [], events, maxHz, mode } = this.#options
    const request = (books: readonly string[]) => {
      const lists = { events: eventsOf({ ...(events === undefined ? {} : { events }), books }), symbols, books }
      const query = Object.entries(lists).flatMap(([name, list]) => (list?.length ? [[name, list.join(',')]] : []))
      const rate = mode === 'raw' ? { mode } : { maxHz }
      return this.#rest.get<PollAnswer>('/v1/poll', { ...Object.fromEntries(query), ...rate, last, wait: 0 }, signal)
    }
    try {
      return await request(this.#books)
    } catch (error) {
      // Another market may be at this address, whose symbols the page does not know yet.
      const isUnknown = error instanceof RequestError && error.code === 'unknown-symbol'
      if (!isUnknown || this.#books.length === 0) throw error
      return request([])
    }
  }

  #receive(message: FeedTabMessage): void {
    switch (message.type) {
      case 'frames':
        this.#bytesReceived = message.bytes
        this.#lastArrivalMs = this.#environment.wallMs()
        for (const frame of message.frames) {
          this.#reportForwarded(frame)
          this.#receiver.receive(frame)
        }
        this.#reportState()
        break
      case 'state':
        this.#receiveState(message)
        break
      case 'join':
        this.#sendState()
        break
      case 'reconnect':
        this.#leader.reconnect()
        break
    }
  }

  #reportForwarded({ event: { event, data }, id }: ForwardedFrame): void {
    const read = () => ({ event, id, text: JSON.stringify({ event, id, data }) })
    reportFrame(this.#options.tap, this.#environment.wallMs, () => ({ transport: 'tab', direction: 'in', ...read() }))
  }

  #receiveState({ state, atMs, hello }: Extract<FeedTabMessage, { type: 'state' }>): void {
    this.#recordState(state, atMs)
    this.#lastArrivalMs ??= state.lastArrivalMs
    if (this.#hello === undefined && hello !== undefined) this.#deliver({ event: 'hello', data: hello }, undefined)
    this.#hello = hello ?? this.#hello
    if (state.phase === 'closed') this.close()
    else this.#reportState()
  }

  // As the leader

  #createLeader(): FeedLeader {
    const { onEvent: _, onState: __, onEpoch: ___, platform: ____, books: _____, ...options } = this.#options
    return new FeedLeader({
      options,
      interests: () => this.#group.interests as FeedInterest[],
      receive: frame => this.#receiver.receive(frame),
      send: frames => {
        this.#group.send({ type: 'frames', frames, bytes: this.state.bytesReceived })
        this.#reportState()
      },
      onHello: hello => {
        this.#hello = hello
      },
      onState: (state, isReplaced) => {
        this.#recordOwnState(state)
        if (isReplaced) return
        this.#sendState()
        if (state.phase === 'closed') this.close()
        else this.#reportState()
      },
    })
  }

  #lead(): void {
    this.#receiver.lead()
    const connections = this.#streamState?.connections ?? 0
    this.#leader.start(this.position, { bytesReceived: this.#bytesReceived, connections })
  }

  #yield(): void {
    const { state } = this.#leader
    if (state !== undefined) this.#recordOwnState(state)
    this.#leader.stop()
  }

  #recordOwnState(state: FeedState): void {
    this.#recordState(state, this.#environment.wallMs())
    this.#lastArrivalMs = state.lastArrivalMs
  }

  #sendState(): void {
    if (this.#streamState === undefined) return
    this.#leader.flush()
    this.#group.send({
      type: 'state',
      state: this.#streamState,
      atMs: this.#streamStateAtMs,
      hello: this.#hello,
    })
  }
}

function withBooks(
  { data }: Extract<ControlEvent, { event: 'snapshot' }>,
  books: readonly string[],
): Extract<ControlEvent, { event: 'snapshot' }> {
  const instruments = data.instruments.map(instrument => {
    if (instrument.book === undefined || books.includes(instrument.symbol)) return instrument
    const { book: _, ...rest } = instrument
    return rest
  })
  return { event: 'snapshot', data: { ...data, instruments } }
}
