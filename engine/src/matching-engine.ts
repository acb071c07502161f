// The numeric matching core: many symbols, price-time priority, integers only. Commands take numbers and answer a
// number; what traded is read from `events` before the next command. Nothing is allocated per order: the order
// pool, the id table and the event buffer double when they are full, and that is all. It knows no accounts, phases
// or clock. Its one caller is the exchange, and the tools that measure it.

import { assert, isInt32 } from './assert.ts'
import { INSTRUCTION, RESULT, SIDE } from './codes.ts'
import { EventBuffer } from './event-buffer.ts'
import { IdTable } from './id-table.ts'
import { Ladder } from './ladder.ts'
import { ORDER, ORDER_SHIFT, OrderPool } from './order-pool.ts'

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

export function createMatchingEngine(options: MatchingEngineOptions): MatchingEngine {
  return new MatchingEngine(options)
}

export class MatchingEngine {
  /** The fills of the last command. */
  readonly events: EventBuffer
  readonly #pool: OrderPool
  readonly #ids: IdTable
  readonly #ladders: readonly Ladder[]
  #restedLots = 0

  constructor({ symbols, ordersMax, eventsMax = EVENTS_MAX_DEFAULT }: MatchingEngineOptions) {
    assert(Number.isInteger(ordersMax) && ordersMax >= 1, 'there is room for one order')
    this.events = new EventBuffer(eventsMax)
    this.#pool = new OrderPool(ordersMax)
    this.#ids = new IdTable(ordersMax)
    this.#ladders = symbols.map(({ priceTicksMax }) => new Ladder(priceTicksMax, this.#pool))
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
    const ladder = this.#ladder(symbol)
    assert(side === SIDE.buy || side === SIDE.sell, 'an order buys or sells')
    assert(isInt32(orderId) && orderId > 0, 'an order id is a positive int32')
    assert(isInt32(owner), 'an owner is an int32')
    this.#startCommand()
    const refusal = refusalOfTerms(ladder, priceTicks, sizeLots, instruction)
    if (refusal < 0) return refusal
    if (this.#ids.slotOf(orderId) !== 0) return RESULT.duplicateOrder
    const limitTicks = limitOf(ladder, side, priceTicks)
    const inability = refusalByBook(ladder, side, limitTicks, sizeLots, instruction)
    if (inability < 0) return inability
    return this.#enter(ladder, symbol, orderId, owner, side, limitTicks, sizeLots, instruction)
  }

  /** Takes an order out of the book. Answers the lots it had open, or RESULT.unknownOrder. */
  cancel(orderId: number): number {
    this.#startCommand()
    const slot = this.#ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const openLots = this.#word(slot, ORDER.openLots)
    this.#leave(slot)
    return openLots
  }

  /**
   * Cancels part of an order, which keeps its place; the order goes when nothing is left.
   * Answers the lots taken away, at most those that were open, or RESULT.unknownOrder or badSize.
   */
  reduce(orderId: number, byLots: number): number {
    this.#startCommand()
    const slot = this.#ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    if (!isSize(byLots)) return RESULT.badSize
    const openLots = this.#word(slot, ORDER.openLots)
    if (byLots >= openLots) {
      this.#leave(slot)
      return openLots
    }
    this.#shrink(slot, byLots)
    return byLots
  }

  /**
   * Changes price or size, and the id if `newOrderId` is another. `sizeLots` is what shall be open from now on.
   * An order that stays at its price and grows no larger keeps its place, provided that its instruction lets it
   * rest; any other one leaves, matches at its new price and rests what is left at the end of the queue.
   * Answers as place() does. A refused replace leaves the resting order as it was.
   */
  replace(orderId: number, newOrderId: number, priceTicks: number, sizeLots: number, instruction: number): number {
    assert(isInt32(newOrderId) && newOrderId > 0, 'an order id is a positive int32')
    this.#startCommand()
    const slot = this.#ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const symbolAndSide = this.#word(slot, ORDER.symbolAndSide)
    const symbol = symbolAndSide >>> 1
    const side = symbolAndSide & 1
    const ladder = this.#ladder(symbol)
    const refusal = refusalOfTerms(ladder, priceTicks, sizeLots, instruction)
    if (refusal < 0) return refusal
    if (newOrderId !== orderId && this.#ids.slotOf(newOrderId) !== 0) return RESULT.duplicateOrder
    const smallerBy = this.#word(slot, ORDER.openLots) - sizeLots
    if (priceTicks === this.#word(slot, ORDER.priceTicks) && smallerBy >= 0 && mayRest(instruction)) {
      return this.#amend(slot, newOrderId, smallerBy)
    }
    const limitTicks = limitOf(ladder, side, priceTicks)
    const inability = refusalByBook(ladder, side, limitTicks, sizeLots, instruction)
    if (inability < 0) return inability
    const owner = this.#word(slot, ORDER.owner)
    this.#leave(slot)
    return this.#enter(ladder, symbol, newOrderId, owner, side, limitTicks, sizeLots, instruction)
  }

  /** How much of the order of the last place() or replace() rests in the book; 0 after any other command. */
  restedLots(): number {
    return this.#restedLots
  }

  /** Resting orders of all symbols. */
  orderCount(): number {
    return this.#pool.count
  }

  // What follows asks about one symbol's book. Prices out of range are merely empty.

  /** The highest bid in ticks, 0 when there is none. */
  bestBid(symbol: number): number {
    return this.#ladder(symbol).bestBid
  }

  /** The lowest ask in ticks, 0 when there is none. */
  bestAsk(symbol: number): number {
    return this.#ladder(symbol).bestAsk
  }

  /** The next bid price below a price that need not be a level itself, 0 when there is none. */
  nextBidBelow(symbol: number, priceTicks: number): number {
    const ladder = this.#ladder(symbol)
    return priceTicks < 1 ? 0 : ladder.nextBidBelow(Math.min(priceTicks, ladder.priceTicksMax + 1))
  }

  /** The next ask price above a price that need not be a level itself, 0 when there is none. */
  nextAskAbove(symbol: number, priceTicks: number): number {
    const ladder = this.#ladder(symbol)
    return priceTicks >= ladder.priceTicksMax ? 0 : ladder.nextAskAbove(Math.max(priceTicks, 0))
  }

  levelLots(symbol: number, priceTicks: number): number {
    const ladder = this.#ladder(symbol)
    const side = ladder.sideAt(priceTicks)
    return side < 0 ? 0 : ladder.lots(side, priceTicks)
  }

  levelOrders(symbol: number, priceTicks: number): number {
    const ladder = this.#ladder(symbol)
    const side = ladder.sideAt(priceTicks)
    return side < 0 ? 0 : ladder.orders(side, priceTicks)
  }

  /** SIDE.buy, SIDE.sell, or -1 when nothing rests at the price. */
  levelSide(symbol: number, priceTicks: number): number {
    return this.#ladder(symbol).sideAt(priceTicks)
  }

  /** How many of `sizeLots` a taker could trade now, no worse than `limitTicks` (0: at any price). */
  fillableLots(symbol: number, side: number, sizeLots: number, limitTicks: number): number {
    const ladder = this.#ladder(symbol)
    return fillable(ladder, side, sizeLots, limitOf(ladder, side, limitTicks))
  }

  /** What the fillable part of `sizeLots` would cost now, in ticks x lots: a double, exact up to 2^53. */
  costToFill(symbol: number, side: number, sizeLots: number, limitTicks: number): number {
    const ladder = this.#ladder(symbol)
    const limit = limitOf(ladder, side, limitTicks)
    const makerSide = side ^ 1
    let left = sizeLots
    let cost = 0
    for (let ticks = ladder.best(makerSide); left > 0 && reaches(side, limit, ticks); ) {
      const lots = Math.min(left, ladder.lots(makerSide, ticks))
      cost += ticks * lots
      left -= lots
      ticks = ladder.nextWorse(makerSide, ticks)
    }
    return cost
  }

  /** The order at the front of a level's queue, 0 when nothing rests there. */
  headOrder(symbol: number, priceTicks: number): number {
    const ladder = this.#ladder(symbol)
    const side = ladder.sideAt(priceTicks)
    return side < 0 ? 0 : this.#word(ladder.head(side, priceTicks), ORDER.id)
  }

  // What follows asks about one order. For an id that does not rest, ids and amounts are 0, the rest -1.

  has(orderId: number): boolean {
    return this.#ids.slotOf(orderId) !== 0
  }

  /** The order behind this one in its queue, 0 at the end. */
  nextInQueue(orderId: number): number {
    const next = this.#wordOf(orderId, ORDER.next, 0)
    return next === 0 ? 0 : this.#word(next, ORDER.id)
  }

  openLots(orderId: number): number {
    return this.#wordOf(orderId, ORDER.openLots, 0)
  }

  priceOf(orderId: number): number {
    return this.#wordOf(orderId, ORDER.priceTicks, 0)
  }

  ownerOf(orderId: number): number {
    return this.#wordOf(orderId, ORDER.owner, -1)
  }

  sideOf(orderId: number): number {
    const symbolAndSide = this.#wordOf(orderId, ORDER.symbolAndSide, -1)
    return symbolAndSide < 0 ? -1 : symbolAndSide & 1
  }

  symbolOf(orderId: number): number {
    return this.#wordOf(orderId, ORDER.symbolAndSide, -1) >> 1
  }

  /** The lots that trade before this order at its price. Walks the queue: not for hot paths. */
  aheadLots(orderId: number): number {
    let ahead = 0
    let slot = this.#wordOf(orderId, ORDER.previous, 0)
    while (slot !== 0) {
      ahead += this.#word(slot, ORDER.openLots)
      slot = this.#word(slot, ORDER.previous)
    }
    return ahead
  }

  #startCommand(): void {
    this.events.clear()
    this.#restedLots = 0
  }

  /** Matches an order that has passed every check, and rests what is left if it may rest. */
  #enter(
    ladder: Ladder,
    symbol: number,
    orderId: number,
    owner: number,
    side: number,
    limitTicks: number,
    sizeLots: number,
    instruction: number,
  ): number {
    const left = this.#match(ladder, symbol, orderId, side, limitTicks, sizeLots)
    if (left === 0) return RESULT.filled
    if (!mayRest(instruction)) return RESULT.lapsed
    const slot = this.#pool.take()
    const words = this.#pool.words
    const order = slot << ORDER_SHIFT
    words[order + ORDER.id] = orderId
    words[order + ORDER.owner] = owner
    words[order + ORDER.priceTicks] = limitTicks
    words[order + ORDER.openLots] = left
    words[order + ORDER.symbolAndSide] = (symbol << 1) | side
    this.#ids.add(orderId, slot)
    ladder.append(slot, side, limitTicks, left)
    assert(ladder.bestAsk === 0 || ladder.bestBid < ladder.bestAsk, 'a book at rest is not crossed')
    this.#restedLots = left
    return RESULT.rested
  }

