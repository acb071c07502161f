// The feed session of a page whose other tabs have one too: one stream for all of them, held by the tab that leads, with
// everybody's books. The interface is openFeed's. Where tabs cannot share, each leads alone and has its own stream.

import { type ControlEvent, type FeedEvent, type Hello, type PollAnswer, parsePosition } from '@papertape/protocol'
import type { FeedOptions, FeedPhase, FeedSession, FeedState } from '../feed/feed-interface.ts'
import { eventsOf } from '../feed/feed-query.ts'
import { openFeed } from '../feed/feed-session.ts'
import { frameKind } from '../feed/frame-kind.ts'
import { runCallback } from '../platform/callback.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'
import { RequestError, Rest } from '../rest/rest.ts'
import { FeedReceiver, type ForwardedFrame } from './feed-receiver.ts'
import { type Sharing, TabGroup } from './tab-group.ts'
import { BROWSER, type TabsPlatform } from './tabs-platform.ts'

type Shared = 'baseUrl' | 'symbols' | 'events' | 'maxHz' | 'mode' | 'transport' | 'environment'
/** A shared feed begins with a snapshot. Tabs that ask for the same but for `books` share one stream. */
export interface SharedFeedOptions extends Pick<FeedOptions, Shared | 'onEvent' | 'onEpoch'> {
  /** Of which symbols this tab gets books; of none when absent. */
  readonly books?: readonly string[]
  onState?(state: SharedFeedState): void
  readonly platform?: TabsPlatform
}

/** Of the shared connection; position and counters of events are this tab's own. */
export interface SharedFeedState extends FeedState {
  readonly sharing: Sharing
}

/** What is subscribed to is the same for all tabs, but for the books. */
export interface SharedFeedSession extends Omit<FeedSession, 'subscribe'> {
  readonly state: SharedFeedState
}

/** What the tabs of a group say to each other. */
type Message =
  | { readonly type: 'frames'; readonly frames: readonly ForwardedFrame[]; readonly bytes: number }
  | { readonly type: 'state'; readonly state: FeedState; readonly atMs: number; readonly hello: Hello | undefined }
  | { readonly type: 'join' }
  | { readonly type: 'reconnect' }

/** What the leader has to know of each tab. */
interface Wants {
  readonly books: readonly string[]
}

/** A reader that finds gap after gap must not ask for snapshot after snapshot. */
const RENEW_PAUSE_MS = 5_000

const NOBODY_ANSWERS: StatusReason = {
  code: 'leader-silent',
  text: 'The tab that holds the connection does not answer',
}

