// Conflates quotes and books: each leaves at most so often, by symbol, as the newest state. Pure: the time is handed
// in. Other events never come here; see build-page.ts.

import type { Book } from '@papertape/protocol'
import type { PublishedEvent } from '../log/published-event.ts'
import { conflatedFrame, type Frame } from './frame.ts'
import { type MergedBooks, mergeBooks } from './merged-books.ts'

/** So many books wait one by one; more are merged, so that what waits is bounded by the levels of the book. */
const BOOKS_WAITING_MAX = 256

/** The quotes or books of one symbol that wait to be sent as one. */
class PendingUpdate {
  lastSentMs: number
  /** The oldest event that waits; of no meaning when none does. */
  firstSeq = 0
  #newest: PublishedEvent | undefined
  #books: Book[] = []
  #count = 0

  constructor(lastSentMs: number) {
    this.lastSentMs = lastSentMs
  }

  /** How many events wait. */
  get count(): number {
    return this.#count
  }

  get isEmpty(): boolean {
    return this.#newest === undefined
  }

  add(event: PublishedEvent): void {
    if (this.isEmpty) this.firstSeq = event.seq
    this.#newest = event
    this.#count++
    if (event.event !== 'book') return
    this.#books.push(event.decoded.data as Book)
    if (this.#books.length >= BOOKS_WAITING_MAX) this.#books = [mergeBooks(this.#books)]
  }

  flush(mergedBooks: MergedBooks): Frame {
    const { event, data } = this.#newest!
    // By the count of events, not of books: those may have been merged already.
    const isMerged = event === 'book' && this.#count > 1
    const frame = conflatedFrame(event, isMerged ? mergedBooks.encode(this.#books) : data, this.#count)
    this.#newest = undefined
    this.#books = []
    this.#count = 0
    return frame
  }
}

export class Conflation {
  readonly #periodMs: number
  readonly #mergedBooks: MergedBooks
  readonly #updates = new Map<string, PendingUpdate>()
  /** Those in which something waits, by the first event that does: events come in the order of their numbers. */
  readonly #waiting = new Set<PendingUpdate>()
  readonly #sentMs: number
  #waitingCount = 0

  /**
   * @param maxHz how often each symbol's quote, and each symbol's book, may leave.
   * @param sentMs when all of them were sent before; absent: never.
   */
  constructor(mergedBooks: MergedBooks, maxHz = Number.POSITIVE_INFINITY, sentMs = Number.NEGATIVE_INFINITY) {
    this.#mergedBooks = mergedBooks
    this.#sentMs = sentMs
    this.#periodMs = 1_000 / maxHz
  }

  /** Adds a quote or book; returns the frame when it may leave at once. */
  addAndFlush(event: PublishedEvent, nowMs: number): Frame | undefined {
    const update = this.#add(event)
    return this.#isDue(update, nowMs) ? this.#flush(update, nowMs) : undefined
  }

  /** Adds a quote or book, which waits until it is flushed. */
  add(event: PublishedEvent): void {
    this.#add(event)
  }

  /** Frames that may leave now; all that wait when no time is given. */
  flushDue(nowMs = Number.POSITIVE_INFINITY): Frame[] {
    const frames: Frame[] = []
    for (const update of this.#waiting) {
      if (this.#isDue(update, nowMs)) frames.push(this.#flush(update, nowMs))
    }
    return frames
  }

  /** The number of the oldest event that waits; Infinity when nothing does. */
  get firstSeq(): number {
    for (const { firstSeq } of this.#waiting) return firstSeq
    return Number.POSITIVE_INFINITY
  }

  /** How many events wait. */
  get waiting(): number {
    return this.#waitingCount
  }

  /** When something is due next; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    let firstSentMs = Number.POSITIVE_INFINITY
    for (const { lastSentMs } of this.#waiting) firstSentMs = Math.min(firstSentMs, lastSentMs)
    return this.#waiting.size === 0 ? undefined : firstSentMs + this.#periodMs
  }

  #add(event: PublishedEvent): PendingUpdate {
    const key = `${event.event} ${event.symbol}`
    let update = this.#updates.get(key)
    if (update === undefined) {
      update = new PendingUpdate(this.#sentMs)
      this.#updates.set(key, update)
    }
    this.#waiting.add(update)
    this.#waitingCount++
    update.add(event)
    return update
  }

  #isDue({ lastSentMs }: PendingUpdate, nowMs: number): boolean {
    return nowMs - lastSentMs >= this.#periodMs
  }

  #flush(update: PendingUpdate, nowMs: number): Frame {
    this.#waiting.delete(update)
    this.#waitingCount -= update.count
    update.lastSentMs = nowMs
    return update.flush(this.#mergedBooks)
  }
}
