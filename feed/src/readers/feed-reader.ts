// One reader of the feed, from its greeting to its end. It is a cursor into the log: it reads page by page at its own
// speed up to the head, then joins its class and is live. A reader that does not take what is written leaves the class
// and becomes a cursor again, so that nothing piles up.

import { type Clock, formatPosition, HEARTBEAT_MS, type Hello, type Reset } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { buildPage } from '../classes/build-page.ts'
import { effectiveHz } from '../classes/filter.ts'
import { controlFrame, type Frame, heartbeatFrame } from '../classes/frame.ts'
import type { ChunkProgress, LiveReader } from '../classes/live-readers.ts'
import type { MergedBooks } from '../classes/merged-books.ts'
import type { ReaderSubscription } from '../classes/subscription.ts'
import type { SubscriptionClass } from '../classes/subscription-class.ts'
import type { FeedLog } from '../log/feed-log.ts'
import type { GatewayLag } from '../log/gateway-lag.ts'
import { PublishedEvent } from '../log/published-event.ts'
import { describeReset, planResume } from '../log/resume-plan.ts'
import type { FeedMeasures, SlowStep } from '../measures/feed-measures.ts'
import type { FeedView } from '../view/feed-view.ts'
import type { WorkQueue } from '../work-queue.ts'
import { ConflatedBacklog } from './conflated-backlog.ts'
import { RawBacklog } from './raw-backlog.ts'
import type { ReplayPlaces } from './replay-places.ts'

/** Bounds the work between two writes of a replay. */
const PAGE_EVENTS = 256

/** How often a slow peer that has taken everything is looked after. */
const BURST_EVERY_MS = 50
/** How often a raw reader without room is looked after. */
const RAW_CHECK_MS = 250

/** What a reader is written to: an open response or a subscription of a socket. */
export interface FeedWire<Chunk> {
  /** False while more waits for the peer than may, or for longer than it may. */
  readonly hasRoom: boolean
  /** True of a peer that was late: it has room once it has taken what it was written last. Absent: never. */
  readonly isSlow?: boolean
  /** The peer is written less than there is for it: that it is not late now does not mean that it keeps up. */
  staySlow?(): void
  /** Takes a chunk in any case; false asks the reader to wait for onDrained before it sends more. */
  write(chunk: Chunk): boolean
  /** Calls back once when the wire has room again. */
  onDrained(callback: () => void): void
  /** Ends it, after what was written. */
  end(reason: EndReason): void
}

/** `drain`: the server closes; `lagging`: the peer did not read; `failed`: a page could not be read. */
export type EndReason = 'drain' | 'lagging' | 'failed'

/** What a reader uses of the feed. */
export interface ReaderContext {
  readonly log: FeedLog
  readonly view: FeedView
  readonly clock: Clock
  readonly lagMaxMs: number
  /** Where pages of replays wait for their turn. */
  readonly replays: WorkQueue
  readonly replayPlaces: ReplayPlaces
  readonly mergedBooks: MergedBooks
  readonly measures: FeedMeasures
  readonly gatewayLag: GatewayLag
  acquireClass<Chunk>(subscription: ReaderSubscription<Chunk>): SubscriptionClass<Chunk>
  release<Chunk>(reader: FeedReader<Chunk>, subscriptionClass: SubscriptionClass<Chunk>): void
  hello(subscription: ReaderSubscription<unknown>): Hello
  reportError(error: unknown): void
}

