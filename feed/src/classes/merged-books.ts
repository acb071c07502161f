// Merges successive book events of a symbol into one. Classes that conflate the same stretch of the log share the merge
// and its JSON, whatever their filters and rates are.

import type { Book, LevelChange } from '@papertape/protocol'

/** Merges of the last flushes; what is needed again after that is merged again. */
const MERGES_KEPT = 256

export class MergedBooks {
  /** JSON by symbol and the sequence numbers that it leads from and to. */
  readonly #merges = new Map<string, string>()

  /** @param books successive events of one symbol. @returns JSON. */
  encode(books: readonly Book[]): string {
    const last = books.at(-1)!
    const key = `${last.symbol} ${books[0]!.prevSeq} ${last.seq}`
    let data = this.#merges.get(key)
    if (data === undefined) {
      data = JSON.stringify(mergeBooks(books))
      this.#merges.set(key, data)
      if (this.#merges.size > MERGES_KEPT) this.#merges.delete(this.#merges.keys().next().value!)
    }
    return data
  }
}

/** One book event with the effect of all: it follows what the first followed, and ends where the last ended. */
export function mergeBooks(books: readonly Book[]): Book {
  const changes = new Map<string, LevelChange>()
  for (const book of books) {
    for (const change of book.changes) changes.set(`${change[0]} ${change[1]}`, change)
  }
  return { ...books.at(-1)!, prevSeq: books[0]!.prevSeq, changes: [...changes.values()] }
}
