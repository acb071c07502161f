// The price levels of one symbol, both sides, indexed by price: bids in the lower half of the ladder, asks in the
// upper half. A search for the next bid runs down and one for the next ask runs up, so that one bitmap serves both
// and neither meets the other's levels. Since a price has a place on each side, the ladder may be crossed, which an
// auction will need. It keeps queues and totals; which order matches which is the engine's business.

import { assert } from './assert.ts'
import { Bitmap } from './bitmap.ts'
import { SIDE } from './codes.ts'
import { ORDER, ORDER_SHIFT, type OrderPool } from './order-pool.ts'

/** Memory is 48 bytes a tick, of which the system commits only the pages that prices touch. */
export const PRICE_TICKS_MAX = 1 << 24

const LEVEL_SHIFT = 2
const HEAD = 0
const TAIL = 1
const ORDERS = 2

export class Ladder {
  readonly priceTicksMax: number
  /** Best prices, 0 when a side is empty. */
  bestBid = 0
  bestAsk = 0
  /** Head, tail and number of orders of each level. */
  readonly #levels: Int32Array
  /** Open lots of each level. Doubles, because the sum of int32 sizes is not an int32. */
  readonly #lots: Float64Array
  readonly #occupied: Bitmap
  readonly #asksStart: number
  readonly #pool: OrderPool

  constructor(priceTicksMax: number, pool: OrderPool) {
    assert(Number.isInteger(priceTicksMax) && priceTicksMax >= 1, 'a symbol has at least one price')
    assert(priceTicksMax <= PRICE_TICKS_MAX, 'a ladder has at most 2^24 prices')
    this.priceTicksMax = priceTicksMax
    this.#asksStart = priceTicksMax + 1
    const places = this.#asksStart * 2
    this.#levels = new Int32Array(places << LEVEL_SHIFT)
    this.#lots = new Float64Array(places)
    this.#occupied = new Bitmap(places)
    this.#pool = pool
  }

  /** Puts an order at the end of the queue at its price. Its id, owner, price and lots are already in its slot. */
  append(slot: number, side: number, priceTicks: number, lots: number): void {
    const words = this.#pool.words
    const place = this.#placeOf(side, priceTicks)
    const level = place << LEVEL_SHIFT
    const levels = this.#levels
    const order = slot << ORDER_SHIFT
    const tail = levels[level + TAIL]!
    words[order + ORDER.next] = 0
    words[order + ORDER.previous] = tail
    levels[level + TAIL] = slot
    this.#lots[place]! += lots
    if (levels[level + ORDERS]!++ === 0) {
      levels[level + HEAD] = slot
      this.#occupied.set(place)
      if (side === SIDE.buy) {
        if (priceTicks > this.bestBid) this.bestBid = priceTicks
      } else if (this.bestAsk === 0 || priceTicks < this.bestAsk) this.bestAsk = priceTicks
    } else words[(tail << ORDER_SHIFT) + ORDER.next] = slot
  }

  /** Takes an order out of its queue, together with the lots it still has open. */
  remove(slot: number, side: number, priceTicks: number, lots: number): void {
    const words = this.#pool.words
    const place = this.#placeOf(side, priceTicks)
    const level = place << LEVEL_SHIFT
    const levels = this.#levels
    const order = slot << ORDER_SHIFT
    const next = words[order + ORDER.next]!
    const previous = words[order + ORDER.previous]!
    if (previous === 0) levels[level + HEAD] = next
    else words[(previous << ORDER_SHIFT) + ORDER.next] = next
    if (next === 0) levels[level + TAIL] = previous
    else words[(next << ORDER_SHIFT) + ORDER.previous] = previous
    this.#lots[place]! -= lots
    if (--levels[level + ORDERS]! === 0) this.#vacate(place, side, priceTicks)
  }

  /** Takes lots out of a level whose order stays: a partial fill or a partial cancel. */
  shrink(side: number, priceTicks: number, lots: number): void {
    this.#lots[this.#placeOf(side, priceTicks)]! -= lots
  }

  head(side: number, priceTicks: number): number {
    return this.#levels[(this.#placeOf(side, priceTicks) << LEVEL_SHIFT) + HEAD]!
  }

  orders(side: number, priceTicks: number): number {
    return this.#levels[(this.#placeOf(side, priceTicks) << LEVEL_SHIFT) + ORDERS]!
  }

  lots(side: number, priceTicks: number): number {
    return this.#lots[this.#placeOf(side, priceTicks)]!
  }

  /** The side that rests at a price, -1 when neither does; buy where a crossed book has both. */
  sideAt(priceTicks: number): number {
    if (!(priceTicks >= 1 && priceTicks <= this.priceTicksMax)) return -1
    if (this.orders(SIDE.buy, priceTicks) > 0) return SIDE.buy
    return this.orders(SIDE.sell, priceTicks) > 0 ? SIDE.sell : -1
  }

  best(side: number): number {
    return side === SIDE.buy ? this.bestBid : this.bestAsk
  }

  /** The next price of a side that is worse than this one, 0 when there is none. */
  nextWorse(side: number, priceTicks: number): number {
    return side === SIDE.buy ? this.nextBidBelow(priceTicks) : this.nextAskAbove(priceTicks)
  }

  nextBidBelow(priceTicks: number): number {
    return this.#occupied.below(priceTicks)
  }

  nextAskAbove(priceTicks: number): number {
    const place = this.#occupied.above(this.#asksStart + priceTicks)
    return place === 0 ? 0 : place - this.#asksStart
  }

  #vacate(place: number, side: number, priceTicks: number): void {
    assert(this.#lots[place] === 0, 'an empty level has no lots')
    this.#occupied.clear(place)
    if (side === SIDE.buy) {
      if (priceTicks === this.bestBid) this.bestBid = this.nextBidBelow(priceTicks)
    } else if (priceTicks === this.bestAsk) this.bestAsk = this.nextAskAbove(priceTicks)
  }

  #placeOf(side: number, priceTicks: number): number {
    return side === SIDE.buy ? priceTicks : this.#asksStart + priceTicks
  }
}
