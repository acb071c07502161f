// The numeric matching core: many symbols, price-time priority, integers only. Commands take numbers and answer a
// number; what they did is read from `events` before the next command. Nothing is allocated per order: the order
// pool, the id table and the event buffer double when they are full, and that is all. It knows no accounts, phases
// or clock. Its one caller is the exchange, and the tools that measure it.

import { assert, broken } from '../primitives/assert.ts'
import { isSize, mayRest, refusalByBook, refusalOfTerms } from './admission.ts'
import { eligibleLots } from './auction-price.ts'
import { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './codes.ts'
import { EventBuffer } from './event-buffer.ts'
import { OrderBooks } from './order-books.ts'
import { BOOK_SIDE_MASK, ICEBERG, ORDER, SELF_TRADE_SHIFT, SLOT_SHIFT } from './order-pool.ts'
import { limitOf, reaches } from './sweep.ts'

export { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './codes.ts'

export interface MatchingEngineOptions {
  /** One entry a symbol, known by its index from then on. Prices run from 1 to priceTicksMax. */
  readonly symbols: readonly { readonly priceTicksMax: number }[]
  /** Resting orders to make room for. More than that is no failure, the pool doubles. */
  readonly ordersMax: number
  /** Events of one command to make room for. More than that is no failure either. */
  readonly eventsMax?: number
}

const EVENTS_MAX_DEFAULT = 1024

// Local constants fold into the machine code, imported ones are loads.
const { id: ID, owner: OWNER, shownLots: SHOWN_LOTS, terms: TERMS } = ORDER
const SHIFT = SLOT_SHIFT
const MASK = BOOK_SIDE_MASK
const IS_ICEBERG = ICEBERG
const WISH_SHIFT = SELF_TRADE_SHIFT
const isReached = reaches
const refuseTerms = refusalOfTerms
const { none: NONE, cancelMaker: CANCEL_MAKER, cancelBoth: CANCEL_BOTH, decrement: DECREMENT } = SELF_TRADE
const { fill: FILL, refilled: REFILLED, prevented: PREVENTED, crossed: CROSSED } = EVENT
const { immediateOrCancel: IMMEDIATE_OR_CANCEL, fillOrKill: FILL_OR_KILL, call: CALL } = INSTRUCTION
const { rested: RESTED, filled: FILLED, lapsed: LAPSED, selfTrade: SELF_TRADED } = RESULT
const { duplicateOrder: DUPLICATE_ORDER, badDisplay: BAD_DISPLAY } = RESULT

export function createMatchingEngine(options: MatchingEngineOptions): MatchingEngine {
  return new MatchingEngine(options)
}

export class MatchingEngine extends OrderBooks {
  /** What the last command did, in the order it happened. */
  readonly events: EventBuffer
  private lotsRested = 0
  /** Of the taker at work, taken by self-trade prevention. */
  private lotsPrevented = 0

  constructor({ symbols, ordersMax, eventsMax = EVENTS_MAX_DEFAULT }: MatchingEngineOptions) {
    super(symbols, ordersMax)
    this.events = new EventBuffer(eventsMax)
  }

  /**
   * A new order. `priceTicks` 0 with immediateOrCancel or fillOrKill means any price (a market order). With
   * `displayLots` above 0 it is an iceberg: what rests shows so much at most, and the next part when that is filled.
   * Answers RESULT.rested, filled, lapsed or selfTrade, or why it was refused, in which case nothing changed.
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
    selfTrade: number = NONE,
    displayLots = 0,
  ): number {
    const bookSide = this.bookSide(symbol, side)
    const id = this.startCommand(orderId)
    // `| 0` makes an int32 of a whole number that came as a double; all that follows is faster with it.
    const ownerId = owner | 0
    const isKnown = ownerId === owner && selfTrade >= NONE && selfTrade <= DECREMENT
    if (!isKnown) throw broken('an owner is an int32, and the self-trade prevention exists')
    const refusal = refuseTerms(this.ladder.priceTicksMax(symbol), priceTicks, sizeLots, instruction)
    if (refusal < 0) return refusal
    if (displayLots !== 0 && !isSize(displayLots)) return BAD_DISPLAY
    if (this.ids.slotOf(id) !== 0) return DUPLICATE_ORDER
    const limitTicks = priceTicks === 0 ? limitOf(this.ladder, bookSide, 0) : priceTicks | 0
    if (instruction >= FILL_OR_KILL) {
      const inability = refusalByBook(this.ladder, bookSide, limitTicks, sizeLots, instruction, owner, selfTrade)
      if (inability < 0) return inability
    }
    const terms = bookSide | (selfTrade << WISH_SHIFT) | (displayLots === 0 ? 0 : IS_ICEBERG)
    return this.enter(terms, id, ownerId, limitTicks, sizeLots | 0, instruction, displayLots)
  }

  /** Takes an order out of the book. Answers the lots it had open, or RESULT.unknownOrder. */
  cancel(orderId: number): number {
    this.startCommand(orderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const openLots = this.openLotsAt(slot)
    this.leave(slot)
    return openLots
  }

  /**
   * Cancels part of an order, which keeps its place; the order goes when nothing is left. Hidden lots go before those
   * that show. Answers the lots taken away, at most those that were open, or RESULT.unknownOrder or badSize.
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
   * Changes price or size, and the id if `newOrderId` is another; what it shows and its self-trade prevention stay.
   * `sizeLots` is what shall be open from now on. An order that stays at its price and grows no larger keeps its place,
   * provided that its instruction lets it rest; any other one leaves, matches at its new price and rests what is left
   * at the end of the queue. Answers as place() does. A refused replace leaves the resting order as it was.
   */
  replace(orderId: number, newOrderId: number, priceTicks: number, sizeLots: number, instruction: number): number {
    this.startCommand(newOrderId)
    const slot = this.ids.slotOf(orderId)
    if (slot === 0) return RESULT.unknownOrder
    const terms = this.word(slot, TERMS)
    const bookSide = terms & MASK
    const refusal = refusalOfTerms(this.ladder.priceTicksMax(bookSide >> 1), priceTicks, sizeLots, instruction)
    if (refusal < 0) return refusal
    if (newOrderId !== orderId && this.ids.slotOf(newOrderId) !== 0) return RESULT.duplicateOrder
    const smallerBy = this.openLotsAt(slot) - sizeLots
    if (priceTicks === this.ladder.priceOf(slot) && smallerBy >= 0 && mayRest(instruction)) {
      return this.amend(slot, newOrderId, smallerBy)
    }
    const owner = this.word(slot, OWNER)
    const selfTrade = (terms >> WISH_SHIFT) & 7
    const limitTicks = limitOf(this.ladder, bookSide, priceTicks)
    const inability = refusalByBook(this.ladder, bookSide, limitTicks, sizeLots, instruction, owner, selfTrade)
    if (inability < 0) return inability
    const displayLots = (terms & IS_ICEBERG) === 0 ? 0 : this.ladder.hidden.displayLots(slot)
    this.leave(slot)
    return this.enter(terms, newOrderId, owner, limitTicks, sizeLots, instruction, displayLots)
  }

  /**
   * Trades at one price what crosses it: bids at or above against asks at or below, on each side the better price
   * first, at one price as in continuous trading (oldest first, what shows before what is hidden), until one side has
   * no more. Orders of one owner trade with each other here: an auction has no taker whose wish could count.
   * Its events are the buyers' trades, then the sellers'. Answers the lots traded.
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
   * Puts an order into the book at the end of its queue as it once rested, whatever it would trade with.
   * @param arrival as it was; restoreArrivals() ends a restore that says them.
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
    assert(result === RESULT.rested, 'an order that rested may rest again')
    if (hiddenLots !== 0) this.ladder.hide(this.ids.slotOf(orderId), hiddenLots)
  }

  /** The next order to arrive comes after this number. */
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

  /** Matches an order that has passed every check, and rests what is left if it may rest. */
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

  /** Answers the slot. */
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

  /** Trades against the best prices down to the limit, oldest order first. Answers the lots left over. */
  private match(terms: number, takerId: number, owner: number, limitTicks: number, sizeLots: number): number {
    const bookSide = terms & MASK
    const selfTrade = (terms >> WISH_SHIFT) & 7
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

  /** Keeps a taker from trading with the maker before it. Answers the lots the taker has left. */
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
      assert(slot !== 0, 'an auction trades what there is')
      const traded = Math.min(this.word(slot, SHOWN_LOTS), left)
      const openLots = this.openLotsAt(slot) - traded
      const level = (ticks << 1) | (bookSide & 1)
      const owner = this.word(slot, OWNER)
      this.events.add(CROSSED, bookSide >> 1, this.word(slot, ID), level, priceTicks, traded, openLots, owner)
      this.consume(slot, 0, ticks, traded)
      left -= traded
    }
  }

  /** Takes shown lots off an order; at none it shows its next part, and leaves when it has nothing left. */
  private consume(slot: number, takerId: number, ticks: number, lots: number): void {
    if (lots < this.word(slot, SHOWN_LOTS)) this.ladder.shrink(slot, lots)
    else if (this.ladder.hiddenLots(slot) === 0) this.leave(slot)
    else this.refill(slot, takerId, ticks)
  }

  /** The next part of an iceberg is a new arrival: it goes to the back of the queue. */
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

  /** Keeps an order in its place, under a new id and with fewer lots. */
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

  /** Takes lots off an order that keeps its place and has more than that: from what is hidden as long as there is any. */
  private trim(slot: number, byLots: number): void {
    const hidden = Math.min(this.ladder.hiddenLots(slot), byLots)
    if (hidden !== 0) this.ladder.hide(slot, -hidden)
    this.ladder.shrink(slot, byLots - hidden)
  }

  /** Takes an order and all that it has open out of the book. */
  private leave(slot: number): void {
    if (this.word(slot, TERMS) >= IS_ICEBERG) this.ladder.hide(slot, -this.ladder.hiddenLots(slot))
    this.ladder.remove(slot)
    this.ids.delete(this.word(slot, ID))
    this.pool.giveBack(slot)
  }
}
