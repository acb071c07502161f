// The feed's hub: takes each durable batch once, keeps log and view, and hands the batch to every class. Transports
// subscribe here; nothing here knows a wire.

import { type Clock, type FeedRequest, HEARTBEAT_MS, type Hello } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { bookSymbols } from './classes/filter.ts'
import { classKey, type FeedSubscription } from './classes/subscription.ts'
import { SubscriptionClass } from './classes/subscription-class.ts'
import type { FeedLog } from './log/feed-log.ts'
import { FeedReader, type FeedWire, type ReaderHub } from './readers/feed-reader.ts'
import { Waiters } from './readers/waiters.ts'
import type { MarketView } from './view/market-view.ts'
import { WorkQueue } from './work-queue.ts'

/** How much of a turn of the event loop the live feed may take, and those who look back. */
const FLUSH_SLICE = { sliceMs: 5, tasksMax: Number.POSITIVE_INFINITY }
const REPLAY_SLICE = { sliceMs: 3, tasksMax: 16 }
/** Long polls and subscriptions that find no place come back after this. */
export const BUSY_RETRY_MS = 5_000

export interface FeedOptions {
  readonly log: FeedLog
  readonly view: MarketView
  readonly clock: Clock
  readonly streamsMax: number
  /** How long a reader may take nothing before it is let go. */
  readonly lagMaxMs: number
  /** A page could not be read: the reader's wire is ended, it will resume. */
  readonly onError: (error: unknown) => void
}

export class Feed implements ReaderHub {
  readonly log: FeedLog
  readonly view: MarketView
  readonly clock: Clock
  readonly streamsMax: number
  readonly lagMaxMs: number
  readonly replays: WorkQueue
  readonly #flushes: WorkQueue
  readonly #onError: (error: unknown) => void
  // A class writes only to wires of its own codec, whose chunks it alone makes: the map itself need not know the type.
  readonly #classes = new Map<string, SubscriptionClass<never>>()
  readonly #readers = new Set<FeedReader<never>>()
  readonly #waiters = new Waiters()
  /** Long polls that are held, and what answers each when the feed closes. */
  readonly #polls = new Set<() => void>()
  /** Batches that some reader has yet to be written. */
  readonly #publishing: { readonly upTo: number; readonly published: () => void }[] = []
  #isClosing = false

  constructor(options: FeedOptions) {
    this.log = options.log
    this.view = options.view
    this.clock = options.clock
    this.streamsMax = options.streamsMax
    this.lagMaxMs = options.lagMaxMs
    this.#onError = options.onError
    const { clock } = options
    this.#flushes = new WorkQueue({ ...FLUSH_SLICE, clock })
    this.replays = new WorkQueue({ ...REPLAY_SLICE, clock })
  }

  /** True when no further stream, subscription or held poll is to be opened. */
  get isFull(): boolean {
    return this.#readers.size + this.#polls.size >= this.streamsMax
  }

  /** True from close() on: nobody waits for events any more. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  get polls(): number {
    return this.#polls.size
  }

  get readers(): number {
    return this.#readers.size
  }

  get classes(): number {
    return this.#classes.size
  }

  /**
   * Log and view have the events when this returns; readers get them in their turn.
   * @param published called when every reader that keeps up has them.
   */
  publish(events: readonly EncodedEvent[], published?: () => void): void {
    if (events.length > 0) {
      this.log.append(events)
      for (const event of events) this.view.apply(event)
      for (const subscriptionClass of this.#classes.values()) subscriptionClass.publish(events)
      this.#waiters.publish(events)
    }
    if (published === undefined) return
    this.#publishing.push({ upTo: this.log.head, published })
    if (this.#publishing.length === 1) this.#flushes.add(() => this.#settle())
  }

  #settle(): void {
    let writtenUpTo = Number.POSITIVE_INFINITY
    for (const one of this.#classes.values()) writtenUpTo = Math.min(writtenUpTo, one.writtenUpTo)
    while (this.#publishing.length > 0 && this.#publishing[0]!.upTo <= writtenUpTo)
      this.#publishing.shift()!.published()
    if (this.#publishing.length > 0) this.#flushes.add(() => this.#settle())
  }

  /** Opens a reader on a wire; the caller closes it when the wire has gone. */
  subscribe<Chunk>(subscription: FeedSubscription<Chunk>, wire: FeedWire<Chunk>): FeedReader<Chunk> {
    const reader = new FeedReader(this, subscription, wire)
    this.#readers.add(reader as FeedReader<never>)
    reader.start()
    return reader
  }

  /**
   * A long poll takes a place while it is held.
   * @param answer called when the feed closes: the poll is to be answered with what there is.
   * @returns what gives the place back.
   */
  holdPoll(answer: () => void): () => void {
    this.#polls.add(answer)
    return () => this.#polls.delete(answer)
  }

  /** Calls back once, with the number of the next event that the request takes. Returns what takes the wait back. */
  onceTaken(request: FeedRequest, wake: (seq: number) => void): () => void {
    return this.#waiters.add(request, wake)
  }

  /** The class of a subscription, made for its first reader; give it back with release(). */
  acquireClass<Chunk>(subscription: FeedSubscription<Chunk>): SubscriptionClass<Chunk> {
    const key = classKey(subscription)
    let found = this.#classes.get(key) as SubscriptionClass<Chunk> | undefined
    if (found === undefined) {
      found = new SubscriptionClass(subscription.request, subscription.codec, {
        log: this.log,
        clock: this.clock,
        flushes: this.#flushes,
      })
      this.#classes.set(key, found as SubscriptionClass<never>)
    }
    found.users++
    return found
  }

  release<Chunk>(reader: FeedReader<Chunk>, subscriptionClass: SubscriptionClass<Chunk>): void {
    this.#readers.delete(reader as FeedReader<never>)
    if (--subscriptionClass.users > 0) return
    subscriptionClass.close()
    this.#classes.delete(classKey(reader.subscription))
  }

  hello(request: FeedRequest): Hello {
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
      symbols: allIfEmpty(request.symbols),
      ...(request.events.includes('book') && { books: allIfEmpty(bookSymbols(request)) }),
      limits: { streamsMax: this.streamsMax, lagMaxMs: this.lagMaxMs },
    }
  }

  fail(error: unknown): void {
    this.#onError(error)
  }

  /**
   * Sends every reader away with a time to come back, spread so that they do not come all at once; long polls that
   * are held are answered.
   */
  close(retryMs: () => number): void {
    this.#isClosing = true
    for (const answer of [...this.#polls]) answer()
    for (const reader of [...this.#readers]) reader.drain(retryMs())
    for (const subscriptionClass of this.#classes.values()) subscriptionClass.close()
  }
}
