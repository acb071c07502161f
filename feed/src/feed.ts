// The feed: publishes each durable batch once, to log, view, classes and long polls. Transports subscribe readers and
// ask for polls here; nothing here knows a transport.

import { type Clock, type FeedRequest, HEARTBEAT_MS, type Hello } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { ClassGroup } from './classes/class-group.ts'
import { bookSymbols } from './classes/filter.ts'
import { InterestIndex } from './classes/interest-index.ts'
import { MergedBooks } from './classes/merged-books.ts'
import { classKey, type ReaderSubscription } from './classes/subscription.ts'
import { type AnySubscriptionClass, SubscriptionClass } from './classes/subscription-class.ts'
import type { FeedLog } from './log/feed-log.ts'
import { GatewayLag, type ReadOn } from './log/gateway-lag.ts'
import { PublishedEvent } from './log/published-event.ts'
import { planResume } from './log/resume-plan.ts'
import { FeedMeasures } from './measures/feed-measures.ts'
import { Admission, type AdmissionRefusal } from './readers/admission.ts'
import { FeedReader, type FeedWire, type ReaderContext } from './readers/feed-reader.ts'
import { type LongPoll, LongPolls } from './readers/long-polls.ts'
import { ReplayPlaces } from './readers/replay-places.ts'
import type { FeedView } from './view/feed-view.ts'
import { WorkQueue } from './work-queue.ts'

/** How much of a turn of the event loop live batches may take, and replays. */
const FLUSH_SLICE = { sliceMs: 5, tasksMax: Number.POSITIVE_INFINITY }
const REPLAY_SLICE = { sliceMs: 3, tasksMax: 16 }
/** Long polls and subscriptions that find the feed full should try again after this. */
export const BUSY_RETRY_MS = 5_000
/** A write costs nearly the same whatever is in it, and a client sees no difference of 10 ms. */
const CHUNK_GAP_MS = 10
/** About so many are written to in a few slices. */
const CLASS_READERS_MAX = 1_024

export interface FeedDeps {
  readonly log: FeedLog
  readonly view: FeedView
  readonly clock: Clock
  readonly streamsMax: number
  /** How long a reader may take nothing before it is ended. */
  readonly lagMaxMs: number
  /** The time from one chunk of a class to its next, at least; 10 ms by default. */
  readonly chunkGapMs?: number
  /** Readers of a class at most; 1,024 by default. */
  readonly classReadersMax?: number
  /** See GatewayLagDeps. */
  readonly readOn?: ReadOn | undefined
  /** Takes everybody for whom there is a place when absent. */
  readonly admission?: Admission | undefined
  /** What else a reader is greeted with; the feed itself does not hold anybody to them. */
  readonly otherLimits?: Omit<Hello['limits'], 'streamsMax' | 'lagMaxMs'> | undefined
  /** A page could not be read: the reader is ended, and resumes when it reconnects. */
  readonly onError: (error: unknown) => void
}

/** A batch for which the venue waits. */
interface Publishing {
  readonly upTo: number
  readonly published: () => void
}

export class Feed implements ReaderContext {
  readonly log: FeedLog
  readonly view: FeedView
  readonly clock: Clock
  readonly streamsMax: number
  readonly lagMaxMs: number
  readonly admission: Admission
  readonly replays: WorkQueue
  readonly replayPlaces = new ReplayPlaces()
  readonly mergedBooks = new MergedBooks()
  readonly measures = new FeedMeasures()
  readonly gatewayLag: GatewayLag
  readonly #flushes: WorkQueue
  readonly #chunkGapMs: number
  readonly #classReadersMax: number
  readonly #onError: (error: unknown) => void
  readonly #otherLimits: FeedDeps['otherLimits']
  // A class writes only to readers of its own codec: the map need not know the type of their chunks.
  readonly #classes = new Set<AnySubscriptionClass>()
  readonly #groups = new Map<string, ClassGroup<AnySubscriptionClass>>()
  readonly #interests = new InterestIndex<AnySubscriptionClass>()
  readonly #readers = new Set<FeedReader<never>>()
  readonly #polls: LongPolls
  readonly #publishing: Publishing[] = []

