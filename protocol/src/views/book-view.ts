// The book of an instrument as a reader keeps it: a snapshot, then changes, with the rule when a change is stale and
// when one was missed.

import { bookChecksum } from '../checksum.ts'
import { ticksOf } from '../instruments.ts'
import type { SnapshotBook } from '../schemas/feed/control-events.ts'
import type { Book, LevelChange } from '../schemas/feed/events.ts'

export type BookUpdate = 'applied' | 'stale' | 'gap'

export type PriceLevel = [price: number, size: number]

export class BookView {
  readonly #tickSize: number
  #bids: PriceLevel[] = []
  #asks: PriceLevel[] = []
  #seq = 0

  constructor(tickSize: number) {
    this.#tickSize = tickSize
  }

  /** Best first. */
  get bids(): readonly PriceLevel[] {
    return this.#bids
  }
  get asks(): readonly PriceLevel[] {
    return this.#asks
  }
  /** The newest book event that is included. */
  get seq(): number {
    return this.#seq
  }

  reset(book: SnapshotBook): void {
    this.#bids = book.bids.map(([price, size]) => [price, size])
    this.#asks = book.asks.map(([price, size]) => [price, size])
    this.#seq = book.seq
  }

  /** `gap`: the book is left unchanged, and the reader needs a new snapshot. */
  apply(book: Book): BookUpdate {
    if (book.seq <= this.#seq) return 'stale'
    if (book.prevSeq > this.#seq) return 'gap'
    for (const change of book.changes) this.#change(change)
    this.#seq = book.seq
    return 'applied'
  }

  checksum(): number {
    const inTicks = (levels: PriceLevel[]) =>
      levels.slice(0, 10).map(([price, size]) => [ticksOf(price, this.#tickSize), size] as const)
    return bookChecksum(inTicks(this.#bids), inTicks(this.#asks))
  }

  snapshot(): SnapshotBook {
    return { seq: this.#seq, bids: this.#bids.slice(), asks: this.#asks.slice(), checksum: this.checksum() }
  }

  #change([side, price, size]: LevelChange): void {
    const levels = side === 'bid' ? this.#bids : this.#asks
    const at = findLevel(levels, price, side === 'bid' ? -1 : 1)
    const found = levels[at]?.[0] === price
    if (size === 0) {
      if (found) levels.splice(at, 1)
    } else if (found) levels[at] = [price, size]
    else levels.splice(at, 0, [price, size])
  }
}

/** Index of the price, or where to insert it, in levels ordered best first. */
function findLevel(levels: readonly PriceLevel[], price: number, direction: 1 | -1): number {
  let low = 0
  let high = levels.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((levels[middle]![0] - price) * direction < 0) low = middle + 1
    else high = middle
  }
  return low
}
