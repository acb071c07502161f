// Folds quotes and books so that each leaves at most so often, by symbol, always as the newest state. Pure: the time is
// handed in. Everything else passes it by untouched; see subscription-class.ts and long-poll.ts.

import type { Book, LevelChange } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { type Frame, foldedFrame } from './frame.ts'

/** What waits of one symbol's quote or book. */
class Fold {
  lastSentMs = Number.NEGATIVE_INFINITY
  /** The oldest event that waits. */
  firstSeq = Number.POSITIVE_INFINITY
  #newest: EncodedEvent | undefined
  #books: Book[] = []
  #count = 0

  /** How many events wait. */
  get count(): number {
    return this.#count
  }

  get isEmpty(): boolean {
    return this.#newest === undefined
  }

  add(event: EncodedEvent): void {
    this.firstSeq = Math.min(this.firstSeq, event.seq)
    this.#newest = event
    this.#count++
    if (event.event !== 'book') return
    this.#books.push(JSON.parse(event.data) as Book)
    // Bounded by the levels of the book, however long the period is.
    if (this.#books.length >= 256) this.#books = [mergeBooks(this.#books)]
  }

  take(): Frame {
    const { event, data } = this.#newest!
    // By the count of events, not of books: those may have been merged already.
    const isMerged = event === 'book' && this.#count > 1
    const frame = foldedFrame(event, isMerged ? JSON.stringify(mergeBooks(this.#books)) : data, this.#count)
    this.#newest = undefined
    this.firstSeq = Number.POSITIVE_INFINITY
    this.#books = []
    this.#count = 0
    return frame
  }
}

export class Conflation {
  readonly #periodMs: number
  readonly #folds = new Map<string, Fold>()

  /** @param maxHz how often each symbol's quote, and each symbol's book, may leave. */
  constructor(maxHz: number = Number.POSITIVE_INFINITY) {
    this.#periodMs = 1_000 / maxHz
  }

  /** Takes a quote or book; returns the frame when it may leave at once. */
  add(event: EncodedEvent, nowMs: number): Frame | undefined {
    const fold = this.hold(event)
    if (nowMs - fold.lastSentMs < this.#periodMs) return undefined
    fold.lastSentMs = nowMs
    return fold.take()
  }

  /** Takes a quote or book and keeps it until it is due. */
  hold(event: EncodedEvent): Fold {
    const key = `${event.event} ${event.symbol}`
    let fold = this.#folds.get(key)
    if (fold === undefined) {
      fold = new Fold()
      this.#folds.set(key, fold)
    }
    fold.add(event)
    return fold
  }

  /** Frames whose time has come; all that wait when no time is given. */
  due(nowMs = Number.POSITIVE_INFINITY): Frame[] {
    const frames: Frame[] = []
    for (const fold of this.#folds.values()) {
      if (fold.isEmpty || nowMs - fold.lastSentMs < this.#periodMs) continue
      fold.lastSentMs = nowMs
      frames.push(fold.take())
    }
    return frames
  }

  /** The number of the oldest event that waits; Infinity when nothing does. */
  get firstSeq(): number {
    let first = Number.POSITIVE_INFINITY
    for (const fold of this.#folds.values()) first = Math.min(first, fold.firstSeq)
    return first
  }

  /** How many events wait. */
  get waiting(): number {
    let count = 0
    for (const fold of this.#folds.values()) count += fold.count
    return count
  }

  /** When something is due next; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    let next: number | undefined
    for (const fold of this.#folds.values()) {
      if (fold.isEmpty) continue
      const dueMs = fold.lastSentMs + this.#periodMs
      if (next === undefined || dueMs < next) next = dueMs
    }
    return next
  }
}

/** One book event that does what all of them did: it follows what the first followed, and ends where the last ended. */
export function mergeBooks(books: readonly Book[]): Book {
  const changes = new Map<string, LevelChange>()
  for (const book of books) {
    for (const change of book.changes) changes.set(`${change[0]} ${change[1]}`, change)
  }
  return { ...books.at(-1)!, prevSeq: books[0]!.prevSeq, changes: [...changes.values()] }
}
