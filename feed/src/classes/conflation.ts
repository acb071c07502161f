// Conflates quotes and books: what changes in a period leaves together at its end, each as the newest state; after a
// pause it leaves at once. One write then has what many symbols have changed. Pure: the time is handed in. Other events
// never come here; see build-page.ts.

import type { PublishedEvent } from '../log/published-event.ts'
import type { Frame } from './frame.ts'
import type { MergedBooks } from './merged-books.ts'
import { PendingUpdate } from './pending-update.ts'

export class Conflation {
  readonly #periodMs: number
  readonly #mergedBooks: MergedBooks
  readonly #updates = new Map<string, PendingUpdate>()
  /** Those in which something waits, by the first event that does: events come in the order of their numbers. */
  readonly #waiting = new Set<PendingUpdate>()
  /** When something left last. */
  #sentMs = Number.NEGATIVE_INFINITY
  #waitingCount = 0

  /** @param maxHz how often what waits may leave, and so each symbol's quote, and each symbol's book. */
  constructor(mergedBooks: MergedBooks, maxHz = Number.POSITIVE_INFINITY) {
    this.#mergedBooks = mergedBooks
    this.#periodMs = 1_000 / maxHz
  }

  /** Adds a quote or book, which waits until it is flushed. */
  add(event: PublishedEvent): void {
    const key = `${event.event} ${event.symbol}`
    let update = this.#updates.get(key)
    if (update === undefined) {
      update = new PendingUpdate()
      this.#updates.set(key, update)
    }
    this.#waiting.add(update)
    this.#waitingCount++
    update.add(event)
  }

  /** What waits, when it may leave now: what has waited longest is first. Always, when no time is given. */
  flushDue(nowMs = Number.POSITIVE_INFINITY): Frame[] {
    if (this.#waiting.size === 0 || nowMs - this.#sentMs < this.#periodMs) return []
    this.#sentMs = nowMs
    const frames = Array.from(this.#waiting, update => update.flush(this.#mergedBooks))
    this.#waiting.clear()
    this.#waitingCount = 0
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

  /** When what waits may leave; undefined when nothing does. */
  nextDueMs(): number | undefined {
    return this.#waiting.size === 0 ? undefined : this.#sentMs + this.#periodMs
  }
}