  /** Trades against the best prices down to the limit, oldest order first. Answers the lots left over. */
  #match(
    ladder: Ladder,
    symbol: number,
    takerId: number,
    side: number,
    limitTicks: number,
    sizeLots: number,
  ): number {
    const words = this.#pool.words
    const makerSide = side ^ 1
    let left = sizeLots
    for (let ticks = ladder.best(makerSide); left > 0 && reaches(side, limitTicks, ticks); ) {
      const slot = ladder.head(makerSide, ticks)
      const order = slot << ORDER_SHIFT
      const openLots = words[order + ORDER.openLots]!
      const traded = openLots < left ? openLots : left
      const makerId = words[order + ORDER.id]!
      this.events.addFill(symbol, makerId, takerId, ticks, traded, openLots - traded, words[order + ORDER.owner]!)
      left -= traded
      if (traded < openLots) {
        this.#shrink(slot, traded)
        break
      }
      this.#leave(slot)
      ticks = ladder.best(makerSide)
    }
    return left
  }

  /** Keeps an order in its place under a new id and with fewer lots. */
  #amend(slot: number, newOrderId: number, smallerBy: number): number {
    const words = this.#pool.words
    const order = slot << ORDER_SHIFT
    const orderId = words[order + ORDER.id]!
    if (newOrderId !== orderId) {
      this.#ids.delete(orderId)
      this.#ids.add(newOrderId, slot)
      words[order + ORDER.id] = newOrderId
    }
    this.#shrink(slot, smallerBy)
    this.#restedLots = words[order + ORDER.openLots]!
    return RESULT.rested
  }

  /** Takes lots off an order that stays. */
  #shrink(slot: number, byLots: number): void {
    const words = this.#pool.words
    const order = slot << ORDER_SHIFT
    const symbolAndSide = words[order + ORDER.symbolAndSide]!
    words[order + ORDER.openLots]! -= byLots
    this.#ladder(symbolAndSide >>> 1).shrink(symbolAndSide & 1, words[order + ORDER.priceTicks]!, byLots)
  }

  /** Takes an order and the lots it has open out of the book. */
  #leave(slot: number): void {
    const words = this.#pool.words
    const order = slot << ORDER_SHIFT
    const symbolAndSide = words[order + ORDER.symbolAndSide]!
    const ladder = this.#ladder(symbolAndSide >>> 1)
    ladder.remove(slot, symbolAndSide & 1, words[order + ORDER.priceTicks]!, words[order + ORDER.openLots]!)
    this.#ids.delete(words[order + ORDER.id]!)
    this.#pool.giveBack(slot)
  }

  #ladder(symbol: number): Ladder {
    const ladder = this.#ladders[symbol]
    assert(ladder !== undefined, 'the symbol exists')
    return ladder
  }

  #word(slot: number, field: number): number {
    return this.#pool.words[(slot << ORDER_SHIFT) + field]!
  }

  #wordOf(orderId: number, field: number, absent: number): number {
    const slot = this.#ids.slotOf(orderId)
    return slot === 0 ? absent : this.#word(slot, field)
  }
}

