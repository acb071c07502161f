// The numeric matching core: many symbols, price-time priority, integers only. Commands take numbers and answer a
// number; what traded is read from `events` before the next command. Nothing is allocated per order: the order
// pool, the id table and the event buffer double when they are full, and that is all. It knows no accounts, phases
// or clock. Its one caller is the exchange, and the tools that measure it.

import { isSize, mayRest, refusalByBook, refusalOfTerms } from './admission.ts'
import { assert, isInt32 } from './assert.ts'
import { RESULT, SIDE } from './codes.ts'
import { EventBuffer } from './event-buffer.ts'
import { IdTable } from './id-table.ts'
import { Ladder } from './ladder.ts'
import { ORDER, OrderPool, SLOT_SHIFT } from './order-pool.ts'
import { costToFill, fillableLots, limitOf, reaches } from './sweep.ts'

export { EVENT, INSTRUCTION, RESULT, SIDE } from './codes.ts'

export interface MatchingEngineOptions {
  /** One entry a symbol, known by its index from then on. Prices run from 1 to priceTicksMax. */
  readonly symbols: readonly { readonly priceTicksMax: number }[]
  /** Resting orders to make room for. More than that is no failure, the pool doubles. */
  readonly ordersMax: number
  /** Fills of one command to make room for. More than that is no failure either. */
  readonly eventsMax?: number
}

const EVENTS_MAX_DEFAULT = 1024

// Local constants fold into the machine code, imported ones are loads.
const { next: NEXT, previous: PREVIOUS, id: ID, owner: OWNER, openLots: OPEN_LOTS, bookSide: BOOK_SIDE } = ORDER
const SHIFT = SLOT_SHIFT

export function createMatchingEngine(options: MatchingEngineOptions): MatchingEngine {
  return new MatchingEngine(options)
}

export class MatchingEngine {
  /** The fills of the last command. */
  readonly events: EventBuffer
  private readonly pool: OrderPool
  private readonly ids: IdTable
  private readonly ladder: Ladder
  private readonly symbolsCount: number
  private lotsRested = 0

  constructor({ symbols, ordersMax, eventsMax = EVENTS_MAX_DEFAULT }: MatchingEngineOptions) {
    assert(Number.isInteger(ordersMax) && ordersMax >= 1, 'there is room for one order')
    this.events = new EventBuffer(eventsMax)
    this.pool = new OrderPool(ordersMax)
    this.ids = new IdTable(ordersMax)
    this.ladder = new Ladder(symbols, this.pool)
    this.symbolsCount = symbols.length
  }

  /**
   * A new order. `priceTicks` 0 with immediateOrCancel or fillOrKill means any price (a market order).
   * Answers RESULT.rested, filled or lapsed, or why the order was refused, in which case nothing changed.
   * Ids are the caller's, positive int32; one may be used again when its order is gone.
   */
  place(
    symbol: number,
    orderId: number,
    owner: number,
    side: number,
    priceTicks: number,
    sizeLots: number,
    instruction: number,
  ): number {
    assert(side === 0 || side === 1, 'an order buys or sells')
    assert(isInt32(owner), 'an owner is an int32')
    const bookSide = this.bookSide(symbol, side)
    this.startCommand(orderId)
    const refusal = refusalOfTerms(this.ladder.priceTicksMax(symbol), priceTicks, sizeLots, instruction)
    if (refusal < 0) return refusal
    if (this.ids.slotOf(orderId) !== 0) return RESULT.duplicateOrder
    const limitTicks = limitOf(this.ladder, bookSide, priceTicks)
    const inability = refusalByBook(this.ladder, bookSide, limitTicks, sizeLots, instruction)
    if (inability < 0) return inability
    return this.enter(bookSide, orderId, owner, limitTicks, sizeLots, instruction)
  }

