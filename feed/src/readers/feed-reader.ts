// One reader of the feed as a cursor into the log: greeted, brought up to date page by page at its own speed, then
// handed to its class. One that stops reading leaves the class and becomes a cursor again, so that nothing piles up.

import { type Clock, type FeedRequest, formatPosition, type Hello, type Reset } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { Conflation } from '../classes/conflation.ts'
import { isConflated } from '../classes/filter.ts'
import { controlFrame, eventFrame, type Frame } from '../classes/frame.ts'
import type { FeedSubscription } from '../classes/subscription.ts'
import type { LiveReader, Progress, SubscriptionClass } from '../classes/subscription-class.ts'
import type { FeedLog } from '../log/feed-log.ts'
import { describeReset, planResume } from '../log/resume-plan.ts'
import type { MarketView } from '../view/market-view.ts'
import type { WorkQueue } from '../work-queue.ts'

/** What a page of a replay holds at most: bounded work between two writes. */
const PAGE_EVENTS = 256

/** One open response or socket subscription. */
export interface FeedWire<Chunk> {
  /** False while more waits for the peer than may. */
  readonly hasRoom: boolean
  /** Takes a chunk whatever happens; false asks the reader to wait for onDrained before it sends more. */
  write(chunk: Chunk): boolean
  /** Calls back once when the wire has room again. */
  onDrained(callback: () => void): void
  /** Ends it, after what was written. */
  end(reason: EndReason): void
}

/** `drain`: the server closes; `lagging`: the peer did not read; `failed`: a page could not be read. */
export type EndReason = 'drain' | 'lagging' | 'failed'

/** What a reader needs of the hub that it reads from: feed.ts. */
export interface ReaderHub {
  readonly log: FeedLog
  readonly view: MarketView
  readonly clock: Clock
  readonly lagMaxMs: number
  /** Where the pages of those who look back wait for their turn. */
  readonly replays: WorkQueue
  acquireClass<Chunk>(subscription: FeedSubscription<Chunk>): SubscriptionClass<Chunk>
  release<Chunk>(reader: FeedReader<Chunk>, subscriptionClass: SubscriptionClass<Chunk>): void
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
  #stalled: { readonly sinceMs: number; readonly conflated: number } | undefined
  #cancelStallTimer: () => void = () => {}
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
    const plan = planResume(last, log)
    // Without a position and a snapshot nothing else would tell a reader who sees no event where it stands.
    const id = plan.kind === 'fresh' && !snapshot ? formatPosition(log.epoch, log.head) : undefined
    this.#send([controlFrame({ event: 'hello', data: this.#hub.hello(this.subscription.request) }, id)])
    if (plan.kind === 'resume') {
      this.#sentUpTo = plan.afterSeq
      this.#readOn()
    } else if (plan.kind === 'reset') this.#reset(plan.reset)
    else {
      if (snapshot) this.#sendSnapshot()
      this.#goLive()
    }
  }

  /** From the class. */
  write(chunk: Chunk, { before, after }: { before: Progress; after: Progress }): void {
    const { hasRoom } = this.#wire
    if (hasRoom && this.#wire.write(chunk)) return
    this.#class.leave(this)
    const { sentUpTo, unfoldedUpTo, conflated } = hasRoom ? after : before
    // What the class still held back for folding is missed too: it is read again, and nothing else of it sent again.
    this.#sentUpTo = sentUpTo
    this.#unfoldedUpTo = unfoldedUpTo
    if (this.#isFolded) this.#missed = new Conflation()
    this.#waitForRoom(conflated)
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
    this.#end('drain', controlFrame({ event: 'drain', data: { retryMs } }))
  }

  #end(reason: EndReason, ...last: Frame[]): void {
    if (this.#ended) return
    this.#stop()
    if (last.length > 0) this.#send(last)
    this.#wire.end(reason)
  }

  #stop(): void {
    this.#ended = true
    this.#cancelStallTimer()
    this.#class.leave(this)
  }

  /** A page at a time, each in its turn: others who look back, and the live feed, come in between. */
  #readOn(): void {
    this.#hub.replays.add(() => this.#readPage())
  }

  #readPage(): void {
    if (this.#ended) return
    const { log } = this.#hub
    if (!this.#wire.hasRoom) {
      this.#waitForRoom()
      return
    }
    this.#stalled = undefined
    this.#cancelStallTimer()
    if (this.#sentUpTo >= log.head) this.#finishReplay()
    else {
      const page = log.inMemory(this.#sentUpTo + 1, PAGE_EVENTS)
      if (page === undefined) this.#fetchPage()
      else if (!this.#sendPage(page)) this.#waitForRoom()
      else if (this.#sentUpTo >= log.head) this.#finishReplay()
      else this.#readOn()
    }
  }

  /** In the same turn as the last page: nothing can be appended in between. */
  #finishReplay(): void {
    if (this.#missed !== undefined) this.#sendMissed(this.#missed)
    else if (this.#isFolded) this.#sendSnapshot()
    this.#goLive()
  }

  #fetchPage(): void {
    const { log } = this.#hub
    log.inJournal(this.#sentUpTo + 1, PAGE_EVENTS).then(
      page => {
        if (this.#ended) return
        if (page === undefined) {
          this.#reset(describeReset('expired', formatPosition(log.epoch, this.#sentUpTo), log))
        } else if (this.#sendPage(page)) this.#readOn()
        else this.#waitForRoom()
      },
      error => {
        this.#hub.fail(error)
        this.#end('failed')
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

  #reset(data: Reset): void {
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

  /** @param conflated how many quotes and books of the class it has had; all up to now when it was not live. */
  #waitForRoom(conflated = this.#class.conflatable): void {
    if (this.#stalled === undefined) {
      this.#stalled = { sinceMs: this.#hub.clock.nowMs(), conflated }
      this.#armStallTimer()
    }
    this.#wire.onDrained(() => {
      if (!this.#ended) this.#readOn()
    })
  }

  /** A reader that takes nothing for too long is let go: it can resume from where it is. */
  #armStallTimer(): void {
    const { lagMaxMs, clock } = this.#hub
    this.#cancelStallTimer = clock.setTimer(() => {
      const { sinceMs, conflated } = this.#stalled!
      const ageMs = Math.floor(clock.nowMs() - sinceMs)
      const { maxHz } = this.subscription.request
      const folded = this.#class.conflatable - conflated
      this.#end('lagging', controlFrame({ event: 'lagging', data: { ageMs, folded, maxHz } }))
    }, lagMaxMs)
  }
}
