// What a command did to one book, as the public hears it: one `book` event with the new size of every level that was
// touched, and one `quote` when the top changed. Commands say what they touch and publish at their end.

import type { LevelChange } from '@papertape/protocol'
import { SIDE } from '../matching/codes.ts'
import type { MatchingEngine } from '../matching/matching-engine.ts'
import type { Listing } from '../model/instrument.ts'
import { isCall } from '../model/phase.ts'
import type { PublicLog } from './public-log.ts'
import { TopLevels } from './top-levels.ts'

/** Levels that are looked through for one of them, at most. */
const MANY = 32

export class Depth {
  readonly #engine: MatchingEngine
  readonly #log: PublicLog
  readonly #tops: readonly TopLevels[]
  /** Ticks x 2 + side of each touched level, in the order of the first touch. */
  readonly #touched: number[] = []
  /** The same, once they are too many to look through. */
  readonly #manyTouched = new Set<number>()

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
    if (touched.length > 0 && (touched[touched.length - 1] === level || this.#isTouched(level))) return
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
    if (this.#manyTouched.size > 0) this.#manyTouched.clear()
    this.#log.book(listing.symbol, listing.bookSeq, changes, top.checksum())
    listing.bookSeq = this.#log.seq
    this.quote(listing)
  }

  #lots({ index }: Listing, side: number, ticks: number): number {
    return this.#engine.levelLots(index, ticks, side)
  }

  #isTouched(level: number): boolean {
    const touched = this.#touched
    if (touched.length < MANY) return touched.includes(level)
    const many = this.#manyTouched
    for (let at = many.size; at < touched.length; at++) many.add(touched[at]!)
    return many.has(level)
  }

  /** Tells the quote if it has changed. It is firm: while orders are collected, or cross, there is none. */
  quote(listing: Listing): void {
    if (this.#log.muted) return
    const engine = this.#engine
    const { index, quoted } = listing
    let bid = engine.bestBid(index)
    let ask = engine.bestAsk(index)
    if (isCall(listing.phase) || (bid >= ask && ask !== 0)) {
      bid = 0
      ask = 0
    }
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
