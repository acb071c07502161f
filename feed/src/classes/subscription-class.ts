// Readers that want the same events at the same rate: their chunk is encoded once and written to each in one write, to
// some readers in one turn of the event loop and to the next in the next. Has the readers that are live; those that
// catch up are in feed-reader.ts.

import { type Clock, type FeedRequest, HEARTBEAT_MS } from '@papertape/protocol'
import type { FeedLog } from '../log/feed-log.ts'
import type { PublishedEvent } from '../log/published-event.ts'
import type { FeedMeasures } from '../measures/feed-measures.ts'
import type { WorkQueue } from '../work-queue.ts'
import { buildPage } from './build-page.ts'
import { Conflation } from './conflation.ts'
import { createFilter, effectiveHz, type Filter } from './filter.ts'
import { controlFrame, type Frame, type FrameCodec } from './frame.ts'
import type { MergedBooks } from './merged-books.ts'

/** A burst is sent in chunks of so many events at most. */
const CHUNK_EVENTS_MAX = 2_048
/** One task writes to so many readers at most. */
const WRITES_MAX = 32
/** What is due within this, or within an eighth of the period, is sent together: in one write instead of many. */
const DUE_GRID_MS = 10

/** How much of the log every reader of a class has been sent. */
export interface ClassProgress {
  /** Everything up to here, quotes and books included. */
  readonly sentUpTo: number
  /** Everything up to here that is never conflated. */
  readonly unconflatedUpTo: number
  /** How many quotes and books that is, each alone or merged into a later one. */
  readonly conflatedCount: number
}

/** A reader that has everything up to the log's head when it joins. */
export interface LiveReader<Chunk> {
  /** @param progress of the class before and after this chunk: a reader that leaves goes on from one of them. */
  write(chunk: Chunk, progress: { readonly before: ClassProgress; readonly after: ClassProgress }): void
}

interface Outgoing<Chunk> {
  readonly number: number
  readonly chunk: Chunk
  readonly before: ClassProgress
  readonly after: ClassProgress
}

export interface ClassDeps {
  readonly log: FeedLog
  readonly clock: Clock
  /** Where flushes wait for their turn. */
  readonly flushes: WorkQueue
  readonly mergedBooks: MergedBooks
  readonly measures: FeedMeasures
}

export class SubscriptionClass<Chunk> {
  readonly filter: Filter
  /** How many readers use it, live or catching up. */
  users = 0
  readonly #deps: ClassDeps
  readonly #codec: FrameCodec<Chunk>
  readonly #conflation: Conflation | undefined
  readonly #dueGridMs: number
  /** With the number of the first chunk that each is sent. */
  readonly #readers = new Map<LiveReader<Chunk>, number>()
  /** Appended to the log, and not yet in a chunk. */
  #pending: PublishedEvent[] = []
  /** Chunks that have not been written to every reader. */
  #outbox: Outgoing<Chunk>[] = []
  #nextNumber = 0
  /** The readers that have still to be written the first of them. */
  #sweep: MapIterator<[LiveReader<Chunk>, number]> | undefined
  #isQueued = false
  #isDue = false
  #publishedSeq: number
  #conflatedCount = 0
  #cancelDueTimer: (() => void) | undefined
  #cancelHeartbeatTimer: () => void = () => {}
  #lastIdMs: number
  #isClosed = false

  constructor(request: FeedRequest, codec: FrameCodec<Chunk>, deps: ClassDeps) {
    this.filter = createFilter(request)
    this.#deps = deps
    this.#codec = codec
    const { maxHz } = request
    this.#conflation = maxHz === null ? undefined : new Conflation(deps.mergedBooks, effectiveHz(maxHz))
    this.#dueGridMs = maxHz === null ? DUE_GRID_MS : Math.min(DUE_GRID_MS, 1_000 / effectiveHz(maxHz) / 8)
    this.#publishedSeq = deps.log.head
    this.#lastIdMs = deps.clock.nowMs()
    this.#armHeartbeat()
  }

