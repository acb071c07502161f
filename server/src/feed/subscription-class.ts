// Readers that want the same thing at the same rate: their chunk is built once a flush and written to each in one write.
// Knows who is up to date and nothing of those who are catching up; see feed-reader.ts.

import { type FeedRequest, formatPosition, HEARTBEAT_MS } from '@papertape/protocol'
import type { Clock } from '../clock.ts'
import type { EncodedEvent } from '../venue/messages.ts'
import { Conflation } from './conflation.ts'
import type { FeedLog } from './feed-log.ts'
import { createFilter, type Filter, isConflated } from './filter.ts'
import { controlFrame, eventFrame, type Frame, type FrameCodec } from './frame.ts'

/** A reader that has everything up to the head. */
export interface LiveReader<Chunk> {
  write(chunk: Chunk): void
}

export class SubscriptionClass<Chunk> {
  readonly filter: Filter
  /** Readers that hold it, live or catching up. */
  users = 0
  readonly #log: FeedLog
  readonly #codec: FrameCodec<Chunk>
  readonly #clock: Clock
  readonly #conflation: Conflation | undefined
  readonly #readers = new Set<LiveReader<Chunk>>()
  #dueTimer: NodeJS.Timeout | undefined
  #heartbeatTimer: NodeJS.Timeout | undefined
  #lastIdMs: number

  constructor(request: FeedRequest, log: FeedLog, codec: FrameCodec<Chunk>, clock: Clock) {
    this.filter = createFilter(request)
    this.#log = log
    this.#codec = codec
    this.#clock = clock
    this.#conflation = request.maxHz === null ? undefined : new Conflation(request.maxHz)
    this.#lastIdMs = clock.nowMs()
    this.#armHeartbeat()
  }

  /** The first event that has not been sent to the readers here, waiting to be folded; one past the head when all has. */
  get firstUnsentSeq(): number {
    return Math.min(this.#conflation?.firstSeq ?? Number.POSITIVE_INFINITY, this.#log.head + 1)
  }

  /** The reader has everything up to the log's head: from now on it gets what everybody here gets. */
  join(reader: LiveReader<Chunk>): void {
    this.#readers.add(reader)
  }

  leave(reader: LiveReader<Chunk>): void {
    this.#readers.delete(reader)
  }

  /** Takes what was just appended to the log, and sends what may leave. */
  publish(events: readonly EncodedEvent[]): void {
    const nowMs = this.#clock.nowMs()
    const frames: Frame[] = []
    for (const event of events) {
      if (!this.filter.takes(event)) continue
      if (this.#conflation === undefined || !isConflated(event.event)) {
        frames.push(eventFrame(this.#log.epoch, event))
        this.#lastIdMs = nowMs
      } else {
        const frame = this.#conflation.add(event, nowMs)
        if (frame !== undefined) frames.push(frame)
      }
    }
    this.#send(frames)
    this.#armDue()
  }

  close(): void {
    clearTimeout(this.#dueTimer)
    clearTimeout(this.#heartbeatTimer)
  }

  #send(frames: readonly Frame[]): void {
    if (frames.length === 0 || this.#readers.size === 0) return
    const chunk = this.#codec.encode(frames)
    for (const reader of this.#readers) reader.write(chunk)
  }

  #armDue(): void {
    const dueMs = this.#conflation?.nextDueMs()
    if (dueMs === undefined || this.#dueTimer !== undefined) return
    this.#dueTimer = setTimeout(
      () => {
        this.#dueTimer = undefined
        this.#send(this.#conflation!.due(this.#clock.nowMs()))
        this.#armDue()
      },
      Math.max(1, dueMs - this.#clock.nowMs()),
    )
  }

  /** A reader of quiet instruments moves on too: the heartbeat says that everything up to the head has been sent. */
  #armHeartbeat(): void {
    const waitMs = Math.max(1, this.#lastIdMs + HEARTBEAT_MS - this.#clock.nowMs())
    this.#heartbeatTimer = setTimeout(() => {
      if (this.#clock.nowMs() - this.#lastIdMs >= HEARTBEAT_MS) {
        this.#lastIdMs = this.#clock.nowMs()
        this.#send([heartbeatFrame(this.#log, this.#clock.wallMs())])
      }
      this.#armHeartbeat()
    }, waitMs)
    this.#heartbeatTimer.unref()
  }
}

export function heartbeatFrame(log: FeedLog, wallMs: number): Frame {
  const data = { head: log.head, serverTime: Math.floor(wallMs) }
  return controlFrame({ event: 'heartbeat', data }, formatPosition(log.epoch, log.head))
}
