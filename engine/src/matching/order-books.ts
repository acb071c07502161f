// The books of all symbols and all queries about them: resting orders, queues, levels, and what a taker could trade.
// Nothing here changes a book: the subclass in matching-engine.ts does.

import { assert, broken } from '../primitives/assert.ts'
import { IdTable } from '../primitives/id-table.ts'
import { type CallAuction, findAuctionPrice } from './auction-price.ts'
import { SELF_TRADE, SIDE } from './codes.ts'
import { Ladder } from './ladder.ts'
import { BOOK_SIDE_MASK, ICEBERG, ORDER, OrderPool, SELF_TRADE_SHIFT, SLOT_SHIFT } from './order-pool.ts'
import { costBesideOwn, fillableBesideOwn } from './self-trade.ts'
import { costToFill, fillableLots, limitOf } from './sweep.ts'

// Local constants become part of the machine code, imported ones are loads.
const { next: NEXT, previous: PREVIOUS, id: ID, owner: OWNER, shownLots: SHOWN_LOTS, terms: TERMS } = ORDER
const SHIFT = SLOT_SHIFT
const MASK = BOOK_SIDE_MASK
const NONE = SELF_TRADE.none

/** The table grows with the orders: spread over a table for all that may rest, the ids of few would miss the caches. */
const IDS_FIRST = 8_192

export abstract class OrderBooks {
  protected readonly pool: OrderPool
  protected readonly ids: IdTable
  protected readonly ladder: Ladder
  private readonly symbolsCount: number
  private readonly auction: CallAuction = { priceTicks: 0, pairedLots: 0, imbalanceLots: 0 }

  constructor(symbols: readonly { readonly priceTicksMax: number }[], ordersMax: number) {
    assert(Number.isInteger(ordersMax) && ordersMax >= 1, 'there is room for one order')
    this.pool = new OrderPool(ordersMax)
    this.ids = new IdTable(Math.min(ordersMax, IDS_FIRST))
    this.ladder = new Ladder(symbols, this.pool)
    this.symbolsCount = symbols.length
  }

  /** The number of the last arrival: see arrival(). */
  get lastArrival(): number {
    return this.ladder.arrivals
  }

  /** Resting orders of all symbols. */
  orderCount(): number {
    return this.pool.count
  }

  // Queries about one symbol's book. A price out of range is an empty level.

  /** The highest bid in ticks, 0 when there is none. */
  bestBid(symbol: number): number {
    return this.ladder.best[this.bookSide(symbol, SIDE.buy)]!
  }

  /** The lowest ask in ticks, 0 when there is none. */
  bestAsk(symbol: number): number {
    return this.ladder.best[this.bookSide(symbol, SIDE.sell)]!
  }

  /** The next bid price below a price, which need not be a level; 0 when there is none. */
  nextBidBelow(symbol: number, priceTicks: number): number {
    const bookSide = this.bookSide(symbol, SIDE.buy)
    return this.ladder.nextBelow(bookSide, Math.max(0, Math.min(priceTicks, this.ladder.priceTicksMax(symbol) + 1)))
  }

  /** The next ask price above a price, which need not be a level; 0 when there is none. */
  nextAskAbove(symbol: number, priceTicks: number): number {
    const bookSide = this.bookSide(symbol, SIDE.sell)
    return this.ladder.nextAbove(bookSide, Math.max(0, Math.min(priceTicks, this.ladder.priceTicksMax(symbol))))
  }

  /** SIDE.buy, SIDE.sell, or -1 when nothing rests at the price; buy if both sides do, as they may in a call phase. */
  levelSide(symbol: number, priceTicks: number): number {
    return this.ladder.sideAt(this.bookSide(symbol, SIDE.buy) >> 1, priceTicks)
  }

  // Queries about a level. Both sides may rest at a price in a call phase: pass `side` then.

  /** The lots shown. */
  levelLots(symbol: number, priceTicks: number, side = this.levelSide(symbol, priceTicks)): number {
    if (side < 0 || !this.isPrice(symbol, priceTicks)) return 0
    return this.ladder.shownLots(this.bookSide(symbol, side), priceTicks)
  }

  levelOrders(symbol: number, priceTicks: number, side = this.levelSide(symbol, priceTicks)): number {
    if (side < 0 || !this.isPrice(symbol, priceTicks)) return 0
    return this.ladder.orders(this.bookSide(symbol, side), priceTicks)
  }

  /** The first order of the queue, 0 when nothing rests there. */
  headOrder(symbol: number, priceTicks: number, side = this.levelSide(symbol, priceTicks)): number {
    if (side < 0 || !this.isPrice(symbol, priceTicks)) return 0
    const slot = this.ladder.head(this.bookSide(symbol, side), priceTicks)
    return slot === 0 ? 0 : this.word(slot, ID)
  }

