// The price levels of all symbols in one array, indexed by price: the bids of the first symbol, its asks, the bids of
// the second, and so on. A search for the next bid goes down and one for the next ask goes up, so that one bitmap
// serves all book sides. A price has a place on each side, so that a book may be crossed, which an auction needs.
// Keeps queues, totals and best prices; matching-engine.ts decides what trades.

import { assert } from '../primitives/assert.ts'
import { Bitmap } from '../primitives/bitmap.ts'
import { SIDE } from './codes.ts'
import { HiddenLots } from './hidden-lots.ts'
import { BOOK_SIDE_MASK, ICEBERG, ORDER, type OrderPool, SLOT_SHIFT } from './order-pool.ts'

// Local constants become part of the machine code, imported ones are loads: a tenth of the time of a command.
const { next: NEXT, previous: PREVIOUS, owner: OWNER, place: PLACE, shownLots: SHOWN_LOTS } = ORDER
const { terms: TERMS, arrival: ARRIVAL } = ORDER
const SHIFT = SLOT_SHIFT
const MASK = BOOK_SIDE_MASK
const IS_ICEBERG = ICEBERG
const LEVEL_SHIFT = 2
const HEAD = 0
const TAIL = 1
const ORDERS = 2
const PLACES_MAX = 1 << 28