/** What is wrong with an order by itself: its price or its size; 0 when nothing is. */
function refusalOfTerms(ladder: Ladder, priceTicks: number, sizeLots: number, instruction: number): number {
  assert(isInt32(instruction) && instruction >= 0 && instruction <= INSTRUCTION.postOnly, 'the instruction exists')
  const priceMin = mayRest(instruction) ? 1 : 0
  if (!isInt32(priceTicks) || priceTicks < priceMin || priceTicks > ladder.priceTicksMax) return RESULT.badPrice
  return isSize(sizeLots) ? 0 : RESULT.badSize
}

/** Why the book as it stands does not take the order, decided before anything changes; 0 when it does. */
function refusalByBook(
  ladder: Ladder,
  side: number,
  limitTicks: number,
  sizeLots: number,
  instruction: number,
): number {
  if (instruction === INSTRUCTION.postOnly && reaches(side, limitTicks, ladder.best(side ^ 1))) {
    return RESULT.wouldCross
  }
  if (instruction === INSTRUCTION.fillOrKill && fillable(ladder, side, sizeLots, limitTicks) < sizeLots) {
    return RESULT.cannotFill
  }
  return 0
}

function fillable(ladder: Ladder, side: number, sizeLots: number, limitTicks: number): number {
  const makerSide = side ^ 1
  let found = 0
  for (let ticks = ladder.best(makerSide); found < sizeLots && reaches(side, limitTicks, ticks); ) {
    found += ladder.lots(makerSide, ticks)
    ticks = ladder.nextWorse(makerSide, ticks)
  }
  return Math.min(found, sizeLots)
}

/** Whether a taker with this limit trades at this price of the other side, where 0 is an empty side. */
function reaches(side: number, limitTicks: number, ticks: number): boolean {
  return ticks !== 0 && (side === SIDE.buy ? ticks <= limitTicks : ticks >= limitTicks)
}

function limitOf(ladder: Ladder, side: number, priceTicks: number): number {
  if (priceTicks !== 0) return priceTicks
  return side === SIDE.buy ? ladder.priceTicksMax : 1
}

function mayRest(instruction: number): boolean {
  return instruction === INSTRUCTION.rest || instruction === INSTRUCTION.postOnly
}

function isSize(lots: number): boolean {
  return isInt32(lots) && lots > 0
}
