// The quotes or books of one symbol that wait to be sent as one frame: the newest quote, or the books merged. Does not
// know when it leaves.

import type { Book } from '@papertape/protocol'
import type { PublishedEvent } from '../log/published-event.ts'
import { conflatedFrame, type Frame } from './frame.ts'
import { type MergedBooks, mergeBooks } from './merged-books.ts'

/** So many books wait one by one; more are merged, so that what waits is bounded by the levels of the book. */
const BOOKS_WAITING_MAX = 256

export class PendingUpdate {
  /** The oldest event that waits; of no meaning when none does. */
  firstSeq = 0
  #newest: PublishedEvent | undefined
  #books: Book[] = []
  #count = 0

  add(event: PublishedEvent): void {
    if (this.#newest === undefined) this.firstSeq = event.seq
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