  constructor(options: FeedDeps) {
    this.log = options.log
    this.view = options.view
    this.clock = options.clock
    this.streamsMax = options.streamsMax
    this.lagMaxMs = options.lagMaxMs
    this.#chunkGapMs = options.chunkGapMs ?? CHUNK_GAP_MS
    this.#classReadersMax = options.classReadersMax ?? CLASS_READERS_MAX
    this.admission = options.admission ?? new Admission()
    this.#otherLimits = options.otherLimits
    this.#onError = options.onError
    const { clock } = options
    this.#flushes = new WorkQueue({ ...FLUSH_SLICE, clock })
    this.replays = new WorkQueue({ ...REPLAY_SLICE, clock })
    const { log, view, replays, mergedBooks, measures } = this
    this.gatewayLag = new GatewayLag({ log, clock, readOn: options.readOn })
    const { gatewayLag } = this
    this.#polls = new LongPolls({ log, view, clock, replays, mergedBooks, measures, gatewayLag })
  }

  /** True when there is no place for a further stream, subscription, or poll that waits. */
  get isFull(): boolean {
    return this.#readers.size + this.#polls.size >= this.streamsMax
  }

  /**
   * @param request of the newcomer; absent: one that does not resume.
   * @returns why no further stream or subscription may be opened, which is counted; undefined when one may.
   */
  refuse(request?: FeedRequest): AdmissionRefusal | undefined {
    return this.admission.refuse(
      this.isFull,
      this.replayPlaces.isFullFor(planResume(request?.last, this.log), this.log.head),
    )
  }

  /** Long polls that hold a place. */
  get polls(): number {
    return this.#polls.size
  }

  get readers(): number {
    return this.#readers.size
  }

  get classes(): number {
    return this.#classes.size
  }