export class FeedReader<Chunk> implements LiveReader<Chunk> {
  readonly #context: ReaderContext
  readonly #wire: FeedWire<Chunk>
  /** Has the subscription too: most readers are idle, and share what they can. */
  readonly #class: SubscriptionClass<Chunk>
  readonly #maxHz: number | null
  /** The last event that it has read in the log, while it is not live. */
  #sentUpTo = 0
  /** Up to here it was sent everything that is never conflated before it stalled. */
  #unconflatedUpTo = 0
  /**
   * Quotes and books that it was not sent since it was live. A reader that resumes has none: it gets a snapshot
   * instead.
   */
  #conflatedBacklog: ConflatedBacklog | undefined
  /** Of a raw reader that is not live. */
  #rawBacklog: RawBacklog | undefined
  /** What is done about it now. */
  #slowStep: SlowStep | undefined
  /** @see ClassProgress.conflatedCount, at the beginning of the stall. */
  #stall: { readonly sinceMs: number; readonly conflatedCount: number } | undefined
  #cancelStallTimer: (() => void) | undefined
  #cancelBurstTimer: (() => void) | undefined
  #cancelLagWait: (() => void) | undefined
  /** While it is not live. */
  #lastIdMs = 0
  /** Nothing is written after the end, such as a page that was being fetched. */
  #ended = false
  #hasReplayPlace = false
  #closed = false

  constructor(context: ReaderContext, subscription: ReaderSubscription<Chunk>, wire: FeedWire<Chunk>) {
    this.#context = context
    this.#wire = wire
    this.#maxHz = subscription.request.maxHz
    this.#class = context.acquireClass(subscription)
  }