/** A book side is `symbol << 1 | side`; a place is the start of a book side plus the price in ticks. */
export class Ladder {
  /** The best price of each book side, 0 when it is empty. */
  readonly best: Int32Array
  /** The hidden lots behind those shown at each level. */
  readonly hidden: HiddenLots
  /** The first place of each book side, then the end of the ladder. */
  private readonly starts: Int32Array
  /** Head, tail and number of orders of each level. */
  private readonly levels: Int32Array
  /** Lots shown at each level: doubles, because a sum of int32 sizes may exceed int32. */
  private readonly lots: Float64Array
  private readonly occupied: Bitmap
  private readonly pool: OrderPool
  /** The number of the last arrival. */
  arrivals = 0

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
    // 32 bytes a place; the operating system commits only the pages that are used.
    this.levels = new Int32Array(places << LEVEL_SHIFT)
    this.lots = new Float64Array(places)
    this.occupied = new Bitmap(places)
    this.hidden = new HiddenLots(places, symbols.length * 2)
    this.pool = pool
  }

  /** Puts an order at the end of the queue at its price. Its other words are written already. */
  append(slot: number, bookSide: number, priceTicks: number, shownLots: number): void {
    const words = this.pool.words
    const levels = this.levels
    const place = this.starts[bookSide]! + priceTicks
    const level = place << LEVEL_SHIFT
    const order = slot << SHIFT
    const tail = levels[level | TAIL]!
    words[order | NEXT] = 0
    words[order | PREVIOUS] = tail
    words[order | PLACE] = place
    words[order | ARRIVAL] = this.arrivals = (this.arrivals + 1) | 0
    levels[level | TAIL] = slot
    levels[level | ORDERS]!++
    this.lots[place]! += shownLots
    if (tail !== 0) words[(tail << SHIFT) | NEXT] = slot
    else {
      levels[level | HEAD] = slot
      this.occupy(place, bookSide, priceTicks)
    }
  }

  /** Removes an order from its queue, with the lots that it still shows. */
  remove(slot: number): void {
    const words = this.pool.words
    const levels = this.levels
    const order = slot << SHIFT
    const place = words[order | PLACE]!
    const level = place << LEVEL_SHIFT
    const next = words[order | NEXT]!
    const previous = words[order | PREVIOUS]!
    if (previous === 0) levels[level | HEAD] = next
    else words[(previous << SHIFT) | NEXT] = next
    if (next === 0) levels[level | TAIL] = previous
    else words[(next << SHIFT) | PREVIOUS] = previous
    levels[level | ORDERS]!--
    this.lots[place]! -= words[order | SHOWN_LOTS]!
    if (next === previous) this.vacate(place, words[order | TERMS]! & MASK) // both 0: it was alone
  }

  /** Takes shown lots off an order that keeps its place: a partial fill or a partial cancel. */
  shrink(slot: number, byLots: number): void {
    const words = this.pool.words
    const order = slot << SHIFT
    words[order | SHOWN_LOTS]! -= byLots
    this.lots[words[order | PLACE]!]! -= byLots
  }

  /** Adds hidden lots to a resting iceberg; removes them where `lots` is negative. */
  hide(slot: number, lots: number): void {
    const order = slot << SHIFT
    const words = this.pool.words
    this.hidden.hide(slot, words[order | TERMS]! & MASK, words[order | PLACE]!, lots)
  }

  hiddenLots(slot: number): number {
    return (this.pool.words[(slot << SHIFT) | TERMS]! & IS_ICEBERG) === 0 ? 0 : this.hidden.hiddenLots(slot)
  }

  head(bookSide: number, priceTicks: number): number {
    return this.levels[((this.starts[bookSide]! + priceTicks) << LEVEL_SHIFT) | HEAD]!
  }

  orders(bookSide: number, priceTicks: number): number {
    return this.levels[((this.starts[bookSide]! + priceTicks) << LEVEL_SHIFT) | ORDERS]!
  }

  shownLots(bookSide: number, priceTicks: number): number {
    return this.lots[this.starts[bookSide]! + priceTicks]!
  }

  /** Shown and hidden lots. */
  openLots(bookSide: number, priceTicks: number): number {
    const place = this.starts[bookSide]! + priceTicks
    return this.lots[place]! + this.hidden.hiddenAt(bookSide, place)
  }

  /** One owner's open lots at a price, shown and hidden. Walks the queue. */
  openLotsOf(owner: number, bookSide: number, priceTicks: number): number {
    const words = this.pool.words
    let lots = 0
    for (let slot = this.head(bookSide, priceTicks); slot !== 0; slot = words[(slot << SHIFT) | NEXT]!) {
      const order = slot << SHIFT
      if (words[order | OWNER] === owner) lots += words[order | SHOWN_LOTS]! + this.hiddenLots(slot)
    }
    return lots
  }

  /** The lots shown ahead of an owner's first order at a price; -1 when the first `lotsMax` lots include none. */
  lotsBefore(owner: number, bookSide: number, priceTicks: number, lotsMax: number): number {
    const words = this.pool.words
    let lots = 0
    let slot = this.head(bookSide, priceTicks)
    while (slot !== 0 && lots < lotsMax) {
      const order = slot << SHIFT
      if (words[order | OWNER] === owner) return lots
      lots += words[order | SHOWN_LOTS]!
      slot = words[order | NEXT]!
    }
    return -1
  }

  /** The side that rests at a price, -1 when none does; buy if both do. */
  sideAt(symbol: number, priceTicks: number): number {
    if (!(priceTicks >= 1 && priceTicks <= this.priceTicksMax(symbol))) return -1
    if (this.orders(symbol << 1, priceTicks) > 0) return SIDE.buy
    return this.orders((symbol << 1) | 1, priceTicks) > 0 ? SIDE.sell : -1
  }

  priceTicksMax(symbol: number): number {
    return this.starts[(symbol << 1) | 1]! - this.starts[symbol << 1]! - 1
  }

  /** The price of a resting order. */
  priceOf(slot: number): number {
    const order = slot << SHIFT
    return this.pool.words[order | PLACE]! - this.starts[this.pool.words[order | TERMS]! & MASK]!
  }

  /** The next worse price of a book side; 0 when there is none. @param priceTicks 0 to priceTicksMax + 1. */
  nextWorse(bookSide: number, priceTicks: number): number {
    return (bookSide & 1) === 0 ? this.nextBelow(bookSide, priceTicks) : this.nextAbove(bookSide, priceTicks)
  }

  nextBelow(bookSide: number, priceTicks: number): number {
    const start = this.starts[bookSide]!
    const found = this.occupied.below(start + priceTicks)
    return found <= start ? 0 : found - start
  }

  nextAbove(bookSide: number, priceTicks: number): number {
    const start = this.starts[bookSide]!
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
