// The feed's hub: takes each durable batch once, keeps log and view, and hands the batch to every class. Transports
// subscribe here; nothing here knows a wire.

import { type FeedRequest, HEARTBEAT_MS, type Hello, type Position, type ResetReason } from '@papertape/protocol'
import type { Clock } from '../clock.ts'
import type { EncodedEvent } from '../venue/messages.ts'
import type { FeedLog } from './feed-log.ts'
import { FeedReader, type FeedWire, type ReaderHub } from './feed-reader.ts'
import { bookSymbols } from './filter.ts'
import type { MarketView } from './market-view.ts'
import { classKey, type FeedSubscription } from './subscription.ts'
import { SubscriptionClass } from './subscription-class.ts'

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
  readonly #onError: (error: unknown) => void
  // A class writes only to wires of its own codec, whose chunks it alone makes: the map itself need not know the type.
  readonly #classes = new Map<string, SubscriptionClass<never>>()
  readonly #readers = new Set<FeedReader<never>>()
  readonly #waiters = new Set<() => void>()
  #isClosing = false

  constructor(options: FeedOptions) {
    this.log = options.log
    this.view = options.view
    this.clock = options.clock
    this.streamsMax = options.streamsMax
    this.lagMaxMs = options.lagMaxMs
    this.#onError = options.onError
  }

  /** True when no further stream should be opened. */
  get isFull(): boolean {
    return this.#readers.size >= this.streamsMax
  }

  /** True from close() on: nobody waits for events any more. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  get readers(): number {
    return this.#readers.size
  }

  get classes(): number {
    return this.#classes.size
  }

  publish(events: readonly EncodedEvent[]): void {
    if (events.length === 0) return
    this.log.append(events)
    for (const event of events) this.view.apply(event)
    for (const subscriptionClass of this.#classes.values()) subscriptionClass.publish(events)
    this.#wakeAll()
  }

  /** Opens a reader on a wire; the caller closes it when the wire has gone. */
  subscribe<Chunk>(subscription: FeedSubscription<Chunk>, wire: FeedWire<Chunk>): FeedReader<Chunk> {
    const reader = new FeedReader(this, subscription, wire)
    this.#readers.add(reader as FeedReader<never>)
    reader.start()
    return reader
  }

  /** Calls back once, when the log has grown. Returns the way to take it back. */
  onceGrown(wake: () => void): () => void {
    if (this.#isClosing) {
      queueMicrotask(wake)
      return () => {}
    }
    this.#waiters.add(wake)
    return () => this.#waiters.delete(wake)
  }

  /** The class of a subscription, made for its first reader; give it back with release(). */
  acquireClass<Chunk>(subscription: FeedSubscription<Chunk>): SubscriptionClass<Chunk> {
    const key = classKey(subscription)
    let found = this.#classes.get(key) as SubscriptionClass<Chunk> | undefined
    if (found === undefined) {
      found = new SubscriptionClass(subscription.request, this.log, subscription.codec, this.clock)
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

  refuse(position: Position | undefined): ResetReason | undefined {
    if (position === undefined) return 'bad-id'
    if (position.epoch !== this.log.epoch) return 'epoch'
    if (position.seq > this.log.head) return 'ahead'
    return position.seq < this.log.oldest - 1 ? 'expired' : undefined
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

  #wakeAll(): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const wake of waiters) wake()
  }

  /**
   * Sends every reader away with a time to come back, spread so that they do not come all at once; those who wait for the
   * log to grow are woken.
   */
  close(retryMs: () => number): void {
    this.#isClosing = true
    this.#wakeAll()
    for (const reader of [...this.#readers]) reader.drain(retryMs())
    for (const subscriptionClass of this.#classes.values()) subscriptionClass.close()
  }
}
