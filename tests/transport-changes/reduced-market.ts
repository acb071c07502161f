// Quotes and books as a reader has reduced them from what it received: a snapshot, then events. Each change of a book
// is checked by its checksum. Does not know which events must arrive: the readers do.

import assert from 'node:assert/strict'
import { type Book, BookView, type InstrumentSnapshot, type Quote } from '@papertape/protocol'

/** What an answer of REST says of the market. */
export interface MarketLook {
  readonly quotes?: readonly Quote[]
  readonly book?: BookLook
}
interface BookLook {
  readonly symbol: string
  readonly bids: readonly (readonly number[])[]
  readonly asks: readonly (readonly number[])[]
  readonly checksum: number
}

export class ReducedMarket {
  /** Book changes whose checksum was checked. */
  booksChecked = 0
  readonly #quotes = new Map<string, Quote>()
  readonly #books = new Map<string, BookView>()
  readonly #tickSizes: ReadonlyMap<string, number>

  /** @param tickSizes by symbol */
  constructor(tickSizes: ReadonlyMap<string, number>) {
    this.#tickSizes = tickSizes
    this.clear()
  }

  /** As before the first event of the market. */
  clear(): void {
    this.#quotes.clear()
    for (const [symbol, tickSize] of this.#tickSizes) this.#books.set(symbol, new BookView(tickSize))
  }

  quoteSeq(symbol: string): number {
    return this.#quotes.get(symbol)?.seq ?? 0
  }
  bookSeq(symbol: string): number {
    return this.#book(symbol).seq
  }

  reset(instruments: readonly InstrumentSnapshot[]): void {
    for (const { symbol, quote, book } of instruments) {
      if (quote !== null) this.#quotes.set(symbol, quote)
      this.#book(symbol).reset(book!)
      assert.equal(this.#book(symbol).checksum(), book!.checksum, `the checksum of the snapshot's ${symbol}`)
    }
  }

  takeQuote({ folded: _, ...quote }: Quote): void {
    this.#quotes.set(quote.symbol, quote)
  }

  /** @throws when a change was missed or the checksum is another */
  takeBook(change: Book): void {
    const { symbol, seq, prevSeq, checksum } = change
    const book = this.#book(symbol)
    const before = book.seq
    const update = book.apply(change)
    assert.notEqual(update, 'gap', `book ${seq} of ${symbol} follows ${prevSeq}, and the book is at ${before}`)
    if (update === 'stale') return
    assert.equal(book.checksum(), checksum, `the checksum of ${symbol} after ${seq}`)
    this.booksChecked++
  }

  /** @returns what differs from it */
  differences({ quotes = [], book }: MarketLook): string[] {
    const found = quotes.flatMap(quote => {
      const own = JSON.stringify(this.#quotes.get(quote.symbol))
      return own === JSON.stringify(quote) ? [] : [`quote ${own} is ${JSON.stringify(quote)}`]
    })
    return book === undefined ? found : [...found, ...this.#bookDifferences(book)]
  }

  #bookDifferences(book: BookLook): string[] {
    const own = this.#book(book.symbol).snapshot()
    const found: string[] = []
    for (const side of ['bids', 'asks'] as const) {
      const given = JSON.stringify(book[side].map(([price, size]) => [price, size]))
      const held = JSON.stringify(own[side].slice(0, book[side].length))
      if (given !== held) found.push(`${side} of ${book.symbol} ${held} are ${given}`)
    }
    if (own.checksum !== book.checksum) found.push(`checksum of ${book.symbol} ${own.checksum} is ${book.checksum}`)
    return found
  }

  #book(symbol: string): BookView {
    const book = this.#books.get(symbol)
    if (book === undefined) throw new Error(`there is no ${symbol}`)
    return book
  }
}
