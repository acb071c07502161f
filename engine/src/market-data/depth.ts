// Publishes what a command has changed in one book: one `book` event with the new size of each changed level, and one
// `quote` event when the best prices or sizes have changed. book-changes.ts reports the levels.

import type { LevelChange } from '@papertape/protocol'
import { SIDE } from '../matching/codes.ts'
import type { OrderBooks } from '../matching/order-books.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isCall } from '../model/phase.ts'
import type { PublicLog } from './public-log.ts'
import { TopLevels } from './top-levels.ts'

/** From this many levels on a set finds a level faster than a search. */
const MANY = 32

export class Depth {
  readonly #books: OrderBooks
  readonly #log: PublicLog
  readonly #tops: readonly TopLevels[]
  /** Ticks x 2 + side of each touched level, in the order of the first touch. */
  readonly #touched: number[] = []
  /** The same, when there are many. */
  readonly #manyTouched = new Set<number>()

  constructor(books: OrderBooks, log: PublicLog, instruments: readonly TradedInstrument[]) {
    this.#books = books
    this.#log = log
    this.#tops = instruments.map(instrument => new TopLevels(books, instrument))
  }

  /** The current command changes the lots at this level. */
  touch(side: number, ticks: number): void {
    if (this.#log.muted) return
    const level = ticks * 2 + side
    const touched = this.#touched
    if (touched.length > 0 && (touched[touched.length - 1] === level || this.#isTouched(level))) return
    touched.push(level)
  }

  /** The touched levels are all of this instrument's book. */
  publish(instrument: TradedInstrument): void {
    if (this.#touched.length === 0) return
    const changes: LevelChange[] = []
    const top = this.#tops[instrument.index]!
    for (const level of this.#touched) {
      const side = level & 1
      const ticks = level >>> 1
      top.touch(side, ticks)
      changes.push([
        side === SIDE.buy ? 'bid' : 'ask',
        instrument.price(ticks),
        instrument.size(this.#lots(instrument, side, ticks)),
      ])
    }
    this.#touched.length = 0
    if (this.#manyTouched.size > 0) this.#manyTouched.clear()
    this.#log.book(instrument.symbol, instrument.bookSeq, changes, top.checksum())
    instrument.bookSeq = this.#log.seq
    this.quote(instrument)
  }

  #lots({ index }: TradedInstrument, side: number, ticks: number): number {
    return this.#books.levelLots(index, ticks, side)
  }

  #isTouched(level: number): boolean {
    const touched = this.#touched
    if (touched.length < MANY) return touched.includes(level)
    const many = this.#manyTouched
    for (let at = many.size; at < touched.length; at++) many.add(touched[at]!)
    return many.has(level)
  }

  /** Publishes the quote if it has changed. There is none in a call phase or while the book crosses. */
  quote(instrument: TradedInstrument): void {
    if (this.#log.muted) return
    const books = this.#books
    const { index, quoted } = instrument
    let bid = books.bestBid(index)
    let ask = books.bestAsk(index)
    if (isCall(instrument.phase) || (bid >= ask && ask !== 0)) {
      bid = 0
      ask = 0
    }
    const bidLots = books.levelLots(index, bid)
    const askLots = books.levelLots(index, ask)
    if (bid === quoted.bid && ask === quoted.ask && bidLots === quoted.bidLots && askLots === quoted.askLots) return
    quoted.bid = bid
    quoted.bidLots = bidLots
    quoted.ask = ask
    quoted.askLots = askLots
    this.#log.quote(instrument)
  }
}
