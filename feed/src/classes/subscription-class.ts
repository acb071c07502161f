// Readers that want the same thing at the same rate: their chunk is built once and written to each in one write, to some
// readers in a turn of the event loop and to the next in the next. Knows who is up to date and nothing of those who are
// catching up; see feed-reader.ts.

import { type Clock, type FeedRequest, formatPosition, HEARTBEAT_MS } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import type { FeedLog } from '../log/feed-log.ts'
import type { WorkQueue } from '../work-queue.ts'
import { Conflation } from './conflation.ts'
import { createFilter, effectiveHz, type Filter, isConflated } from './filter.ts'
import { controlFrame, eventFrame, type Frame, type FrameCodec } from './frame.ts'

/** A burst leaves in chunks of so many events at most. */
const CHUNK_EVENTS_MAX = 2_048
/** One task writes to so many readers at most. */
const WRITES_MAX = 32
/** What falls due within this, or within an eighth of the period, leaves together: in one write instead of many. */
const DUE_GRID_MS = 10

/** How far everybody in a class has been sent the log. */
export interface Progress {
  /** Everything up to here, quotes and books included. */
  readonly sentUpTo: number
  /** Everything up to here that is never conflated. */
  readonly unfoldedUpTo: number
  /** How many quotes and books that is, alone or in others. */
  readonly conflated: number
}

/** A reader that has everything up to the log's head when it joins. */
export interface LiveReader<Chunk> {
  /** @param sent where the class stands before and after this chunk: a reader that leaves goes on from one of them. */
  write(chunk: Chunk, sent: { readonly before: Progress; readonly after: Progress }): void
}

interface Outgoing<Chunk> {
  readonly number: number
  readonly chunk: Chunk
  readonly before: Progress
  readonly after: Progress
}

export interface ClassDeps {
  readonly log: FeedLog
  readonly clock: Clock
  /** Where flushes wait for their turn. */
  readonly flushes: WorkQueue
}

export class SubscriptionClass<Chunk> {
  readonly filter: Filter
  /** Readers that hold it, live or catching up. */
  users = 0
  readonly #deps: ClassDeps
  readonly #codec: FrameCodec<Chunk>
  readonly #conflation: Conflation | undefined
  readonly #dueGridMs: number
  /** Each with the number of the first chunk that is for it. */
  readonly #readers = new Map<LiveReader<Chunk>, number>()
  /** Appended to the log, and not yet looked at here. */
  #pending: EncodedEvent[] = []
  /** Chunks that have not been written to every reader. */
  #outbox: Outgoing<Chunk>[] = []
  #nextNumber = 0
  /** Who is next to be written the first of them. */
  #sweep: MapIterator<[LiveReader<Chunk>, number]> | undefined
  #isQueued = false
  #isDue = false
  #publishedSeq: number
  #conflatable = 0
  #cancelDueTimer: (() => void) | undefined
  #cancelHeartbeatTimer: () => void = () => {}
  #lastIdMs: number
  #isClosed = false

  constructor(request: FeedRequest, codec: FrameCodec<Chunk>, deps: ClassDeps) {
    this.filter = createFilter(request)
    this.#deps = deps
    this.#codec = codec
    const { maxHz } = request
    this.#conflation = maxHz === null ? undefined : new Conflation(effectiveHz(maxHz))
    this.#dueGridMs = maxHz === null ? DUE_GRID_MS : Math.min(DUE_GRID_MS, 1_000 / effectiveHz(maxHz) / 8)
    this.#publishedSeq = deps.log.head
    this.#lastIdMs = deps.clock.nowMs()
    this.#armHeartbeat()
  }

  /** Up to here every reader that is live has been written everything; Infinity when nothing waits. */
  get writtenUpTo(): number {
    if (this.#outbox.length > 0) return this.#outbox[0]!.before.unfoldedUpTo
    return this.#pending.length > 0 ? this.#publishedSeq : Number.POSITIVE_INFINITY
  }

  /** How many quotes and books this class has taken; always 0 in raw mode. */
  get conflatable(): number {
    return this.#conflatable
  }

  /** The reader has everything up to the log's head: it gets what comes after that. */
  join(reader: LiveReader<Chunk>): void {
    while (this.#pending.length > 0) this.#take()
    this.#readers.set(reader, this.#nextNumber)
  }

  leave(reader: LiveReader<Chunk>): void {
    this.#readers.delete(reader)
  }

  /** Takes what was just appended to the log; it leaves in this class's turn. */
  publish(events: readonly EncodedEvent[]): void {
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
      if (this.#outbox.length === 0) this.#take()
      if (this.#outbox.length === 0 && this.#isDue) this.#takeDue()
      this.#writeSome()
      if (this.#outbox.length > 0 || this.#pending.length > 0 || this.#isDue) this.#enqueue()
    })
  }

  get #progress(): Progress {
    const unfoldedUpTo = this.#publishedSeq
    const firstWaiting = this.#conflation?.firstSeq ?? Number.POSITIVE_INFINITY
    return {
      sentUpTo: Math.min(firstWaiting, unfoldedUpTo + 1) - 1,
      unfoldedUpTo,
      conflated: this.#conflatable - (this.#conflation?.waiting ?? 0),
    }
  }

  /** Makes a chunk of the events that wait longest. */
  #take(): void {
    if (this.#pending.length === 0) return
    const before = this.#progress
    const events = this.#pending.splice(0, CHUNK_EVENTS_MAX)
    const nowMs = this.#deps.clock.nowMs()
    const frames: Frame[] = []
    for (const event of events) {
      if (!this.filter.takes(event)) continue
      if (this.#conflation === undefined || !isConflated(event.event)) {
        frames.push(eventFrame(this.#deps.log.epoch, event))
        this.#lastIdMs = nowMs
      } else {
        this.#conflatable++
        const frame = this.#conflation.add(event, nowMs)
        if (frame !== undefined) frames.push(frame)
      }
    }
    this.#publishedSeq = events.at(-1)!.seq
    this.#send(frames, before)
    this.#armDue()
  }

  #takeDue(): void {
    this.#isDue = false
    const before = this.#progress
    this.#send(this.#conflation!.due(this.#deps.clock.nowMs()), before)
    this.#armDue()
  }

  #send(frames: readonly Frame[], before: Progress): void {
    if (frames.length === 0 || this.#readers.size === 0) return
    const chunk = this.#codec.encode(frames)
    this.#outbox.push({ number: this.#nextNumber++, chunk, before, after: this.#progress })
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

  /** Gives readers of quiet instruments a new position: everything up to the head has been sent. */
  #armHeartbeat(): void {
    const { clock, log } = this.#deps
    const waitMs = Math.max(1, this.#lastIdMs + HEARTBEAT_MS - clock.nowMs())
    this.#cancelHeartbeatTimer = clock.setTimer(() => {
      while (this.#pending.length > 0) this.#take()
      if (clock.nowMs() - this.#lastIdMs >= HEARTBEAT_MS) {
        this.#lastIdMs = clock.nowMs()
        this.#send([heartbeatFrame(log, clock.wallMs())], this.#progress)
      }
      this.#armHeartbeat()
    }, waitMs)
  }
}

export function heartbeatFrame(log: FeedLog, wallMs: number): Frame {
  const data = { head: log.head, serverTime: Math.floor(wallMs) }
  return controlFrame({ event: 'heartbeat', data }, formatPosition(log.epoch, log.head))
}
