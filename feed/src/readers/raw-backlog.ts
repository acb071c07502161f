// What a raw reader that is not live has not been sent, and whether that is more than it may be: nothing is conflated
// for it, so that it would read on ever older. Counts the log now and then, while the peer has no room. Writes nothing.

import type { Filter } from '../classes/filter.ts'
import type { FeedLog } from '../log/feed-log.ts'
import { PublishedEvent } from '../log/published-event.ts'
import { BurstSize } from './burst-size.ts'

/** How long an event may have waited for a reader that was live. */
const AGE_MAX_MS = 5_000
/** How many bytes of JSON may wait, and be older than this: what a burst of the market brings is taken in time. */
const BYTES_MAX = 1_048_576
const BYTES_AGE_MS = 1_000
/** A reader that replays the past must have less in front of it after so long. */
const REPLAY_MS = 5_000
const PAGE_EVENTS = { least: 256, most: 2_048 }
const COUNTED_AT_ONCE = 1_024
const MARK_EVERY_MS = 100

/** Everything up to here was in the log by this time. */
interface HeadMark {
  readonly seq: number
  readonly atMs: number
}

export interface RawBacklogOptions {
  readonly log: FeedLog
  readonly filter: Filter
  /** The reader has been sent everything up to a moment ago; otherwise it replays the past. */
  readonly wasLive: boolean
  readonly sentUpTo: number
  readonly nowMs: number
}

export class RawBacklog {
  readonly #log: FeedLog
  readonly #filter: Filter
  readonly #wasLive: boolean
  readonly #size = new BurstSize(PAGE_EVENTS)
  /** What was published since it is not live: by these marks an event's age does not depend on the wall clock. */
  readonly #marks: HeadMark[]
  #countedUpTo: number
  #bytes = 0
  /** The first event that it was not sent. */
  #firstSeq: number | undefined
  /** How much of a replay there was to send, at a time. */
  #replay: { readonly events: number; readonly atMs: number }

  constructor({ log, filter, wasLive, sentUpTo, nowMs }: RawBacklogOptions) {
    this.#log = log
    this.#filter = filter
    this.#wasLive = wasLive
    this.#marks = [{ seq: log.head, atMs: nowMs }]
    this.#countedUpTo = sentUpTo
    this.#replay = { events: log.head - sentUpTo, atMs: nowMs }
  }

  /** How many events of the log the next page may have, so that a slow peer takes it in a short time. */
  get pageEvents(): number {
    return Math.floor(this.#size.max)
  }

  /** The peer has taken everything. */
  take(nowMs: number): void {
    this.#size.take(nowMs)
  }

  send(events: readonly PublishedEvent[], nowMs: number): void {
    this.#size.write(events.length, nowMs)
    for (const { data } of events) this.#bytes -= data.length
  }

  /**
   * Whether the reader is to be ended.
   * @returns the first event that it was not sent, and for how long that has waited for it at least.
   */
  check(sentUpTo: number, nowMs: number): { readonly firstSeq: number; readonly waitedMs: number } | undefined {
    const { head } = this.#log
    if (this.#wasLive) this.#count(sentUpTo)
    const firstSeq = this.#wasLive ? this.#firstSeq : sentUpTo + 1
    this.#mark(firstSeq ?? head + 1, nowMs)
    if (firstSeq === undefined || firstSeq > head) return undefined
    const waitedMs = nowMs - (this.#marks[0]?.atMs ?? nowMs)
    const isOver = this.#wasLive
      ? waitedMs >= AGE_MAX_MS || (waitedMs >= BYTES_AGE_MS && this.#bytes > BYTES_MAX)
      : this.#fallsBehind(head - sentUpTo, nowMs)
    return isOver ? { firstSeq, waitedMs } : undefined
  }

  /** The first mark is then no earlier than the first event that was not sent. */
  #mark(firstSeq: number, nowMs: number): void {
    const { head } = this.#log
    const last = this.#marks.at(-1)
    if (last === undefined || (head > last.seq && nowMs - last.atMs >= MARK_EVERY_MS)) {
      this.#marks.push({ seq: head, atMs: nowMs })
    }
    while (this.#marks.length > 0 && this.#marks[0]!.seq < firstSeq) this.#marks.shift()
  }

  #fallsBehind(events: number, nowMs: number): boolean {
    if (nowMs - this.#replay.atMs < REPLAY_MS) return false
    const isLess = events < this.#replay.events
    this.#replay = { events, atMs: nowMs }
    return !isLess
  }

  #count(sentUpTo: number): void {
    if (this.#firstSeq !== undefined && this.#firstSeq <= sentUpTo) this.#firstSeq = undefined
    this.#firstSeq ??= this.#firstAfter(sentUpTo, this.#countedUpTo)
    while (this.#countedUpTo < this.#log.head) {
      const events = this.#log.inMemory(this.#countedUpTo + 1, COUNTED_AT_ONCE)
      // What is not in memory any more is too much in any case.
      this.#countedUpTo = events?.at(-1)?.seq ?? this.#log.head
      for (const event of this.#included(events)) {
        this.#bytes += event.data.length
        if (event.seq > sentUpTo) this.#firstSeq ??= event.seq
      }
    }
  }

  #firstAfter(sentUpTo: number, upTo: number): number | undefined {
    for (let from = sentUpTo + 1; from <= upTo; from += COUNTED_AT_ONCE) {
      const events = this.#log.inMemory(from, Math.min(COUNTED_AT_ONCE, upTo - from + 1))
      if (events === undefined) return from
      for (const { seq } of this.#included(events)) return seq
    }
    return undefined
  }

  #included(events: ReturnType<FeedLog['inMemory']>): PublishedEvent[] {
    return (events ?? []).map(event => new PublishedEvent(event)).filter(event => this.#filter.includes(event))
  }
}
