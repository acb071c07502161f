// One reader of the feed as a cursor into the log: greeted, brought up to date page by page at its own speed, then
// handed to its class. One that stops reading leaves the class and becomes a cursor again, so that nothing piles up.

import { formatPosition, parsePosition, type Reset, type ResetReason } from '@papertape/protocol'
import type { EncodedEvent } from '../venue/messages.ts'
import type { Feed } from './feed.ts'
import { isConflated } from './filter.ts'
import { controlFrame, eventFrame, type Frame } from './frame.ts'
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

export class FeedReader<Chunk> implements LiveReader<Chunk> {
  readonly #feed: Feed
  readonly subscription: FeedSubscription<Chunk>
  readonly #wire: FeedWire<Chunk>
  readonly #class: SubscriptionClass<Chunk>
  /** The last event that this reader has, once it is no longer live. */
  #sentUpTo = 0
  #stalledSinceMs: number | undefined
  #stallTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(feed: Feed, subscription: FeedSubscription<Chunk>, wire: FeedWire<Chunk>) {
    this.#feed = feed
    this.subscription = subscription
    this.#wire = wire
    this.#class = feed.acquireClass(subscription)
  }

  /** Sends the greeting, whatever the position asks for, and goes live. */
  start(): void {
    const { last, snapshot } = this.subscription.request
    const { log } = this.#feed
    if (last === undefined) {
      // Without a snapshot nothing else would tell a reader who sees no event where it stands.
      const id = snapshot ? undefined : formatPosition(log.epoch, log.head)
      this.#send([controlFrame({ event: 'hello', data: this.#feed.hello(this.subscription.request) }, id)])
      if (snapshot) this.#sendSnapshot()
      this.#goLive()
      return
    }
    this.#send([controlFrame({ event: 'hello', data: this.#feed.hello(this.subscription.request) })])
    const position = parsePosition(last)
    const refused = this.#feed.refuse(position)
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
    this.#sentUpTo = this.#feed.log.head
    this.#waitForRoom()
  }

  /** The wire has gone. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#stallTimer)
    this.#class.leave(this)
    this.#feed.release(this, this.#class)
  }

  /** Tells the reader when to come back, and ends. */
  drain(retryMs: number): void {
    this.#send([controlFrame({ event: 'drain', data: { retryMs } })])
    this.#wire.end()
  }

  #catchUp(): void {
    const { log } = this.#feed
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
    if (this.subscription.request.maxHz !== null) this.#sendSnapshot()
    this.#goLive()
  }

  #fetchPage(): void {
    this.#feed.log.inJournal(this.#sentUpTo + 1, PAGE_EVENTS).then(
      page => {
        if (this.#closed) return
        if (page === undefined) this.#reset('expired', formatPosition(this.#feed.log.epoch, this.#sentUpTo))
        else if (this.#sendPage(page)) this.#catchUp()
        else this.#waitForRoom()
      },
      error => {
        this.#feed.fail(error)
        this.#wire.end()
      },
    )
  }

  #sendPage(page: readonly EncodedEvent[]): boolean {
    const { epoch } = this.#feed.log
    const isRaw = this.subscription.request.maxHz === null
    const taken = page.filter(event => this.#class.filter.takes(event) && (isRaw || !isConflated(event.event)))
    this.#sentUpTo = page.at(-1)?.seq ?? this.#sentUpTo
    return taken.length === 0 || this.#send(taken.map(event => eventFrame(epoch, event)))
  }

  #reset(reason: ResetReason, requested: string): void {
    const { epoch, head, oldest } = this.#feed.log
    const data: Reset = { reason, requested, epoch, oldest, head }
    this.#send([controlFrame({ event: 'reset', data })])
    this.#sendSnapshot()
    this.#goLive()
  }

  #sendSnapshot(): void {
    const { log, view } = this.#feed
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
    this.#stalledSinceMs ??= this.#feed.clock.nowMs()
    this.#armStallTimer()
    this.#wire.onDrained(() => {
      if (this.#closed) return
      this.#stalledSinceMs = undefined
      clearTimeout(this.#stallTimer)
      this.#catchUp()
    })
  }

  /** A reader that takes nothing for too long is let go: it can resume from where it is. */
  #armStallTimer(): void {
    const { lagMaxMs, clock } = this.#feed
    clearTimeout(this.#stallTimer)
    this.#stallTimer = setTimeout(() => {
      const ageMs = Math.floor(clock.nowMs() - (this.#stalledSinceMs ?? clock.nowMs()))
      this.#send([
        controlFrame({ event: 'lagging', data: { ageMs, folded: 0, maxHz: this.subscription.request.maxHz } }),
      ])
      this.#wire.end()
    }, lagMaxMs)
    this.#stallTimer.unref()
  }
}
