// One reader of the feed as a cursor into the log: greeted, brought up to date page by page at its own speed, then
// handed to its class. One that stops reading leaves the class and becomes a cursor again, so that nothing piles up.

import {
  type FeedRequest,
  formatPosition,
  type Hello,
  type Position,
  parsePosition,
  type Reset,
  type ResetReason,
} from '@papertape/protocol'
import type { Clock } from '../clock.ts'
import type { EncodedEvent } from '../venue/messages.ts'
import { Conflation } from './conflation.ts'
import type { FeedLog } from './feed-log.ts'
import { isConflated } from './filter.ts'
import { controlFrame, eventFrame, type Frame } from './frame.ts'
import type { MarketView } from './market-view.ts'
import type { FeedSubscription } from './subscription.ts'
import type { LiveReader, SubscriptionClass } from './subscription-class.ts'

/** What a page of a replay holds at most: bounded work between two writes. */
const PAGE_EVENTS = 256

/** One open response or socket subscription. */
export interface FeedWire<Chunk> {
  /** Takes a chunk whatever happens; false asks the reader to wait for onDrained before it sends more. */
  write(chunk: Chunk): boolean
  /** Calls back once when the wire has room again. */
  onDrained(callback: () => void): void
  /** Ends it, after what was written. */
  end(): void
}

/** What a reader needs of the hub that it reads from: feed.ts. */
export interface ReaderHub {
  readonly log: FeedLog
  readonly view: MarketView
  readonly clock: Clock
  readonly lagMaxMs: number
  acquireClass<Chunk>(subscription: FeedSubscription<Chunk>): SubscriptionClass<Chunk>
  release<Chunk>(reader: FeedReader<Chunk>, subscriptionClass: SubscriptionClass<Chunk>): void
  /** Why a position cannot be served; undefined when it can. */
  refuse(position: Position | undefined): ResetReason | undefined
  hello(request: FeedRequest): Hello
  fail(error: unknown): void
}

export class FeedReader<Chunk> implements LiveReader<Chunk> {
  readonly #hub: ReaderHub
  readonly subscription: FeedSubscription<Chunk>
  readonly #wire: FeedWire<Chunk>
  readonly #class: SubscriptionClass<Chunk>
  /** How far it has read in the log, once it is no longer live. */
  #sentUpTo = 0
  /** Up to here everything that is never folded was sent before it stalled. */
  #unfoldedUpTo = 0
  /** What a stall has kept from it of quotes and books; a resume ends with a snapshot instead. */
  #missed: Conflation | undefined
  #stalledSinceMs: number | undefined
  #stallTimer: NodeJS.Timeout | undefined
  /** Nothing is written after the end, whatever is still on its way here. */
  #ended = false
  #closed = false

  constructor(hub: ReaderHub, subscription: FeedSubscription<Chunk>, wire: FeedWire<Chunk>) {
    this.#hub = hub
    this.subscription = subscription
    this.#wire = wire
    this.#class = hub.acquireClass(subscription)
  }