  /** Takes an order out of the book. Answers the lots it had open, or RESULT.unknownOrder. */
  cancel(orderId: number): number {
    this.startCommand(orderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const openLots = this.word(slot, OPEN_LOTS)
    this.leave(slot)
    return openLots
  }

  /**
   * Cancels part of an order, which keeps its place; the order goes when nothing is left.
   * Answers the lots taken away, at most those that were open, or RESULT.unknownOrder or badSize.
   */
  reduce(orderId: number, byLots: number): number {
    this.startCommand(orderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    if (!isSize(byLots)) return RESULT.badSize
    const openLots = this.word(slot, OPEN_LOTS)
    if (byLots < openLots) this.ladder.shrink(slot, byLots)
    else this.leave(slot)
    return Math.min(byLots, openLots)
  }

  /**
   * Changes price or size, and the id if `newOrderId` is another. `sizeLots` is what shall be open from now on.
   * An order that stays at its price and grows no larger keeps its place, provided that its instruction lets it
   * rest; any other one leaves, matches at its new price and rests what is left at the end of the queue.
   * Answers as place() does. A refused replace leaves the resting order as it was.
   */
  replace(orderId: number, newOrderId: number, priceTicks: number, sizeLots: number, instruction: number): number {
    this.startCommand(newOrderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const bookSide = this.word(slot, BOOK_SIDE)
    const refusal = refusalOfTerms(this.ladder.priceTicksMax(bookSide >> 1), priceTicks, sizeLots, instruction)
    if (refusal < 0) return refusal
    if (newOrderId !== orderId && this.ids.slotOf(newOrderId) !== 0) return RESULT.duplicateOrder
    const smallerBy = this.word(slot, OPEN_LOTS) - sizeLots
    if (priceTicks === this.ladder.priceOf(slot) && smallerBy >= 0 && mayRest(instruction)) {
      return this.amend(slot, newOrderId, smallerBy)
    }
    const limitTicks = limitOf(this.ladder, bookSide, priceTicks)
    const inability = refusalByBook(this.ladder, bookSide, limitTicks, sizeLots, instruction)
    if (inability < 0) return inability
    const owner = this.word(slot, OWNER)
    this.leave(slot)
    return this.enter(bookSide, newOrderId, owner, limitTicks, sizeLots, instruction)
  }

  /** How much of the order of the last place() or replace() rests in the book; 0 after any other command. */
  restedLots(): number {
    return this.lotsRested
  }

  /** Resting orders of all symbols. */
  orderCount(): number {
    return this.pool.count
  }

  // What follows asks about one symbol's book. Prices out of range are merely empty.

  /** The highest bid in ticks, 0 when there is none. */
  bestBid(symbol: number): number {
    return this.ladder.best[this.bookSide(symbol, SIDE.buy)]!
  }

  /** The lowest ask in ticks, 0 when there is none. */
  bestAsk(symbol: number): number {
    return this.ladder.best[this.bookSide(symbol, SIDE.sell)]!
  }

  /** The next bid price below a price that need not be a level itself, 0 when there is none. */
  nextBidBelow(symbol: number, priceTicks: number): number {
    const bookSide = this.bookSide(symbol, SIDE.buy)
    return this.ladder.nextWorse(bookSide, Math.max(0, Math.min(priceTicks, this.ladder.priceTicksMax(symbol) + 1)))
  }

  /** The next ask price above a price that need not be a level itself, 0 when there is none. */
  nextAskAbove(symbol: number, priceTicks: number): number {
    const bookSide = this.bookSide(symbol, SIDE.sell)
    return this.ladder.nextWorse(bookSide, Math.max(0, Math.min(priceTicks, this.ladder.priceTicksMax(symbol))))
  }

  levelLots(symbol: number, priceTicks: number): number {
    const side = this.levelSide(symbol, priceTicks)
    return side < 0 ? 0 : this.ladder.openLots(this.bookSide(symbol, side), priceTicks)
  }

  levelOrders(symbol: number, priceTicks: number): number {
    const side = this.levelSide(symbol, priceTicks)
    return side < 0 ? 0 : this.ladder.orders(this.bookSide(symbol, side), priceTicks)
  }

  /** SIDE.buy, SIDE.sell, or -1 when nothing rests at the price. */
  levelSide(symbol: number, priceTicks: number): number {
    return this.ladder.sideAt(this.bookSide(symbol, SIDE.buy) >> 1, priceTicks)
  }

  /** The order at the front of a level's queue, 0 when nothing rests there. */
  headOrder(symbol: number, priceTicks: number): number {
    const side = this.levelSide(symbol, priceTicks)
    return side < 0 ? 0 : this.word(this.ladder.head(this.bookSide(symbol, side), priceTicks), ID)
  }

  /** How many of `sizeLots` a taker could trade now, no worse than `limitTicks` (0: at any price). */
  fillableLots(symbol: number, side: number, sizeLots: number, limitTicks: number): number {
    const bookSide = this.bookSide(symbol, side)
    return fillableLots(this.ladder, bookSide, sizeLots, limitOf(this.ladder, bookSide, limitTicks))
  }

  /** What the fillable part of `sizeLots` would cost now, in ticks x lots: a double, exact up to 2^53. */
  costToFill(symbol: number, side: number, sizeLots: number, limitTicks: number): number {
    const bookSide = this.bookSide(symbol, side)
    return costToFill(this.ladder, bookSide, sizeLots, limitOf(this.ladder, bookSide, limitTicks))
  }

  // What follows asks about one order. For an id that does not rest, ids and amounts are 0, the rest -1.

  has(orderId: number): boolean {
    return this.ids.slotOf(orderId) !== 0
  }

  openLots(orderId: number): number {
    return this.wordOf(orderId, OPEN_LOTS, 0)
  }

  priceOf(orderId: number): number {
    const slot = this.ids.slotOf(orderId)
    return slot === 0 ? 0 : this.ladder.priceOf(slot)
  }

  ownerOf(orderId: number): number {
    return this.wordOf(orderId, OWNER, -1)
  }

  sideOf(orderId: number): number {
    const bookSide = this.wordOf(orderId, BOOK_SIDE, -1)
    return bookSide < 0 ? -1 : bookSide & 1
  }

  symbolOf(orderId: number): number {
    return this.wordOf(orderId, BOOK_SIDE, -1) >> 1
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
      ahead += this.word(slot, OPEN_LOTS)
      slot = this.word(slot, PREVIOUS)
    }
    return ahead
  }

  private startCommand(orderId: number): void {
    assert(isInt32(orderId) && orderId > 0, 'an order id is a positive int32')
    this.events.clear()
    this.lotsRested = 0
  }

  /** Matches an order that has passed every check, and rests what is left if it may rest. */
  private enter(
    bookSide: number,
    orderId: number,
    owner: number,
    limitTicks: number,
    sizeLots: number,
    instruction: number,
  ): number {
    let left = sizeLots
    if (reaches(bookSide, limitTicks, this.ladder.best[bookSide ^ 1]!)) {
      left = this.match(bookSide, orderId, limitTicks, sizeLots)
      if (left === 0) return RESULT.filled
    }
    if (!mayRest(instruction)) return RESULT.lapsed
    const slot = this.pool.take()
    const words = this.pool.words
    const order = slot << SHIFT
    words[order + ID] = orderId
    words[order + OWNER] = owner
    words[order + OPEN_LOTS] = left
    words[order + BOOK_SIDE] = bookSide
    this.ids.add(orderId, slot)
    this.ladder.append(slot, bookSide, limitTicks, left)
    this.lotsRested = left
    return RESULT.rested
  }

  /** Trades against the best prices down to the limit, oldest order first. Answers the lots left over. */
  private match(bookSide: number, takerId: number, limitTicks: number, sizeLots: number): number {
    const words = this.pool.words
    const makers = bookSide ^ 1
    let left = sizeLots
    let ticks = this.ladder.best[makers]!
    while (left > 0 && reaches(bookSide, limitTicks, ticks)) {
      const slot = this.ladder.head(makers, ticks)
      assert(slot !== 0, 'a best price has an order')
      const order = slot << SHIFT
      const openLots = words[order + OPEN_LOTS]!
      const traded = Math.min(openLots, left)
      const makerId = words[order + ID]!
      this.events.addFill(bookSide >> 1, makerId, takerId, ticks, traded, openLots - traded, words[order + OWNER]!)
      left -= traded
      if (traded < openLots) this.ladder.shrink(slot, traded)
      else this.leave(slot)
      ticks = this.ladder.best[makers]!
    }
    return left
  }

  /** Keeps an order in its place, under a new id and with fewer lots. */
  private amend(slot: number, newOrderId: number, smallerBy: number): number {
    const orderId = this.word(slot, ID)
    if (newOrderId !== orderId) {
      this.ids.delete(orderId)
      this.ids.add(newOrderId, slot)
      this.pool.words[(slot << SHIFT) + ID] = newOrderId
    }
    this.ladder.shrink(slot, smallerBy)
    this.lotsRested = this.word(slot, OPEN_LOTS)
    return RESULT.rested
  }

  /** Takes an order and the lots it has open out of the book. */
  private leave(slot: number): void {
    this.ladder.remove(slot)
    this.ids.delete(this.word(slot, ID))
    this.pool.giveBack(slot)
  }

  private bookSide(symbol: number, side: number): number {
    assert(symbol >= 0 && symbol < this.symbolsCount, 'the symbol exists')
    return (symbol << 1) | side
  }

  private word(slot: number, field: number): number {
    return this.pool.words[(slot << SHIFT) + field]!
  }

  private wordOf(orderId: number, field: number, absent: number): number {
    const slot = this.ids.slotOf(orderId)
    return slot === 0 ? absent : this.word(slot, field)
  }
}
