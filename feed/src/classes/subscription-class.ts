// Readers that want the same events at the same rate: their chunk is encoded once and written to each in one write, to
// some readers in one turn of the event loop and to the next in the next. The longer that takes, the more the next
// chunk gathers. Has the readers that are live; those that catch up are in feed-reader.ts.

import { type Clock, type FeedRequest, HEARTBEAT_MS } from '@papertape/protocol'
import type { FeedLog } from '../log/feed-log.ts'
import type { PublishedEvent } from '../log/published-event.ts'
import type { FeedMeasures } from '../measures/feed-measures.ts'
import type { WorkQueue } from '../work-queue.ts'
import { buildPage } from './build-page.ts'
import type { ClassGroup } from './class-group.ts'
import { Conflation } from './conflation.ts'
import { createFilter, effectiveHz, type Filter } from './filter.ts'
import { type Frame, type FrameCodec, heartbeatFrame } from './frame.ts'
import { type ClassProgress, type LiveReader, LiveReaders, type NumberedChunk } from './live-readers.ts'
import type { MergedBooks } from './merged-books.ts'

/** A burst is sent in chunks of so many events at most. */
const CHUNK_EVENTS_MAX = 2_048
/** One task writes to so many readers at most. */
const WRITES_MAX = 32
/** Classes are due together, on a grid of so much, or of an eighth of their period: the loop is woken for them once. */
const DUE_GRID_MS = 10
/** The time from one chunk to the next is so many times what writing the first took: others have the rest. */
const GAP_OVER_SWEEP = 2
/** So much of its gaps a class may owe: what comes soon after a pause does not wait for them. */
const GAP_ALLOWANCE_MS = 50
/** The rest of the gap at most: the process may have been stopped while it wrote. */
const PAUSE_MAX_MS = 250

interface Outgoing<Chunk> extends NumberedChunk<Chunk> {
  /** When its oldest event was sequenced, microseconds since 1970; undefined where its age is not measured. */
  readonly oldestTs: number | undefined
}

export interface ClassDeps {
  readonly log: FeedLog
  readonly clock: Clock
  /** Where flushes wait for their turn. */
  readonly flushes: WorkQueue
  readonly mergedBooks: MergedBooks
  readonly measures: FeedMeasures
  /** The time from one chunk to the next, at least. */
  readonly chunkGapMs: number
}

/** A class of whichever codec. */
export type AnySubscriptionClass = SubscriptionClass<never>

export class SubscriptionClass<Chunk> {
  /** Of its first reader; those of the others have equal filters. */
  readonly request: FeedRequest
  readonly codec: FrameCodec<Chunk>
  readonly filter: Filter
  /** How many readers use it, live or catching up. */
  users = 0
  readonly #deps: ClassDeps
  readonly #group: ClassGroup<SubscriptionClass<Chunk>>
  readonly #conflation: Conflation | undefined
  readonly #dueGridMs: number
  readonly #readers = new LiveReaders<Chunk>()
  /** Appended to the log, and not yet in a chunk. */
  #pending: PublishedEvent[] = []
  /** Chunks that have not been written to every reader. */
  #outbox: Outgoing<Chunk>[] = []
  #nextNumber = 0
  /** When the first of them was begun to be written, and for how long it has been. */
  #sweepStartMs: number | undefined
  #sweepMs = 0
  /** No chunk is made before. */
  #nextChunkMs = 0
  /** When the gaps after all chunks are over, but for what the class may owe. */
  #gapsEndMs = Number.NEGATIVE_INFINITY
  #cancelGapTimer: (() => void) | undefined
  #isQueued = false
  #isDue = false
  #conflatedCount = 0
  #cancelDueTimer: (() => void) | undefined
  #cancelHeartbeatTimer: () => void = () => {}
  #lastIdMs: number
  #isClosed = false

  /** @param group of equal subscriptions; the class is not in it yet */
  constructor(
    request: FeedRequest,
    codec: FrameCodec<Chunk>,
    group: ClassGroup<SubscriptionClass<Chunk>>,
    deps: ClassDeps,
  ) {
    this.request = request
    this.codec = codec
    this.filter = createFilter(request)
    this.#deps = deps
    this.#group = group
    const { maxHz } = request
    this.#conflation = maxHz === null ? undefined : new Conflation(deps.mergedBooks, effectiveHz(maxHz))
    this.#dueGridMs = maxHz === null ? DUE_GRID_MS : Math.min(DUE_GRID_MS, 1_000 / effectiveHz(maxHz) / 8)
    this.#lastIdMs = deps.clock.nowMs()
    this.#armHeartbeat()
  }

  /** Up to here no live reader waits for its turn to be written; Infinity when none does. */
  get reachedSeq(): number {
    const [outgoing] = this.#outbox
    if (outgoing !== undefined) return outgoing.before.unconflatedUpTo
    return this.#isQueued ? this.#takenSeq : Number.POSITIVE_INFINITY
  }

  /** How many quotes and books there were since the class began; always 0 in raw mode. */
  get conflatedCount(): number {
    return this.#conflatedCount
  }

  /** Adds a reader that has everything up to the log's head. */
  join(reader: LiveReader<Chunk>): void {
    this.#sendAllPending()
    this.#readers.add(reader, this.#nextNumber)
  }