  /** Work that waits for its turn of the event loop. */
  get queued(): { readonly flushes: number; readonly replays: number } {
    return { flushes: this.#flushes.length, replays: this.replays.length }
  }

  /**
   * Log and view have the events when this returns; readers get them in their turn.
   * @param published called when no reader that keeps up waits for its turn to be written them. A class that only
   * gathers what it sends next is not waited for.
   */
  publish(events: readonly EncodedEvent[], published?: () => void): void {
    // Decoded here, once for the view and for all classes.
    const publishedEvents = events.map(event => new PublishedEvent(event))
    if (events.length > 0) {
      this.log.append(events)
      for (const { decoded } of publishedEvents) this.view.apply(decoded)
      this.#addToClasses(publishedEvents)
      this.#polls.publish(publishedEvents)
    }
    if (published === undefined) return
    this.#publishing.push({ upTo: this.log.head, published })
    if (this.#publishing.length === 1) this.#flushes.add(() => this.#reportPublished())
  }

  #addToClasses(events: readonly PublishedEvent[]): void {
    const interested = new Set<AnySubscriptionClass>()
    for (const event of events) {
      this.#interests.forEach(event, one => {
        one.add(event)
        interested.add(one)
      })
    }
    for (const one of interested) one.sendSoon()
  }

  #reportPublished(): void {
    const publishing = this.#publishing
    let reachedSeq = Number.POSITIVE_INFINITY
    for (const one of this.#classes) reachedSeq = Math.min(reachedSeq, one.reachedSeq)
    while (publishing.length > 0 && publishing[0]!.upTo <= reachedSeq) publishing.shift()!.published()
    if (publishing.length > 0) this.#flushes.add(() => this.#reportPublished())
  }

  /** Starts a reader on a wire; the caller closes it when the wire has gone. */
  subscribe<Chunk>(subscription: ReaderSubscription<Chunk>, wire: FeedWire<Chunk>): FeedReader<Chunk> {
    const reader = new FeedReader(this, subscription, wire)
    this.#readers.add(reader as FeedReader<never>)
    reader.start(subscription)
    return reader
  }

  /** @returns undefined when the poll would have to wait and may not: refuse() says why. */
  poll(request: FeedRequest, waitMs: number): LongPoll | undefined {
    const plan = planResume(request.last, this.log)
    if (this.gatewayLag.isNeeded(request)) return this.#polls.holdBehind(request, waitMs)
    this.measures.addResume(plan, 'poll')
    if (plan.kind !== 'resume') return this.#polls.answerWithSnapshot(request, plan)
    const refusal = this.admission.refusal(this.isFull)
    // Whoever polls in turn is no newcomer: what waits for it is there already.
    const isInside = refusal?.cause === 'lag' && plan.afterSeq < this.log.head
    return refusal === undefined || isInside ? this.#polls.hold(request, plan.afterSeq, waitMs) : undefined
  }

  /** A class of a subscription that has a place; released with release(). */
  acquireClass<Chunk>(subscription: ReaderSubscription<Chunk>): SubscriptionClass<Chunk> {
    const key = classKey(subscription)
    // Equal keys, and so equal codecs.
    const group = (this.#groups.get(key) ?? new ClassGroup()) as ClassGroup<SubscriptionClass<Chunk>>
    let found = group.findPlace(this.#classReadersMax)
    if (found === undefined) {
      found = new SubscriptionClass(subscription.request, subscription.codec, group, {
        log: this.log,
        clock: this.clock,
        flushes: this.#flushes,
        mergedBooks: this.mergedBooks,
        measures: this.measures,
        chunkGapMs: this.#chunkGapMs,
      })
      this.#groups.set(key, group as ClassGroup<AnySubscriptionClass>)
      group.add(found)
      this.#classes.add(found as AnySubscriptionClass)
      this.#interests.add(subscription.request, found as AnySubscriptionClass)
    }
    found.users++
    return found
  }

  release<Chunk>(reader: FeedReader<Chunk>, subscriptionClass: SubscriptionClass<Chunk>): void {
    this.#readers.delete(reader as FeedReader<never>)
    if (--subscriptionClass.users > 0) return
    const released = subscriptionClass as AnySubscriptionClass
    const key = classKey(subscriptionClass)
    const group = this.#groups.get(key)!
    released.close()
    group.delete(released)
    if (group.size === 0) this.#groups.delete(key)
    this.#classes.delete(released)
    this.#interests.remove(released.request, released)
  }

  hello({ request, maxBytesPerSecond, labKey }: ReaderSubscription<unknown>): Hello {
    const { epoch, head, oldest } = this.log
    const allIfEmpty = (symbols: readonly string[]) => (symbols.length === 0 ? this.view.symbols : [...symbols])
    return {
      epoch,
      head,
      oldest,
      serverTime: Math.floor(this.clock.wallMs()),
      heartbeatMs: HEARTBEAT_MS,
      maxHz: request.maxHz,
      mode: request.maxHz === null ? 'raw' : 'conflated',
      ...(maxBytesPerSecond !== undefined && { maxBytesPerSecond }),
      symbols: allIfEmpty(request.symbols),
      ...(request.events.includes('book') && { books: allIfEmpty(bookSymbols(request)) }),
      limits: { streamsMax: this.streamsMax, lagMaxMs: this.lagMaxMs, ...this.#otherLimits },
      ...(labKey !== undefined && { labKey }),
    }
  }

  reportError(error: unknown): void {
    this.#onError(error)
  }

  /**
   * Ends every reader and answers every poll.
   * @param retryMs after how long a reader should reconnect: drawn for each, so that they do not reconnect at once.
   */
  close(retryMs: () => number): void {
    this.#polls.close()
    for (const reader of [...this.#readers]) reader.drain(retryMs())
    for (const subscriptionClass of this.#classes) subscriptionClass.close()
  }
}