  get #isConflated(): boolean {
    return this.#maxHz !== null
  }

  /** Sends the greeting and what the position asks for, and goes live. */
  start(subscription: ReaderSubscription<Chunk>): void {
    const { last, snapshot } = subscription.request
    const { log, gatewayLag } = this.#context
    // Without a position and a snapshot a reader that gets no event would not know a position.
    const id = last === undefined && !snapshot ? log.headPosition : undefined
    this.#send([controlFrame({ event: 'hello', data: this.#context.hello(subscription) }, id)])
    this.#cancelLagWait = gatewayLag.before(subscription.request, () => this.#begin(last, snapshot))
  }

  #begin(last: string | undefined, snapshot: boolean): void {
    const { log, measures, replayPlaces } = this.#context
    const plan = planResume(last, log)
    measures.addResume(plan, 'stream')
    if (plan.kind === 'resume') {
      this.#sentUpTo = plan.afterSeq
      this.#hasReplayPlace = replayPlaces.take(plan, log.head)
      if (!this.#isConflated) this.#rawBacklog = this.#openRawBacklog(false)
      this.#readOn()
    } else if (plan.kind === 'reset') this.#reset(plan.reset)
    else {
      if (snapshot) this.#sendSnapshot()
      this.#goLive()
    }
  }

  /** Called by the class. */
  write(chunk: Chunk, { before, after }: ChunkProgress): void {
    const { hasRoom } = this.#wire
    if (hasRoom && this.#wire.write(chunk)) return
    this.#class.leave(this)
    const { sentUpTo, unconflatedUpTo, conflatedCount } = hasRoom ? after : before
    // Quotes and books that still waited in the class were not sent either: they are read again, and nothing else is
    // sent again.
    this.#sentUpTo = sentUpTo
    this.#unconflatedUpTo = unconflatedUpTo
    const { mergedBooks, clock } = this.#context
    const maxHz = this.#maxHz
    const nowMs = clock.nowMs()
    this.#lastIdMs = nowMs
    if (maxHz === null) this.#rawBacklog = this.#openRawBacklog(true)
    else this.#conflatedBacklog = new ConflatedBacklog(mergedBooks, effectiveHz(maxHz), nowMs)
    this.#setSlowStep(maxHz === null ? 'raw' : 'conflate')
    this.#waitForRoom(conflatedCount)
  }

  #openRawBacklog(wasLive: boolean): RawBacklog {
    const { log, clock } = this.#context
    return new RawBacklog({ log, filter: this.#class.filter, wasLive, sentUpTo: this.#sentUpTo, nowMs: clock.nowMs() })
  }

  #setSlowStep(step: SlowStep | undefined): void {
    if (step === this.#slowStep) return
    this.#context.measures.moveSlow(this.#slowStep, step)
    this.#slowStep = step
  }

  /** The wire has gone. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stop()
    this.#context.release(this, this.#class)
  }

  /** Ends the reader and says after how long it should reconnect. */
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
    this.#cancelStallTimer?.()
    this.#cancelBurstTimer?.()
    this.#cancelLagWait?.()
    this.#setSlowStep(undefined)
    this.#freeReplayPlace()
    this.#class.leave(this)
  }

  /** One page in each turn: other replays, and the live feed, run in between. */
  #readOn(): void {
    this.#context.replays.add(() => this.#readPage())
  }

  #readPage(): void {
    if (this.#ended) return
    const { log, clock } = this.#context
    if (!this.#wire.hasRoom) {
      this.#waitForRoom()
      return
    }
    this.#stall = undefined
    this.#cancelStallTimer?.()
    ;(this.#conflatedBacklog ?? this.#rawBacklog)?.take(clock.nowMs())
    if (this.#sentUpTo >= log.head) this.#sendPage([])
    else {
      const page = log.inMemory(this.#sentUpTo + 1, this.#pageEvents)
      if (page === undefined) this.#fetchPage()
      else this.#sendPage(page)
    }
  }

  /** A slow raw peer has one page in flight: it may take a larger one. */
  get #pageEvents(): number {
    return this.#wire.isSlow === true ? (this.#rawBacklog?.pageEvents ?? PAGE_EVENTS) : PAGE_EVENTS
  }

  #sendPage(page: readonly EncodedEvent[]): void {
    const frames = this.#pageFrames(page)
    const isAtHead = this.#sentUpTo >= this.#context.log.head
    const backlog = this.#conflatedBacklog
    if (backlog !== undefined && this.#wire.isSlow === true) {
      if (!backlog.gather(frames) || isAtHead) this.#sendBurst(backlog, isAtHead)
      else this.#readOn()
    } else if (isAtHead) this.#finishReplay(frames)
    else if (frames.length === 0 || this.#send(frames)) this.#readOn()
    else this.#waitForRoom()
  }

  /**
   * In the same turn as the last page: nothing can be appended in between.
   * @param frames of the last page.
   */
  #finishReplay(frames: readonly Frame[]): void {
    const backlog = this.#conflatedBacklog
    if (frames.length > 0 && !this.#send(frames)) {
      this.#waitForRoom()
      return
    }
    if (backlog !== undefined) this.#sendBacklog(backlog)
    else if (this.#isConflated) this.#sendSnapshot()
    this.#goLive()
  }

  /**
   * To a slow peer, which has taken everything up to here: as much as it takes in a short time. A live reader would be
   * sent more while this is under way.
   */
  #sendBurst(backlog: ConflatedBacklog, isAtHead: boolean): void {
    const { clock, log } = this.#context
    const nowMs = clock.nowMs()
    const frames = backlog.nextBurst(isAtHead, nowMs)
    this.#followLadder(backlog, frames)
    if (isAtHead && nowMs - this.#lastIdMs >= HEARTBEAT_MS) {
      frames.push(heartbeatFrame(log, clock.wallMs()))
      this.#lastIdMs = nowMs
    }
    if (frames.length > 0 && !this.#send(frames)) this.#waitForRoom()
    else this.#cancelBurstTimer = clock.setTimer(() => this.#readOn(), BURST_EVERY_MS)
  }

  /** Notifies the reader of a step that has begun, in front of what it is sent. */
  #followLadder(backlog: ConflatedBacklog, frames: Frame[]): void {
    if (!backlog.isAtTop) this.#wire.staySlow?.()
    this.#setSlowStep(backlog.step)
    const notice = backlog.takeNotice()
    if (notice === undefined) return
    const { firstSeq, folded, maxHz } = notice
    frames.unshift(controlFrame({ event: 'lagging', data: { ageMs: this.#ageMs(firstSeq) ?? 0, folded, maxHz } }))
  }

  /** By its stamp; undefined when it is not in memory any more. */
  #ageMs(seq: number | undefined): number | undefined {
    const { log, clock } = this.#context
    const [event] = (seq !== undefined && log.inMemory(seq, 1)) || []
    if (event === undefined) return undefined
    return Math.max(0, Math.floor(clock.wallMs() - new PublishedEvent(event).decoded.data.ts / 1_000))
  }

  #fetchPage(): void {
    const { log } = this.#context
    log.inJournal(this.#sentUpTo + 1, PAGE_EVENTS).then(
      page => {
        if (this.#ended) return
        if (page === undefined) {
          this.#reset(describeReset('expired', formatPosition(log.epoch, this.#sentUpTo), log))
        } else this.#sendPage(page)
      },
      error => {
        this.#context.reportError(error)
        this.#end('failed')
      },
    )
  }

  #pageFrames(page: readonly EncodedEvent[]): Frame[] {
    const { filter } = this.#class
    const { log, clock, measures } = this.#context
    const skipOrKeep = (event: PublishedEvent) => this.#conflatedBacklog?.add(event)
    const included = page.map(event => new PublishedEvent(event)).filter(event => filter.includes(event))
    const frames = buildPage(included, {
      epoch: log.epoch,
      conflate: this.#isConflated ? skipOrKeep : undefined,
      unconflatedUpTo: this.#unconflatedUpTo,
    })
    this.#sentUpTo = page.at(-1)?.seq ?? this.#sentUpTo
    measures.addReplayed(frames.length)
    this.#rawBacklog?.send(included, clock.nowMs())
    if (frames.length > 0) this.#lastIdMs = clock.nowMs()
    return frames
  }

  /** Each quote and book that changed meanwhile, as it is now: less than a snapshot, which could stall it again. */
  #sendBacklog(backlog: ConflatedBacklog): void {
    const frames = backlog.flushAll()
    if (frames.length > 0) this.#send(frames)
  }

  #reset(data: Reset): void {
    this.#send([controlFrame({ event: 'reset', data })])
    this.#sendSnapshot()
    this.#goLive()
  }

  #sendSnapshot(): void {
    const { log, view } = this.#context
    const id = log.headPosition
    this.#send([controlFrame({ event: 'snapshot', data: view.snapshot(id, this.#class.filter) }, id)])
  }

  #freeReplayPlace(): void {
    if (this.#hasReplayPlace) this.#context.replayPlaces.free()
    this.#hasReplayPlace = false
  }

  #goLive(): void {
    this.#conflatedBacklog = undefined
    this.#rawBacklog = undefined
    this.#setSlowStep(undefined)
    this.#freeReplayPlace()
    this.#class.join(this)
  }

  #send(frames: readonly Frame[]): boolean {
    return this.#wire.write(this.#class.codec.encode(frames))
  }

  /** @param conflatedCount how many quotes and books of the class it has had; all up to now when it was not live. */
  #waitForRoom(conflatedCount = this.#class.conflatedCount): void {
    if (this.#stall === undefined) {
      this.#stall = { sinceMs: this.#context.clock.nowMs(), conflatedCount }
      if (this.#isEndedByLag()) return
      this.#armStallTimer()
    }
    this.#wire.onDrained(() => {
      if (!this.#ended) this.#readOn()
    })
  }

  #armStallTimer(): void {
    const { lagMaxMs, clock } = this.#context
    const leftMs = this.#stall!.sinceMs + lagMaxMs - clock.nowMs()
    const waitMs = this.#rawBacklog === undefined ? leftMs : Math.min(leftMs, RAW_CHECK_MS)
    this.#cancelStallTimer = clock.setTimer(
      () => {
        if (!this.#isEndedByLag()) this.#armStallTimer()
      },
      Math.max(1, waitMs),
    )
  }

  /** A reader that takes nothing for too long is ended, and a raw one that falls behind: it can resume. */
  #isEndedByLag(): boolean {
    const { lagMaxMs, clock } = this.#context
    const { sinceMs, conflatedCount } = this.#stall!
    const nowMs = clock.nowMs()
    const over = this.#rawBacklog?.check(this.#sentUpTo, nowMs)
    if (over === undefined && nowMs - sinceMs < lagMaxMs) return false
    const ageMs = over === undefined ? Math.floor(nowMs - sinceMs) : (this.#ageMs(over.firstSeq) ?? over.waitedMs)
    const folded = this.#class.conflatedCount - conflatedCount
    this.#setSlowStep('end')
    this.#end('lagging', controlFrame({ event: 'lagging', data: { ageMs, folded, maxHz: this.#maxHz } }))
    return true
  }
}
