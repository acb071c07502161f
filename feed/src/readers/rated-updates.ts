// Conflates the quotes and books of one slow reader: each symbol's quote, and each symbol's book, leaves at most so
// often, as the newest state, and not more of them at once than the reader takes. A class sends what waits together
// (classes/conflation.ts); for this reader that would be more than it takes. Pure: times are handed in.

import type { Frame } from '../classes/frame.ts'
import type { MergedBooks } from '../classes/merged-books.ts'
import { PendingUpdate } from '../classes/pending-update.ts'
import type { PublishedEvent } from '../log/published-event.ts'

export interface UpdateRates {
  readonly quoteHz: number
  readonly bookHz: number
}

class RatedUpdate extends PendingUpdate {
  readonly isBook: boolean
  lastSentMs: number

  constructor(isBook: boolean, lastSentMs: number) {
    super()
    this.isBook = isBook
    this.lastSentMs = lastSentMs
  }
}

export class RatedUpdates {
  readonly #mergedBooks: MergedBooks
  readonly #sentMs: number
  readonly #updates = new Map<string, RatedUpdate>()
  /** Those in which something waits, by the first event that does: events come in the order of their numbers. */
  readonly #waiting = new Set<RatedUpdate>()
  #quotePeriodMs: number
  #bookPeriodMs: number

  /** @param sentMs when all of them were sent before. */
  constructor(mergedBooks: MergedBooks, { quoteHz, bookHz }: UpdateRates, sentMs: number) {
    this.#mergedBooks = mergedBooks
    this.#sentMs = sentMs
    this.#quotePeriodMs = 1_000 / quoteHz
    this.#bookPeriodMs = 1_000 / bookHz
  }

  /** From now on. */
  setRates({ quoteHz, bookHz }: UpdateRates): void {
    this.#quotePeriodMs = 1_000 / quoteHz
    this.#bookPeriodMs = 1_000 / bookHz
  }

  /** The number of the oldest event that waits; undefined when nothing does. */
  get firstSeq(): number | undefined {
    for (const { firstSeq } of this.#waiting) return firstSeq
    return undefined
  }

  add(event: PublishedEvent): void {
    const key = `${event.event} ${event.symbol}`
    let update = this.#updates.get(key)
    if (update === undefined) {
      update = new RatedUpdate(event.event === 'book', this.#sentMs)
      this.#updates.set(key, update)
    }
    this.#waiting.add(update)
    update.add(event)
  }

  /**
   * Frames that may leave now, those first that wait longest; all that wait when no time is given.
   * @param bytesMax no more than this and one frame; at least one.
   */
  flushDue(nowMs = Number.POSITIVE_INFINITY, bytesMax = Number.POSITIVE_INFINITY): Frame[] {
    const frames: Frame[] = []
    let bytes = 0
    for (const update of this.#waiting) {
      if (!this.#isDue(update, nowMs)) continue
      this.#waiting.delete(update)
      update.lastSentMs = nowMs
      const frame = update.flush(this.#mergedBooks)
      frames.push(frame)
      bytes += frame.data.length
      if (bytes >= bytesMax) break
    }
    return frames
  }

  /** Whether flushDue() would have any. */
  hasDue(nowMs: number): boolean {
    for (const update of this.#waiting) {
      if (this.#isDue(update, nowMs)) return true
    }
    return false
  }

  #isDue({ isBook, lastSentMs }: RatedUpdate, nowMs: number): boolean {
    return nowMs - lastSentMs >= (isBook ? this.#bookPeriodMs : this.#quotePeriodMs)
  }
}