  get #isFolded(): boolean {
    return this.subscription.request.maxHz !== null
  }

  /** Sends the greeting, whatever the position asks for, and goes live. */
  start(): void {
    const { last, snapshot } = this.subscription.request
    const { log } = this.#hub
    if (last === undefined) {
      // Without a snapshot nothing else would tell a reader who sees no event where it stands.
      const id = snapshot ? undefined : formatPosition(log.epoch, log.head)
      this.#send([controlFrame({ event: 'hello', data: this.#hub.hello(this.subscription.request) }, id)])
      if (snapshot) this.#sendSnapshot()
      this.#goLive()
      return
    }
    this.#send([controlFrame({ event: 'hello', data: this.#hub.hello(this.subscription.request) })])
    const position = parsePosition(last)
    const refused = this.#hub.refuse(position)
    if (position === undefined || refused !== undefined) {
      this.#reset(refused ?? 'bad-id', last)
      return
    }
    this.#sentUpTo = position.seq
    this.#catchUp()
  }

  /** From the class: everything up to the log's head is in the chunk. */
  write(chunk: Chunk): void {
    if (this.#wire.write(chunk)) return
    this.#class.leave(this)
    // What the class still held back for folding is missed too: it is read again, and nothing else of it sent again.
    this.#sentUpTo = this.#class.firstUnsentSeq - 1
    this.#unfoldedUpTo = this.#hub.log.head
    if (this.#isFolded) this.#missed = new Conflation()
    this.#waitForRoom()
  }

  /** The wire has gone. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stop()
    this.#hub.release(this, this.#class)
  }

  /** Tells the reader when to come back, and ends. */
  drain(retryMs: number): void {
    this.#end(controlFrame({ event: 'drain', data: { retryMs } }))
  }

  #end(...last: Frame[]): void {
    if (this.#ended) return
    this.#stop()
    if (last.length > 0) this.#send(last)
    this.#wire.end()
  }

  #stop(): void {
    this.#ended = true
    clearTimeout(this.#stallTimer)
    this.#class.leave(this)
  }

  #catchUp(): void {
    const { log } = this.#hub
    while (this.#sentUpTo < log.head) {
      const page = log.inMemory(this.#sentUpTo + 1, PAGE_EVENTS)
      if (page === undefined) {
        this.#fetchPage()
        return
      }
      if (!this.#sendPage(page)) {
        this.#waitForRoom()
        return
      }
    }
    // In the same turn as the last page: nothing can be appended in between.
    if (this.#missed !== undefined) this.#sendMissed(this.#missed)
    else if (this.#isFolded) this.#sendSnapshot()
    this.#goLive()
  }

  #fetchPage(): void {
    this.#hub.log.inJournal(this.#sentUpTo + 1, PAGE_EVENTS).then(
      page => {
        if (this.#ended) return
        if (page === undefined) this.#reset('expired', formatPosition(this.#hub.log.epoch, this.#sentUpTo))
        else if (this.#sendPage(page)) this.#catchUp()
        else this.#waitForRoom()
      },
      error => {
        this.#hub.fail(error)
        this.#end()
      },
    )
  }

  #sendPage(page: readonly EncodedEvent[]): boolean {
    const { epoch } = this.#hub.log
    const frames: Frame[] = []
    for (const event of page) {
      if (!this.#class.filter.takes(event)) continue
      if (this.#isFolded && isConflated(event.event)) this.#missed?.hold(event)
      else if (event.seq > this.#unfoldedUpTo) frames.push(eventFrame(epoch, event))
    }
    this.#sentUpTo = page.at(-1)?.seq ?? this.#sentUpTo
    return frames.length === 0 || this.#send(frames)
  }

  /** Each quote and book that changed during the stall, as it is now: less than a snapshot, which could stall it again. */
  #sendMissed(missed: Conflation): void {
    const frames = missed.due()
    this.#missed = undefined
    if (frames.length > 0) this.#send(frames)
  }

  #reset(reason: ResetReason, requested: string): void {
    const { epoch, head, oldest } = this.#hub.log
    const data: Reset = { reason, requested, epoch, oldest, head }
    this.#send([controlFrame({ event: 'reset', data })])
    this.#sendSnapshot()
    this.#goLive()
  }

  #sendSnapshot(): void {
    this.#missed = undefined
    const { log, view } = this.#hub
    const id = formatPosition(log.epoch, log.head)
    this.#send([controlFrame({ event: 'snapshot', data: view.snapshot(id, this.#class.filter) }, id)])
  }

  #goLive(): void {
    this.#class.join(this)
  }

  #send(frames: readonly Frame[]): boolean {
    return this.#wire.write(this.subscription.codec.encode(frames))
  }

  #waitForRoom(): void {
    this.#stalledSinceMs ??= this.#hub.clock.nowMs()
    this.#armStallTimer()
    this.#wire.onDrained(() => {
      if (this.#ended) return
      this.#stalledSinceMs = undefined
      clearTimeout(this.#stallTimer)
      this.#catchUp()
    })
  }

  /** A reader that takes nothing for too long is let go: it can resume from where it is. */
  #armStallTimer(): void {
    const { lagMaxMs, clock } = this.#hub
    clearTimeout(this.#stallTimer)
    this.#stallTimer = setTimeout(() => {
      const ageMs = Math.floor(clock.nowMs() - (this.#stalledSinceMs ?? clock.nowMs()))
      const { maxHz } = this.subscription.request
      this.#end(controlFrame({ event: 'lagging', data: { ageMs, folded: 0, maxHz } }))
    }, lagMaxMs)
    this.#stallTimer.unref()
  }
}