  #sendAllPending(): void {
    while (this.#pending.length > 0) this.#makeChunk()
    if (this.#outbox.length > 0) this.sendSoon()
  }

  leave(reader: LiveReader<Chunk>): void {
    this.#readers.delete(reader)
  }

  /** Adds an event that was just appended to the log, and that the filter includes. */
  add(event: PublishedEvent): void {
    this.#pending.push(event)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelDueTimer?.()
    this.#cancelGapTimer?.()
    this.#cancelHeartbeatTimer()
    this.#pending = []
    this.#outbox = []
  }

  /** What waits is sent in this class's turn. Called when all events of a batch were added. */
  sendSoon(): void {
    if (this.#isQueued || this.#isClosed) return
    // With a whole chunk waiting there is nothing to gather: the class is behind, and the venue waits for it.
    if (this.#outbox.length === 0 && this.#pending.length < CHUNK_EVENTS_MAX) {
      if (this.#cancelGapTimer !== undefined) return
      const gapMs = this.#nextChunkMs - this.#deps.clock.nowMs()
      if (gapMs > 0) {
        this.#armGap(gapMs)
        return
      }
    }
    this.#isQueued = true
    this.#group.awaitTurn(this, () => this.#writeInTurn())
  }

  #writeInTurn(): void {
    this.#deps.flushes.add(() => {
      if (this.#isClosed) return
      if (this.#outbox.length === 0) this.#makeChunk()
      this.#writeSome()
      if (this.#outbox.length > 0) this.#writeInTurn()
      else {
        this.#isQueued = false
        this.#group.endTurn(this)
        if (this.#pending.length > 0 || this.#isDue) this.sendSoon()
      }
    })
  }

  #armGap(gapMs: number): void {
    this.#cancelGapTimer = this.#deps.clock.setTimer(
      () => {
        this.#cancelGapTimer = undefined
        this.sendSoon()
      },
      Math.max(1, gapMs),
    )
  }

  /** The last event that is in a chunk, or that this class has no interest in. */
  get #takenSeq(): number {
    const [first] = this.#pending
    return first === undefined ? this.#deps.log.head : first.seq - 1
  }

  get #progress(): ClassProgress {
    const unconflatedUpTo = this.#takenSeq
    const firstWaiting = this.#conflation?.firstSeq ?? Number.POSITIVE_INFINITY
    return {
      sentUpTo: Math.min(firstWaiting, unconflatedUpTo + 1) - 1,
      unconflatedUpTo,
      conflatedCount: this.#conflatedCount - (this.#conflation?.waiting ?? 0),
    }
  }

  /** Makes a chunk of the events that wait longest, and of what is due. */
  #makeChunk(): void {
    const before = this.#progress
    const events = this.#pending.splice(0, CHUNK_EVENTS_MAX)
    const nowMs = this.#deps.clock.nowMs()
    const conflate = (event: PublishedEvent) => {
      this.#conflatedCount++
      this.#conflation!.add(event)
    }
    const frames = buildPage(events, {
      epoch: this.#deps.log.epoch,
      conflate: this.#conflation === undefined ? undefined : conflate,
    })
    if (this.#conflation !== undefined) frames.push(...this.#conflation.flushDue(nowMs))
    this.#isDue = false
    if (frames.some(({ id }) => id !== undefined)) this.#lastIdMs = nowMs
    this.#send(frames, before, events[0]?.decoded.data.ts)
    this.#armDue()
  }

  #send(frames: readonly Frame[], before: ClassProgress, oldestTs?: number): void {
    if (frames.length === 0 || this.#readers.size === 0) return
    const chunk = this.codec.encode(frames)
    const after = this.#progress
    // A conflated frame has no position, and stands for one or more of what was conflated.
    const conflatedFrames = frames.reduce((count, { id }) => (id === undefined ? count + 1 : count), 0)
    this.#deps.measures.addConflated(after.conflatedCount - before.conflatedCount - conflatedFrames)
    this.#outbox.push({ number: this.#nextNumber++, chunk, before, after, oldestTs })
  }

  #writeSome(): void {
    const [outgoing] = this.#outbox
    if (outgoing === undefined) return
    const { clock, measures, chunkGapMs } = this.#deps
    const startMs = clock.nowMs()
    this.#sweepStartMs ??= startMs
    const isWritten = this.#readers.writeSome(outgoing, WRITES_MAX)
    const endMs = clock.nowMs()
    this.#sweepMs += endMs - startMs
    if (!isWritten) return
    this.#outbox.shift()
    // All of the group together take half of the thread at most.
    const gapMs = Math.min(GAP_OVER_SWEEP * this.#sweepMs * this.#group.size, this.#sweepMs + PAUSE_MAX_MS)
    this.#gapsEndMs = Math.max(this.#gapsEndMs, this.#sweepStartMs - GAP_ALLOWANCE_MS) + gapMs
    this.#nextChunkMs = Math.max(this.#sweepStartMs + chunkGapMs, this.#gapsEndMs)
    this.#sweepStartMs = undefined
    this.#sweepMs = 0
    if (outgoing.oldestTs !== undefined) measures.addAge(clock.wallMs() - outgoing.oldestTs / 1_000)
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
        this.sendSoon()
      },
      Math.max(1, gridMs - clock.nowMs()),
    )
  }

  /** Gives readers without events a new position: everything up to the head has been sent. */
  #armHeartbeat(): void {
    const { clock, log } = this.#deps
    const waitMs = Math.max(1, this.#lastIdMs + HEARTBEAT_MS - clock.nowMs())
    this.#cancelHeartbeatTimer = clock.setTimer(() => {
      this.#sendAllPending()
      if (clock.nowMs() - this.#lastIdMs >= HEARTBEAT_MS) {
        this.#lastIdMs = clock.nowMs()
        this.#send([heartbeatFrame(log, clock.wallMs())], this.#progress)
        this.sendSoon()
      }
      this.#armHeartbeat()
    }, waitMs)
  }
}