const NEVER: FeedState = {
  phase: 'connecting',
  freshness: 'none',
  doubtfulSinceMs: undefined,
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

/** @throws {RangeError} when the options contradict each other, or name no event but `book`. */
export function openSharedFeed(options: SharedFeedOptions): SharedFeedSession {
  if (options.mode === 'raw' && options.maxHz !== undefined) throw new RangeError('maxHz has no meaning in raw mode')
  // Without books there has to be something left to stream.
  eventsOf({ ...options, books: [] })
  return new SharedFeed(options)
}

class SharedFeed implements SharedFeedSession {
  readonly #options: SharedFeedOptions
  readonly #environment: Environment
  readonly #rest: Rest
  readonly #group: TabGroup<Message>
  readonly #receiver: FeedReceiver
  #books: readonly string[]
  #epoch: string | undefined
  /** The leader's stream, here when this tab leads, and the books that it brings. */
  #stream: FeedSession | undefined
  #streamBooks: readonly string[] = []
  /** What the leaders' streams had received before the present one. */
  #bytesBefore = 0
  #connectionsBefore = 0
  #forwardedTo: string | undefined
  #outbox: ForwardedFrame[] = []
  #known: ReadonlySet<string> | undefined
  #hello: Hello | undefined
  /** The shared stream's state, as its leader has it, and when that was said. */
  #shared: FeedState | undefined
  #sharedAtMs = 0
  #bytes = 0
  #lastArrivalMs: number | undefined
  /** Since when this tab cannot vouch for what it shows, though the stream may be fine. */
  #doubtfulSinceMs: number | undefined
  #renewedMs = Number.NEGATIVE_INFINITY
  #cancelRenew: (() => void) | undefined
  #closed = false
  #told = ''
  #phase: FeedPhase = 'connecting'
  #sinceMs: number

  constructor(options: SharedFeedOptions) {
    const { baseUrl = '', symbols = [], events, maxHz, mode, transport } = options
    this.#options = options
    const environment = { ...DEFAULT_ENVIRONMENT, ...options.environment }
    this.#environment = environment
    this.#rest = new Rest({ baseUrl, environment })
    this.#books = options.books ?? []
    this.#sinceMs = environment.wallMs()
    this.#receiver = new FeedReceiver({
      environment,
      poll: (last, signal) => this.#poll(last, signal),
      deliver: (event, id) => this.#deliver(event, id),
      onChange: () => this.#tell(),
    })
    const name = ['feed', baseUrl, [...symbols].sort(), events, maxHz, mode, transport].join(' ')
    this.#group = new TabGroup<Message>(
      {
        name,
        environment,
        platform: options.platform ?? BROWSER,
        onLead: () => this.#lead(),
        onYield: () => this.#yield(),
        onLeader: wasAway => {
          this.#group.ask({ type: 'join' })
          this.#receiver.follow(wasAway)
        },
        onMessage: message => this.#hear(message),
        onChange: () => {
          this.#stream?.setBooks(this.#wantedBooks())
          this.#tell()
        },
      },
      this.#wants,
    )
  }

  get position(): string | undefined {
    return this.#receiver.position
  }

  get state(): SharedFeedState {
    const shared = this.#stream === undefined ? (this.#shared ?? NEVER) : this.#streamState(this.#stream.state)
    const { phase, reason } = this.#verdict(shared)
    const nowMs = this.#environment.wallMs()
    const saidMs = this.#stream === undefined ? nowMs - this.#sharedAtMs : 0
    const inMs = (ms: number | undefined) => (ms === undefined ? undefined : Math.max(0, ms - saidMs))
    const lastArrivalMs = this.#stream === undefined ? this.#lastArrivalMs : shared.lastArrivalMs
    const isVouchedFor = this.#doubtfulSinceMs === undefined && phase !== 'closed'
    return {
      ...shared,
      phase,
      freshness: this.position === undefined ? 'none' : isVouchedFor ? shared.freshness : 'doubtful',
      doubtfulSinceMs: shared.doubtfulSinceMs ?? this.#doubtfulSinceMs,
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
      bytesReceived: this.#stream === undefined ? this.#bytes : shared.bytesReceived,
      sharing: this.#group.sharing,
    }
  }

  setBooks(books: readonly string[]): void {
    if ([...books].sort().join() === [...this.#books].sort().join()) return
    this.#books = books
    // When the leader's stream lacks one of these it is opened anew, which brings a snapshot. Otherwise we ask for one.
    const isComing = this.#stream !== undefined && !books.every(symbol => this.#streamBooks.includes(symbol))
    this.#group.want(this.#wants)
    if (!isComing) this.#receiver.resnapshot()
  }

  reconnect(): void {
    this.#receiver.retryNow()
    if (this.#group.leads) this.#stream?.reconnect()
    else this.#group.ask({ type: 'reconnect' })
  }

  resnapshot(): void {
    const waitMs = this.#renewedMs + RENEW_PAUSE_MS - this.#environment.wallMs()
    if (waitMs > 0) {
      this.#cancelRenew ??= this.#environment.setTimer(() => {
        this.#cancelRenew = undefined
        this.resnapshot()
      }, waitMs)
      return
    }
    this.#renewedMs = this.#environment.wallMs()
    this.#receiver.resnapshot()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#cancelRenew?.()
    this.#receiver.stop()
    this.#group.close()
    this.#tell()
  }

  get #wants(): Wants {
    return { books: this.#books }
  }

  /** What a page may show of it: the leader's word, unless it is not to be had, or this tab lags behind. */
  #verdict(shared: FeedState): { readonly phase: FeedPhase; readonly reason: StatusReason | undefined } {
    if (this.#closed) return { phase: 'closed', reason: shared.phase === 'closed' ? shared.reason : undefined }
    const { failure } = this.#receiver
    if (this.#isDeaf) return { phase: 'stale', reason: NOBODY_ANSWERS }
    if (shared.phase !== 'live') return { phase: shared.phase, reason: shared.reason }
    if (this.position === undefined) return { phase: 'connecting', reason: failure }
    if (failure !== undefined) return { phase: 'stale', reason: failure }
    return { phase: 'live', reason: shared.reason }
  }

  get #isDeaf(): boolean {
    return this.#shared !== undefined && !this.#group.leads && this.#group.isSilent
  }

  #tell(): void {
    const isDoubtful = this.#isDeaf || this.#receiver.failure !== undefined
    this.#doubtfulSinceMs = isDoubtful ? (this.#doubtfulSinceMs ?? this.#environment.wallMs()) : undefined
    const { phase, freshness, doubtfulSinceMs, transport, attempts, reason, sharing, lagging } = this.state
    if (phase !== this.#phase) this.#sinceMs = this.#environment.wallMs()
    this.#phase = phase
    const told = [phase, freshness, doubtfulSinceMs, transport, attempts, reason, sharing, lagging]
    const text = JSON.stringify([...told, this.#shared?.sinceMs])
    if (text === this.#told) return
    this.#told = text
    const { onState } = this.#options
    if (onState !== undefined) runCallback(() => onState.call(this.#options, this.state))
  }

  /** Only what this tab has asked for: the stream brings the books of all. */
  #deliver(event: FeedEvent | ControlEvent, id: string | undefined): void {
    if (event.event === 'hello' || event.event === 'reset') this.#learnEpoch(event.data.epoch)
    if (event.event === 'snapshot') this.#learnEpoch(parsePosition(event.data.id)?.epoch)
    if (event.event === 'book' && !this.#books.includes(event.data.symbol)) return
    const own = event.event === 'snapshot' ? withBooks(event, this.#books) : event
    runCallback(() => this.#options.onEvent(own, id))
  }

  #learnEpoch(epoch: string | undefined): void {
    if (epoch === undefined || epoch === this.#epoch) return
    const before = this.#epoch
    this.#epoch = epoch
    const { onEpoch } = this.#options
    if (onEpoch !== undefined) runCallback(() => onEpoch.call(this.#options, epoch, before))
  }

  // As a follower ---------------------------------------------------------------------------------------------------

  async #poll(last: string | undefined, signal: AbortSignal): Promise<PollAnswer> {
    const { symbols = [], events, maxHz, mode } = this.#options
    const ask = (books: readonly string[]) => {
      const wanted = { events: eventsOf({ ...(events === undefined ? {} : { events }), books }), symbols, books }
      const lists = Object.entries(wanted).flatMap(([name, list]) => (list?.length ? [[name, list.join(',')]] : []))
      const pace = mode === 'raw' ? { mode } : { maxHz }
      return this.#rest.get<PollAnswer>('/v1/poll', { ...Object.fromEntries(lists), ...pace, last, wait: 0 }, signal)
    }
    try {
      return await ask(this.#books)
    } catch (error) {
      // Another market has come to this address, and the page has yet to read its list.
      const isUnknown = error instanceof RequestError && error.code === 'unknown-symbol'
      if (!isUnknown || this.#books.length === 0) throw error
      return ask([])
    }
  }

  #hear(message: Message): void {
    switch (message.type) {
      case 'frames':
        this.#bytes = message.bytes
        this.#lastArrivalMs = this.#environment.wallMs()
        for (const frame of message.frames) this.#receiver.receive(frame)
        this.#tell()
        break
      case 'state':
        this.#take(message.state, message.atMs, message.hello)
        break
      case 'join':
        this.#sayState()
        break
      case 'reconnect':
        this.#stream?.reconnect()
        break
    }
  }

  #take(state: FeedState, atMs: number, hello: Hello | undefined): void {
    this.#shared = state
    this.#sharedAtMs = atMs
    this.#bytes = state.bytesReceived
    this.#lastArrivalMs ??= state.lastArrivalMs
    if (this.#hello === undefined && hello !== undefined) this.#deliver({ event: 'hello', data: hello }, undefined)
    this.#hello = hello ?? this.#hello
    if (state.phase === 'closed') this.close()
    else this.#tell()
  }

  // As the leader ---------------------------------------------------------------------------------------------------

  #lead(): void {
    this.#receiver.lead()
    this.#bytesBefore = this.#bytes
    this.#connectionsBefore = this.#shared?.connections ?? 0
    this.#forwardedTo = this.position
    this.#open(this.position)
  }

  #yield(): void {
    const stream = this.#stream
    if (stream !== undefined) this.#note(stream.state)
    this.#stream = undefined
    this.#outbox = []
    stream?.close()
  }

  #open(last: string | undefined): void {
    const { onState: _, onEpoch: __, platform: ___, ...wanted } = this.#options
    const stream = openFeed({
      ...wanted,
      books: this.#wantedBooks(),
      ...(last === undefined ? {} : { last }),
      onEvent: (event, id) => {
        if (stream === this.#stream) this.#forward(event, id)
      },
      onState: state => {
        if (stream === this.#stream) this.#follow(state)
      },
    })
    this.#stream = stream
  }

  /**
   * Those of all tabs that the market knows, or one tab's old list would close the stream for all. One that nobody wants
   * any more stays until another is wanted.
   */
  #wantedBooks(): readonly string[] {
    const wants = (this.#group.wants as Wants[]).flatMap(({ books }) => books)
    const known = [...new Set(wants)].filter(symbol => this.#known?.has(symbol) ?? true)
    if (this.#stream === undefined || !known.every(symbol => this.#streamBooks.includes(symbol))) {
      this.#streamBooks = known.sort()
    }
    return this.#streamBooks
  }

  #forward(event: FeedEvent | ControlEvent, id: string | undefined): void {
    const kind = frameKind(event.event)
    if (event.event === 'hello') this.#learn(event.data)
    const reached = kind === 'mark' ? this.#stream?.position : id
    const frame = { after: this.#forwardedTo, event, id: reached }
    if (kind === 'reset') this.#forwardedTo = undefined
    else if (reached !== undefined) this.#forwardedTo = reached
    this.#receiver.receive(frame)
    if (this.#outbox.push(frame) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    if (this.#outbox.length === 0) return
    this.#group.tell({ type: 'frames', frames: this.#outbox, bytes: this.state.bytesReceived })
    this.#outbox = []
    this.#tell()
  }

  #learn(hello: Hello): void {
    this.#hello = hello
    if ((this.#options.symbols ?? []).length > 0) return
    // Without a choice of symbols the hello names all that there are.
    this.#known = new Set(hello.symbols)
    queueMicrotask(() => this.#stream?.setBooks(this.#wantedBooks()))
  }

  #follow(state: FeedState): void {
    const { phase, reason } = state
    if (phase === 'closed' && reason?.code === 'unknown-symbol' && this.#streamBooks.length > 0) {
      // Which of the books it was the next hello says.
      this.#known = new Set()
      this.#note(state)
      this.#bytesBefore = this.#bytes
      this.#connectionsBefore += state.connections
      this.#stream = undefined
      this.#open(state.lastEventId)
      return
    }
    this.#note(state)
    this.#sayState()
    if (phase === 'closed') this.close()
    else this.#tell()
  }

  #note(state: FeedState): void {
    this.#shared = this.#streamState(state)
    this.#sharedAtMs = this.#environment.wallMs()
    this.#bytes = this.#shared.bytesReceived
    this.#lastArrivalMs = state.lastArrivalMs
  }

  /** What the streams before it have received counts too. A change of the connection that nobody need see is not shown. */
  #streamState(state: FeedState): FeedState {
    return {
      ...state,
      phase: state.phase === 'connecting' && state.freshness === 'live' ? 'live' : state.phase,
      bytesReceived: this.#bytesBefore + state.bytesReceived,
      connections: this.#connectionsBefore + state.connections,
    }
  }

  #sayState(): void {
    if (this.#shared === undefined) return
    this.#flush()
    this.#group.tell({ type: 'state', state: this.#shared, atMs: this.#sharedAtMs, hello: this.#hello })
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