  /** Up to here every live reader has been written everything; Infinity when nothing waits. */
  get writtenUpTo(): number {
    if (this.#outbox.length > 0) return this.#outbox[0]!.before.unconflatedUpTo
    return this.#pending.length > 0 ? this.#publishedSeq : Number.POSITIVE_INFINITY
  }

  /** How many quotes and books there were since the class began; always 0 in raw mode. */
  get conflatedCount(): number {
    return this.#conflatedCount
  }

  /** Adds a reader that has everything up to the log's head. */
  join(reader: LiveReader<Chunk>): void {
    while (this.#pending.length > 0) this.#sendPending()
    this.#readers.set(reader, this.#nextNumber)
  }

  leave(reader: LiveReader<Chunk>): void {
    this.#readers.delete(reader)
  }

  /** Queues what was just appended to the log; it is sent in this class's turn. */
  publish(events: readonly PublishedEvent[]): void {
    for (const event of events) this.#pending.push(event)
    this.#enqueue()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelDueTimer?.()
    this.#cancelHeartbeatTimer()
    this.#pending = []
    this.#outbox = []
  }

  #enqueue(): void {
    if (this.#isQueued || this.#isClosed) return
    this.#isQueued = true
    this.#deps.flushes.add(() => {
      this.#isQueued = false
      if (this.#outbox.length === 0) this.#sendPending()
      if (this.#outbox.length === 0 && this.#isDue) this.#sendDue()
      this.#writeSome()
      if (this.#outbox.length > 0 || this.#pending.length > 0 || this.#isDue) this.#enqueue()
    })
  }

  get #progress(): ClassProgress {
    const unconflatedUpTo = this.#publishedSeq
    const firstWaiting = this.#conflation?.firstSeq ?? Number.POSITIVE_INFINITY
    return {
      sentUpTo: Math.min(firstWaiting, unconflatedUpTo + 1) - 1,
      unconflatedUpTo,
      conflatedCount: this.#conflatedCount - (this.#conflation?.waiting ?? 0),
    }
  }

  /** Makes a chunk of the events that wait longest. */
  #sendPending(): void {
    if (this.#pending.length === 0) return
    const before = this.#progress
    const events = this.#pending.splice(0, CHUNK_EVENTS_MAX)
    const nowMs = this.#deps.clock.nowMs()
    const conflate = (event: PublishedEvent) => {
      this.#conflatedCount++
      return this.#conflation!.addAndFlush(event, nowMs)
    }
    const frames = buildPage(events, {
      epoch: this.#deps.log.epoch,
      filter: this.filter,
      conflate: this.#conflation === undefined ? undefined : conflate,
    })
    if (frames.some(({ id }) => id !== undefined)) this.#lastIdMs = nowMs
    this.#publishedSeq = events.at(-1)!.seq
    this.#send(frames, before)
    this.#armDue()
  }

  #sendDue(): void {
    this.#isDue = false
    const before = this.#progress
    this.#send(this.#conflation!.flushDue(this.#deps.clock.nowMs()), before)
    this.#armDue()
  }

  #send(frames: readonly Frame[], before: ClassProgress): void {
    if (frames.length === 0 || this.#readers.size === 0) return
    const chunk = this.#codec.encode(frames)
    const after = this.#progress
    // A conflated frame has no position, and stands for one or more of what was conflated.
    const conflatedFrames = frames.reduce((count, { id }) => (id === undefined ? count + 1 : count), 0)
    this.#deps.measures.addConflated(after.conflatedCount - before.conflatedCount - conflatedFrames)
    this.#outbox.push({ number: this.#nextNumber++, chunk, before, after })
    this.#enqueue()
  }

  #writeSome(): void {
    const [outgoing] = this.#outbox
    if (outgoing === undefined) return
    this.#sweep ??= this.#readers.entries()
    for (let writes = 0; writes < WRITES_MAX; ) {
      const { value, done } = this.#sweep.next()
      if (done === true) {
        this.#sweep = undefined
        this.#outbox.shift()
        return
      }
      const [reader, first] = value
      if (first > outgoing.number) continue
      reader.write(outgoing.chunk, outgoing)
      writes++
    }
  }

  #armDue(): void {
    const dueMs = this.#conflation?.nextDueMs()
    if (dueMs === undefined || this.#cancelDueTimer !== undefined || this.#isDue || this.#isClosed) return
    const { clock } = this.#deps
    const gridMs = Math.ceil(dueMs / this.#dueGridMs) * this.#dueGridMs
    this.#cancelDueTimer = clock.setTimer(
      () => {
        this.#cancelDueTimer = undefined
        this.#isDue = true
        this.#enqueue()
      },
      Math.max(1, gridMs - clock.nowMs()),
    )
  }

  /** Gives readers without events a new position: everything up to the head has been sent. */
  #armHeartbeat(): void {
    const { clock, log } = this.#deps
    const waitMs = Math.max(1, this.#lastIdMs + HEARTBEAT_MS - clock.nowMs())
    this.#cancelHeartbeatTimer = clock.setTimer(() => {
      while (this.#pending.length > 0) this.#sendPending()
      if (clock.nowMs() - this.#lastIdMs >= HEARTBEAT_MS) {
        this.#lastIdMs = clock.nowMs()
        this.#send([heartbeatFrame(log, clock.wallMs())], this.#progress)
      }
      this.#armHeartbeat()
    }, waitMs)
  }
}

function heartbeatFrame(log: FeedLog, wallMs: number): Frame {
  const data = { head: log.head, serverTime: Math.floor(wallMs) }
  return controlFrame({ event: 'heartbeat', data }, log.headPosition)
}
