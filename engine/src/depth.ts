// What a command did to one book, as the public hears it: one `book` event with the new size of every level that was
// touched, and one `quote` when the top changed. Commands say what they touch and publish at their end.

import type { LevelChange } from '@papertape/protocol'
import { SIDE } from './codes.ts'
import type { Listing } from './listing.ts'
import type { MatchingEngine } from './matching-engine.ts'
import type { PublicLog } from './public-log.ts'
import { TopLevels } from './top-levels.ts'

export class Depth {
  readonly #engine: MatchingEngine
  readonly #log: PublicLog
  readonly #tops: readonly TopLevels[]
  /** Ticks x 2 + side of each touched level, in the order of the first touch. */
  #touched: number[] = []

  constructor(engine: MatchingEngine, log: PublicLog, listings: readonly Listing[]) {
    this.#engine = engine
    this.#log = log
    this.#tops = listings.map(listing => new TopLevels(engine, listing))
  }

  /** The command at work changes the lots at this level. */
  touch(side: number, ticks: number): void {
    if (this.#log.muted) return
    const level = ticks * 2 + side
    const touched = this.#touched
    if (touched.length > 0 && (touched[touched.length - 1] === level || touched.includes(level))) return
    touched.push(level)
  }

  /** Tells what became of the touched levels, which are all of this listing's book. */
  publish(listing: Listing): void {
    if (this.#touched.length === 0) return
    const changes: LevelChange[] = []
    const top = this.#tops[listing.index]!
    for (const level of this.#touched) {
      const side = level & 1
      const ticks = level >>> 1
      top.touch(side, ticks)
      changes.push([
        side === SIDE.buy ? 'bid' : 'ask',
        listing.price(ticks),
        listing.size(this.#lots(listing, side, ticks)),
      ])
    }
    this.#touched.length = 0
    this.#log.book(listing.symbol, listing.bookSeq, changes, top.checksum())
    listing.bookSeq = this.#log.seq
    this.#publishQuote(listing)
  }

  #lots({ index }: Listing, side: number, ticks: number): number {
    return this.#engine.levelSide(index, ticks) === side ? this.#engine.levelLots(index, ticks) : 0
  }

  #publishQuote(listing: Listing): void {
    const engine = this.#engine
    const { index, quoted } = listing
    const bid = engine.bestBid(index)
    const ask = engine.bestAsk(index)
    const bidLots = engine.levelLots(index, bid)
    const askLots = engine.levelLots(index, ask)
    if (bid === quoted.bid && ask === quoted.ask && bidLots === quoted.bidLots && askLots === quoted.askLots) return
    quoted.bid = bid
    quoted.bidLots = bidLots
    quoted.ask = ask
    quoted.askLots = askLots
    this.#log.quote(listing)
  }
}