  /**
   * How many of `sizeLots` a taker could trade now, no worse than `limitTicks` (0: at any price). With self-trade
   * prevention: how many before it takes lots off the taker.
   */
  fillableLots(
    symbol: number,
    side: number,
    sizeLots: number,
    limitTicks: number,
    owner = 0,
    selfTrade: number = NONE,
  ): number {
    const bookSide = this.bookSide(symbol, side)
    const limit = limitOf(this.ladder, bookSide, limitTicks)
    if (selfTrade === NONE) return fillableLots(this.ladder, bookSide, sizeLots, limit)
    return fillableBesideOwn(this.ladder, bookSide, sizeLots, limit, owner, selfTrade)
  }

  /**
   * What the fillable part of `sizeLots` would cost now, in ticks x lots: a double, exact up to 2^53. With
   * SELF_TRADE.decrement, what it would cost at most.
   */
  costToFill(
    symbol: number,
    side: number,
    sizeLots: number,
    limitTicks: number,
    owner = 0,
    selfTrade: number = NONE,
  ): number {
    const bookSide = this.bookSide(symbol, side)
    const limit = limitOf(this.ladder, bookSide, limitTicks)
    if (selfTrade === NONE) return costToFill(this.ladder, bookSide, sizeLots, limit)
    return costBesideOwn(this.ladder, bookSide, sizeLots, limit, owner, selfTrade)
  }

  /**
   * The result of an auction of this book now; of equally good prices the one nearest to `referenceTicks`. The same
   * object every time: read it before the next call.
   */
  callAuction(symbol: number, referenceTicks: number): CallAuction {
    return findAuctionPrice(this.ladder, this.bookSide(symbol, SIDE.buy), referenceTicks, this.auction)
  }

  // Queries about one order. For an id that does not rest, ids and amounts are 0, other values -1.

  has(orderId: number): boolean {
    return this.ids.slotOf(orderId) !== 0
  }

  /** Shown and hidden lots. */
  openLots(orderId: number): number {
    const slot = this.ids.slotOf(orderId)
    return slot === 0 ? 0 : this.openLotsAt(slot)
  }

  /** The lots that the book shows. */
  shownLots(orderId: number): number {
    return this.wordOf(orderId, SHOWN_LOTS, 0)
  }

  hiddenLots(orderId: number): number {
    const slot = this.ids.slotOf(orderId)
    return slot === 0 ? 0 : this.ladder.hiddenLots(slot)
  }

  /** The most that an iceberg shows; 0: the order is no iceberg. */
  displayLots(orderId: number): number {
    const slot = this.ids.slotOf(orderId)
    return (this.wordOf(orderId, TERMS, 0) & ICEBERG) === 0 ? 0 : this.ladder.hidden.displayLots(slot)
  }

  /** SELF_TRADE, with which a replace of the order enters. */
  selfTradeOf(orderId: number): number {
    const terms = this.wordOf(orderId, TERMS, -1)
    return terms < 0 ? -1 : (terms >> SELF_TRADE_SHIFT) & 7
  }

  priceOf(orderId: number): number {
    const slot = this.ids.slotOf(orderId)
    return slot === 0 ? 0 : this.ladder.priceOf(slot)
  }

  ownerOf(orderId: number): number {
    return this.wordOf(orderId, OWNER, -1)
  }

  sideOf(orderId: number): number {
    const terms = this.wordOf(orderId, TERMS, -1)
    return terms < 0 ? -1 : terms & 1
  }

  symbolOf(orderId: number): number {
    const terms = this.wordOf(orderId, TERMS, -1)
    return terms < 0 ? -1 : (terms & MASK) >> 1
  }

  /**
   * When the order joined its queue, when placed or when it last lost its place. Of two orders at one price, a came
   * before b if ((arrival(a) - arrival(b)) | 0) < 0: numbers wrap around after 2^32 arrivals.
   */
  arrival(orderId: number): number {
    return this.wordOf(orderId, ORDER.arrival, 0)
  }

  /** The order behind this one in its queue, 0 at the end. */
  nextInQueue(orderId: number): number {
    const next = this.wordOf(orderId, NEXT, 0)
    return next === 0 ? 0 : this.word(next, ID)
  }

  /** The lots that trade before this order at its price. Walks the queue: not for hot paths. */
  aheadLots(orderId: number): number {
    let ahead = 0
    let slot = this.wordOf(orderId, PREVIOUS, 0)
    while (slot !== 0) {
      ahead += this.word(slot, SHOWN_LOTS)
      slot = this.word(slot, PREVIOUS)
    }
    return ahead
  }

  protected bookSide(symbol: number, side: number): number {
    if (!(symbol >= 0 && symbol < this.symbolsCount)) throw broken('the symbol exists')
    if (side !== 0 && side !== 1) throw broken('an order buys or sells')
    return (symbol << 1) | side
  }

  protected openLotsAt(slot: number): number {
    return this.word(slot, SHOWN_LOTS) + this.ladder.hiddenLots(slot)
  }

  protected word(slot: number, field: number): number {
    return this.pool.words[(slot << SHIFT) | field]!
  }

  private wordOf(orderId: number, field: number, absent: number): number {
    const slot = this.ids.slotOf(orderId)
    return slot === 0 ? absent : this.word(slot, field)
  }

  private isPrice(symbol: number, priceTicks: number): boolean {
    return priceTicks >= 1 && priceTicks <= this.ladder.priceTicksMax(symbol)
  }
}
