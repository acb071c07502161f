// The price levels of all symbols end to end in one array, indexed by price: bids of the first symbol, its asks, bids
// of the second, and so on. A search for the next bid runs down and one for the next ask runs up, so that one bitmap
// serves every book side. A price has a place on each side, so a book may be crossed, which an auction needs.
// It keeps queues, totals and best prices; who trades with whom is the engine's business.

import { assert } from './assert.ts'
import { Bitmap } from './bitmap.ts'
import { SIDE } from './codes.ts'
import { ORDER, type OrderPool, SLOT_SHIFT } from './order-pool.ts'

// Local constants fold into the machine code, imported ones are loads: measured, a tenth of the time of a command.
const { next: NEXT, previous: PREVIOUS, place: PLACE, openLots: OPEN_LOTS, bookSide: BOOK_SIDE } = ORDER
const SHIFT = SLOT_SHIFT
const LEVEL_SHIFT = 2
const HEAD = 0
const TAIL = 1
const ORDERS = 2
const PLACES_MAX = 1 << 28

/** Speaks of a book side, `symbol << 1 | side`, and of a place, a book side's start plus the price in ticks. */
export class Ladder {
  /** The best price of each book side, 0 when it is empty. */
  readonly best: Int32Array
  /** Where each book side starts, and after the last one, where the ladder ends. */
  private readonly starts: Int32Array
  /** Head, tail and number of orders of each level. */
  private readonly levels: Int32Array
  /** Open lots of each level: doubles, because the sum of int32 sizes is no int32. */
  private readonly lots: Float64Array
  private readonly occupied: Bitmap
  private readonly pool: OrderPool

  constructor(symbols: readonly { readonly priceTicksMax: number }[], pool: OrderPool) {
    this.best = new Int32Array(symbols.length * 2)
    this.starts = new Int32Array(symbols.length * 2 + 1)
    let places = 0
    symbols.forEach(({ priceTicksMax }, symbol) => {
      assert(Number.isInteger(priceTicksMax) && priceTicksMax >= 1, 'a symbol has at least one price')
      this.starts[symbol * 2 + 1] = places + priceTicksMax + 1
      places += (priceTicksMax + 1) * 2
      assert(places <= PLACES_MAX, 'the ladder stays addressable')
      this.starts[symbol * 2 + 2] = places
    })
    // 24 bytes a place; the system commits only the pages that prices touch.
    this.levels = new Int32Array(places << LEVEL_SHIFT)
    this.lots = new Float64Array(places)
    this.occupied = new Bitmap(places)
    this.pool = pool
  }

  /** Puts an order at the end of the queue at its price. The rest of its words are already written. */
  append(slot: number, bookSide: number, priceTicks: number, openLots: number): void {
    const words = this.pool.words
    const levels = this.levels
    const place = this.starts[bookSide]! + priceTicks
    const level = place << LEVEL_SHIFT
    const order = slot << SHIFT
    const tail = levels[level + TAIL]!
    words[order + NEXT] = 0
    words[order + PREVIOUS] = tail
    words[order + PLACE] = place
    levels[level + TAIL] = slot
    levels[level + ORDERS]!++
    this.lots[place]! += openLots
    if (tail !== 0) words[(tail << SHIFT) + NEXT] = slot
    else {
      levels[level + HEAD] = slot
      this.occupy(place, bookSide, priceTicks)
    }
  }

  /** Takes an order out of its queue, with the lots it still has open. */
  remove(slot: number): void {
    const words = this.pool.words
    const levels = this.levels
    const order = slot << SHIFT
    const place = words[order + PLACE]!
    const level = place << LEVEL_SHIFT
    const next = words[order + NEXT]!
    const previous = words[order + PREVIOUS]!
    if (previous === 0) levels[level + HEAD] = next
    else words[(previous << SHIFT) + NEXT] = next
    if (next === 0) levels[level + TAIL] = previous
    else words[(next << SHIFT) + PREVIOUS] = previous
    levels[level + ORDERS]!--
    this.lots[place]! -= words[order + OPEN_LOTS]!
    if (next === previous) this.vacate(place, words[order + BOOK_SIDE]!) // both 0: it was alone
  }

  /** Takes lots off an order that stays where it is: a partial fill or a partial cancel. */
  shrink(slot: number, byLots: number): void {
    const words = this.pool.words
    const order = slot << SHIFT
    words[order + OPEN_LOTS]! -= byLots
    this.lots[words[order + PLACE]!]! -= byLots
  }

  head(bookSide: number, priceTicks: number): number {
    return this.levels[((this.starts[bookSide]! + priceTicks) << LEVEL_SHIFT) + HEAD]!
  }

  orders(bookSide: number, priceTicks: number): number {
    return this.levels[((this.starts[bookSide]! + priceTicks) << LEVEL_SHIFT) + ORDERS]!
  }

  openLots(bookSide: number, priceTicks: number): number {
    return this.lots[this.starts[bookSide]! + priceTicks]!
  }

  /** The side that rests at a price, -1 when none does; buy where both sides of a crossed book do. */
  sideAt(symbol: number, priceTicks: number): number {
    if (!(priceTicks >= 1 && priceTicks <= this.priceTicksMax(symbol))) return -1
    if (this.orders(symbol << 1, priceTicks) > 0) return SIDE.buy
    return this.orders((symbol << 1) | 1, priceTicks) > 0 ? SIDE.sell : -1
  }

  priceTicksMax(symbol: number): number {
    return this.starts[(symbol << 1) | 1]! - this.starts[symbol << 1]! - 1
  }

  /** The price of an order that rests. */
  priceOf(slot: number): number {
    const order = slot << SHIFT
    return this.pool.words[order + PLACE]! - this.starts[this.pool.words[order + BOOK_SIDE]!]!
  }

  /** The next price of a book side worse than this one, which lies in 0..priceTicksMax + 1; 0 when there is none. */
  nextWorse(bookSide: number, priceTicks: number): number {
    const start = this.starts[bookSide]!
    if ((bookSide & 1) === 0) {
      const found = this.occupied.below(start + priceTicks)
      return found <= start ? 0 : found - start
    }
    const found = this.occupied.above(start + priceTicks)
    return found === 0 || found >= this.starts[bookSide + 1]! ? 0 : found - start
  }

  private occupy(place: number, bookSide: number, priceTicks: number): void {
    this.occupied.set(place)
    const best = this.best[bookSide]!
    const isBest = best === 0 || ((bookSide & 1) === 0 ? priceTicks > best : priceTicks < best)
    if (isBest) this.best[bookSide] = priceTicks
  }

  private vacate(place: number, bookSide: number): void {
    assert(this.lots[place] === 0, 'an empty level has no lots')
    this.occupied.clear(place)
    const priceTicks = place - this.starts[bookSide]!
    if (priceTicks === this.best[bookSide]) this.best[bookSide] = this.nextWorse(bookSide, priceTicks)
  }
}
