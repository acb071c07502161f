// The matching engine: many symbols, price-time priority, integers only. Commands take numbers and return a number;
// their trades are read from `events` before the next command. Nothing is allocated per order: the order pool, the id
// table and the event buffer double when they are full. It has no accounts, phases or clock. Called by
// book-changes.ts, which reports each change to the observers of the books, and by benchmarks.

import { assert, broken } from '../primitives/assert.ts'
import { checkAgainstBook, checkTerms, isSize, mayRest } from './admission.ts'
import { eligibleLots } from './auction-price.ts'
import { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './codes.ts'
import { EventBuffer } from './event-buffer.ts'
import { OrderBooks } from './order-books.ts'
import { BOOK_SIDE_MASK, ICEBERG, ORDER, SELF_TRADE_SHIFT, SLOT_SHIFT } from './order-pool.ts'
import { limitOf, reaches } from './sweep.ts'

export interface MatchingEngineOptions {
  /** One entry for each symbol; commands name a symbol by its index. Prices are 1 to priceTicksMax. */
  readonly symbols: readonly { readonly priceTicksMax: number }[]
  /** Initial room for resting orders; it doubles when it is full. */
  readonly ordersMax: number
  /** Initial room for the events of one command; it doubles too. */
  readonly eventsMax?: number
}

const EVENTS_MAX_DEFAULT = 1024

// Local constants become part of the machine code, imported ones are loads.
const { id: ID, owner: OWNER, shownLots: SHOWN_LOTS, terms: TERMS } = ORDER
const SHIFT = SLOT_SHIFT
const MASK = BOOK_SIDE_MASK
const IS_ICEBERG = ICEBERG
const PREVENTION_SHIFT = SELF_TRADE_SHIFT
const isReached = reaches
const rejectTerms = checkTerms
const { none: NONE, cancelMaker: CANCEL_MAKER, cancelBoth: CANCEL_BOTH, decrement: DECREMENT } = SELF_TRADE
const { fill: FILL, refilled: REFILLED, prevented: PREVENTED, crossed: CROSSED } = EVENT
const { immediateOrCancel: IMMEDIATE_OR_CANCEL, fillOrKill: FILL_OR_KILL, call: CALL } = INSTRUCTION
const { rested: RESTED, filled: FILLED, lapsed: LAPSED, selfTrade: SELF_TRADED } = RESULT
const { duplicateOrder: DUPLICATE_ORDER, badDisplay: BAD_DISPLAY } = RESULT

export function createMatchingEngine(options: MatchingEngineOptions): MatchingEngine {
  return new MatchingEngine(options)
}

export class MatchingEngine extends OrderBooks {
  /** The trades of the last command, in order. */
  readonly events: EventBuffer
  private lotsRested = 0
  /** Of the current taker, taken off by self-trade prevention. */
  private lotsPrevented = 0

  constructor({ symbols, ordersMax, eventsMax = EVENTS_MAX_DEFAULT }: MatchingEngineOptions) {
    super(symbols, ordersMax)
    this.events = new EventBuffer(eventsMax)
  }

  /**
   * Places an order. `priceTicks` 0 with immediateOrCancel or fillOrKill means any price (a market order). With
   * `displayLots` above 0 it is an iceberg: it shows at most that many lots, and the next part when those are filled.
   * Ids are the caller's, positive int32; an id may be used again when its order no longer rests.
   * @returns RESULT.rested, filled, lapsed or selfTrade, or the reason of a reject, which has changed nothing.
   */
  place(
    symbol: number,
    orderId: number,
    owner: number,
    side: number,
    priceTicks: number,
    sizeLots: number,
    instruction: number,
    selfTrade: number = NONE,
    displayLots = 0,
  ): number {
    const bookSide = this.bookSide(symbol, side)
    const id = this.startCommand(orderId)
    // `| 0` makes an int32 of an integer that is stored as a double, which makes all that follows faster.
    const ownerId = owner | 0
    const isKnown = ownerId === owner && selfTrade >= NONE && selfTrade <= DECREMENT
    if (!isKnown) throw broken('an owner is an int32 and the self-trade prevention exists')
    const invalid = rejectTerms(this.ladder.priceTicksMax(symbol), priceTicks, sizeLots, instruction)
    if (invalid < 0) return invalid
    if (displayLots !== 0 && !isSize(displayLots)) return BAD_DISPLAY
    if (this.ids.slotOf(id) !== 0) return DUPLICATE_ORDER
    const limitTicks = priceTicks === 0 ? limitOf(this.ladder, bookSide, 0) : priceTicks | 0
    if (instruction >= FILL_OR_KILL) {
      const reject = checkAgainstBook(this.ladder, bookSide, limitTicks, sizeLots, instruction, owner, selfTrade)
      if (reject < 0) return reject
    }
    const terms = bookSide | (selfTrade << PREVENTION_SHIFT) | (displayLots === 0 ? 0 : IS_ICEBERG)
    return this.enter(terms, id, ownerId, limitTicks, sizeLots | 0, instruction, displayLots)
  }

  /** Removes an order from the book. @returns the lots that it had open, or RESULT.unknownOrder. */
  cancel(orderId: number): number {
    this.startCommand(orderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const openLots = this.openLotsAt(slot)
    this.leave(slot)
    return openLots
  }

  /**
   * Cancels part of an order, which keeps its place; an order with nothing left is removed. Hidden lots go first.
   * @returns the lots canceled, at most those that were open, or RESULT.unknownOrder or badSize.
   */
  reduce(orderId: number, byLots: number): number {
    this.startCommand(orderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    if (!isSize(byLots)) return RESULT.badSize
    const openLots = this.openLotsAt(slot)
    if (byLots < openLots) this.trim(slot, byLots)
    else this.leave(slot)
    return Math.min(byLots, openLots)
  }

  /**
   * Changes price or size, and the id if `newOrderId` differs; display size and self-trade prevention stay. `sizeLots`
   * is the open size from now on. An order whose price stays and whose size does not grow keeps its place, provided
   * that its instruction lets it rest; any other one leaves, matches at its new price, and the rest of it goes to the
   * end of the queue. A rejected replace changes nothing. @returns as place() does.
   */
  replace(orderId: number, newOrderId: number, priceTicks: number, sizeLots: number, instruction: number): number {
    this.startCommand(newOrderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const terms = this.word(slot, TERMS)
    const bookSide = terms & MASK
    const invalid = checkTerms(this.ladder.priceTicksMax(bookSide >> 1), priceTicks, sizeLots, instruction)
    if (invalid < 0) return invalid
    if (newOrderId !== orderId && this.ids.slotOf(newOrderId) !== 0) return RESULT.duplicateOrder
    const smallerBy = this.openLotsAt(slot) - sizeLots
    if (priceTicks === this.ladder.priceOf(slot) && smallerBy >= 0 && mayRest(instruction)) {
      return this.amend(slot, newOrderId, smallerBy)
    }
    const owner = this.word(slot, OWNER)
    const selfTrade = (terms >> PREVENTION_SHIFT) & 7
    const limitTicks = limitOf(this.ladder, bookSide, priceTicks)
    const reject = checkAgainstBook(this.ladder, bookSide, limitTicks, sizeLots, instruction, owner, selfTrade)
    if (reject < 0) return reject
    const displayLots = (terms & IS_ICEBERG) === 0 ? 0 : this.ladder.hidden.displayLots(slot)
    this.leave(slot)
    return this.enter(terms, newOrderId, owner, limitTicks, sizeLots, instruction, displayLots)
  }

  /**
   * Trades at one price what crosses it: bids at or above against asks at or below, on each side the better price
   * first, at one price as in continuous trading (oldest first, shown lots before hidden ones), until one side has no
   * more. Orders of one owner trade with each other: an auction has no taker whose self-trade prevention could apply.
   * Its events are the buyers' trades, then the sellers'. @returns the lots traded.
   */
  uncross(symbol: number, priceTicks: number): number {
    const buyers = this.bookSide(symbol, SIDE.buy)
    assert(priceTicks >= 1 && priceTicks <= this.ladder.priceTicksMax(symbol), 'an auction has a price')
    this.clearLast()
    const { ladder } = this
    const lots = Math.min(eligibleLots(ladder, buyers, priceTicks), eligibleLots(ladder, buyers | 1, priceTicks))
    this.cross(buyers, priceTicks, lots)
    this.cross(buyers | 1, priceTicks, lots)
    return lots
  }

  /**
   * Puts a saved order at the end of its queue, without trading.
   * @param arrival its saved number; call restoreArrivals() after a restore that passes these.
   */
  restore(
    symbol: number,
    orderId: number,
    owner: number,
    side: number,
    priceTicks: number,
    shownLots: number,
    hiddenLots = 0,
    selfTrade: number = NONE,
    displayLots = 0,
    arrival = this.ladder.arrivals + 1,
  ): void {
    this.ladder.arrivals = (arrival - 1) | 0
    assert(displayLots === 0 ? hiddenLots === 0 : shownLots <= displayLots, 'an iceberg shows no more than it may')
    const result = this.place(symbol, orderId, owner, side, priceTicks, shownLots, CALL, selfTrade, displayLots)
    assert(result === RESULT.rested, 'a saved order may rest')
    if (hiddenLots !== 0) this.ladder.hide(this.ids.slotOf(orderId), hiddenLots)
  }

  /** Sets the number of the last arrival. */
  restoreArrivals(last: number): void {
    this.ladder.arrivals = last
  }

  /** How much of the order of the last place() or replace() rests in the book; 0 after any other command. */
  restedLots(): number {
    return this.lotsRested
  }

  private startCommand(orderId: number): number {
    const id = orderId | 0
    if (id !== orderId || id <= 0) throw broken('an order id is a positive int32')
    this.clearLast()
    return id
  }

  private clearLast(): void {
    this.events.count = 0
    this.lotsRested = 0
    this.lotsPrevented = 0
  }

  /** Matches an order that has passed every check; the rest of it rests if it may. */
  private enter(
    terms: number,
    orderId: number,
    owner: number,
    limitTicks: number,
    sizeLots: number,
    instruction: number,
    displayLots: number,
  ): number {
    let left = sizeLots
    if (instruction !== CALL && isReached(terms, limitTicks, this.ladder.best[(terms & MASK) ^ 1]!)) {
      left = this.match(terms, orderId, owner, limitTicks, sizeLots)
      if (left === 0) return this.lotsPrevented === 0 ? FILLED : SELF_TRADED
    }
    if (instruction === IMMEDIATE_OR_CANCEL || instruction === FILL_OR_KILL) return LAPSED
    if (displayLots === 0) this.rest(terms, orderId, owner, limitTicks, left)
    else this.restIceberg(terms, orderId, owner, limitTicks, left, displayLots)
    return RESTED
  }

  /** @returns the slot. */
  private rest(terms: number, orderId: number, owner: number, limitTicks: number, shownLots: number): number {
    const slot = this.pool.take()
    const words = this.pool.words
    const order = slot << SHIFT
    words[order | ID] = orderId
    words[order | OWNER] = owner
    words[order | SHOWN_LOTS] = shownLots
    words[order | TERMS] = terms
    this.ids.add(orderId, slot)
    this.ladder.append(slot, terms & MASK, limitTicks, shownLots)
    this.lotsRested = shownLots
    return slot
  }

  private restIceberg(
    terms: number,
    orderId: number,
    owner: number,
    limitTicks: number,
    openLots: number,
    displayLots: number,
  ): void {
    const shownLots = Math.min(openLots, displayLots)
    const slot = this.rest(terms, orderId, owner, limitTicks, shownLots)
    this.ladder.hidden.open(slot, displayLots)
    this.ladder.hide(slot, openLots - shownLots)
    this.lotsRested = openLots
  }

  /** Trades against the best prices up to the limit, oldest order first. @returns the lots left. */
  private match(terms: number, takerId: number, owner: number, limitTicks: number, sizeLots: number): number {
    const bookSide = terms & MASK
    const selfTrade = (terms >> PREVENTION_SHIFT) & 7
    const words = this.pool.words
    const makers = bookSide ^ 1
    let left = sizeLots
    let ticks = this.ladder.best[makers]!
    while (left > 0 && isReached(bookSide, limitTicks, ticks)) {
      const slot = this.ladder.head(makers, ticks)
      if (slot === 0) throw broken('a best price has an order')
      const order = slot << SHIFT
      if (selfTrade !== NONE && words[order | OWNER] === owner) {
        left = this.prevent(slot, takerId, ticks, left, selfTrade)
      } else {
        const traded = Math.min(words[order | SHOWN_LOTS]!, left)
        const openLots = this.openLotsAt(slot) - traded
        const makerId = words[order | ID]!
        const makerOwner = words[order | OWNER]!
        this.events.add(FILL, bookSide >> 1, makerId, takerId, ticks, traded, openLots, makerOwner)
        this.consume(slot, takerId, ticks, traded)
        left -= traded
      }
      ticks = this.ladder.best[makers]!
    }
    return left
  }

  /** Prevents a trade between a taker and a maker of the same owner. @returns the lots that the taker has left. */
  private prevent(slot: number, takerId: number, ticks: number, left: number, selfTrade: number): number {
    const lots = Math.min(this.word(slot, SHOWN_LOTS), left)
    const cancelsMaker = selfTrade === CANCEL_MAKER || selfTrade === CANCEL_BOTH
    const openLots = cancelsMaker ? 0 : this.openLotsAt(slot) - (selfTrade === DECREMENT ? lots : 0)
    const symbol = (this.word(slot, TERMS) & MASK) >> 1
    this.events.add(PREVENTED, symbol, this.word(slot, ID), takerId, ticks, lots, openLots, this.word(slot, OWNER))
    if (cancelsMaker) this.leave(slot)
    if (selfTrade === CANCEL_MAKER) return left
    if (selfTrade === DECREMENT) this.consume(slot, takerId, ticks, lots)
    const lost = selfTrade === DECREMENT ? lots : left
    this.lotsPrevented += lost
    return left - lost
  }

  /** Trades the best-placed lots of one side of an auction. */
  private cross(bookSide: number, priceTicks: number, lots: number): void {
    let left = lots
    while (left > 0) {
      const ticks = this.ladder.best[bookSide]!
      const slot = this.ladder.head(bookSide, ticks)
      assert(slot !== 0, 'an auction trades only lots that rest')
      const traded = Math.min(this.word(slot, SHOWN_LOTS), left)
      const openLots = this.openLotsAt(slot) - traded
      const level = (ticks << 1) | (bookSide & 1)
      const owner = this.word(slot, OWNER)
      this.events.add(CROSSED, bookSide >> 1, this.word(slot, ID), level, priceTicks, traded, openLots, owner)
      this.consume(slot, 0, ticks, traded)
      left -= traded
    }
  }

  /** Takes shown lots off an order. When none are left it shows its next part, or leaves the book. */
  private consume(slot: number, takerId: number, ticks: number, lots: number): void {
    if (lots < this.word(slot, SHOWN_LOTS)) this.ladder.shrink(slot, lots)
    else if (this.ladder.hiddenLots(slot) === 0) this.leave(slot)
    else this.refill(slot, takerId, ticks)
  }

  /** The next part of an iceberg is a new arrival: it goes to the end of the queue. */
  private refill(slot: number, takerId: number, ticks: number): void {
    const { ladder } = this
    const bookSide = this.word(slot, TERMS) & MASK
    const lots = Math.min(ladder.hidden.displayLots(slot), ladder.hiddenLots(slot))
    ladder.remove(slot)
    ladder.hide(slot, -lots)
    this.pool.words[(slot << SHIFT) | SHOWN_LOTS] = lots
    ladder.append(slot, bookSide, ticks, lots)
    const hiddenLots = ladder.hiddenLots(slot)
    const owner = this.word(slot, OWNER)
    this.events.add(REFILLED, bookSide >> 1, this.word(slot, ID), takerId, ticks, lots, hiddenLots, owner)
  }

  /** Keeps an order in its place, with another id or fewer lots. */
  private amend(slot: number, newOrderId: number, smallerBy: number): number {
    const orderId = this.word(slot, ID)
    if (newOrderId !== orderId) {
      this.ids.delete(orderId)
      this.ids.add(newOrderId, slot)
      this.pool.words[(slot << SHIFT) | ID] = newOrderId
    }
    this.trim(slot, smallerBy)
    this.lotsRested = this.openLotsAt(slot)
    return RESULT.rested
  }

  /** Takes lots off an order that has more of them and keeps its place. Hidden lots go first. */
  private trim(slot: number, byLots: number): void {
    const hidden = Math.min(this.ladder.hiddenLots(slot), byLots)
    if (hidden !== 0) this.ladder.hide(slot, -hidden)
    this.ladder.shrink(slot, byLots - hidden)
  }

  /** Removes an order with all its open lots from the book. */
  private leave(slot: number): void {
    if (this.word(slot, TERMS) >= IS_ICEBERG) this.ladder.hide(slot, -this.ladder.hiddenLots(slot))
    this.ladder.remove(slot)
    this.ids.delete(this.word(slot, ID))
    this.pool.giveBack(slot)
  }
}
