// Applies commands to a matching engine and, after each one, checks the invariants of a book on every level that it
// changed. Keeps its own record of each order's lots and arrival, and uses the engine's public methods only. Called by
// the soak.

import assert from 'node:assert/strict'
import { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from '../../matching/codes.ts'
import type { MatchingEngine } from '../../matching/matching-engine.ts'

export class BookAuditor {
  readonly engine: MatchingEngine
  /** Symbols in a call phase, whose books may cross. */
  readonly calling = new Set<number>()
  readonly #symbolsCount: number
  /** By order id: its expected open lots, and its arrival number. */
  readonly #openLots: Float64Array
  readonly #arrivals: Int32Array
  #ordersCount = 0

  constructor(engine: MatchingEngine, symbolsCount: number, idMax: number) {
    this.engine = engine
    this.#symbolsCount = symbolsCount
    this.#openLots = new Float64Array(idMax + 1)
    this.#arrivals = new Int32Array(idMax + 1)
  }

  place(...order: Parameters<MatchingEngine['place']>): void {
    const [symbol, id, , side, , sizeLots, , selfTrade] = order
    const wasOpen = this.#openLots[id]!
    const result = this.engine.place(...order)
    if (result < 0) this.#expectRejected(id, wasOpen)
    else this.#checkEntry(result, symbol, id, side, sizeLots, selfTrade ?? SELF_TRADE.none)
  }

  cancel(id: number): void {
    this.#leave(id, this.#openLots[id]!, () => this.engine.cancel(id))
  }

  reduce(id: number, byLots: number): void {
    this.#leave(id, Math.min(byLots, this.#openLots[id]!), () => this.engine.reduce(id, byLots))
  }

  replace(id: number, newId: number, priceTicks: number, sizeLots: number, instruction: number): void {
    const { engine } = this
    const [symbol, side, ticks] = [engine.symbolOf(id), engine.sideOf(id), engine.priceOf(id)]
    const [arrival, selfTrade, wasOpen] = [engine.arrival(id), engine.selfTradeOf(id), this.#openLots[id]!]
    const result = engine.replace(id, newId, priceTicks, sizeLots, instruction)
    if (result < 0) {
      this.#expectRejected(id, wasOpen)
      return
    }
    const mayRest = instruction !== INSTRUCTION.immediateOrCancel && instruction !== INSTRUCTION.fillOrKill
    const keepsPlace = mayRest && priceTicks === ticks && sizeLots <= wasOpen
    this.#openLots[id] = 0
    this.#ordersCount--
    this.#checkEntry(result, symbol, newId, side, sizeLots, selfTrade)
    if (keepsPlace) assert.equal(engine.arrival(newId), arrival, 'a smaller order keeps its place')
    this.#checkLevel(symbol, side, ticks)
  }

  uncross(symbol: number, priceTicks: number): void {
    const { events } = this.engine
    const lots = this.engine.uncross(symbol, priceTicks)
    const traded = [0, 0]
    for (let at = 0; at < events.count; at++) {
      const side = this.engine.sideOf(events.orderId(at))
      if (events.kind(at) === EVENT.refilled) this.#refill(at)
      else {
        traded[events.side(at)]! += events.sizeLots(at)
        this.#trade(at)
        assert.ok(side < 0 || side === events.side(at), 'an order stays on its side')
        const isWithin =
          events.side(at) === SIDE.buy ? events.levelTicks(at) >= priceTicks : events.levelTicks(at) <= priceTicks
        assert.ok(isWithin, 'an auction trades within the limit of an order')
      }
    }
    for (let at = 0; at < events.count; at++) {
      if (events.kind(at) === EVENT.crossed) this.#checkLevel(symbol, events.side(at), events.levelTicks(at))
    }
    this.#noteRefills()
    assert.deepEqual(traded, [lots, lots], 'an auction buys what it sells')
    this.#checkSymbol(symbol)
  }

  /** Every level of every book. */
  checkAll(): void {
    const { engine } = this
    let orders = 0
    for (let symbol = 0; symbol < this.#symbolsCount; symbol++) {
      for (let ticks = engine.bestBid(symbol); ticks !== 0; ticks = engine.nextBidBelow(symbol, ticks)) {
        orders += this.#checkLevel(symbol, SIDE.buy, ticks)
      }
      for (let ticks = engine.bestAsk(symbol); ticks !== 0; ticks = engine.nextAskAbove(symbol, ticks)) {
        orders += this.#checkLevel(symbol, SIDE.sell, ticks)
      }
    }
    assert.equal(orders, engine.orderCount(), 'every order is on a level that is found')
    this.#openLots.forEach((lots, id) => {
      assert.equal(engine.openLots(id), lots, 'the books are the sum of the events')
    })
  }

  #expectRejected(id: number, wasOpen: number): void {
    assert.equal(this.engine.events.count, 0, 'a rejected order has no events')
    assert.equal(this.engine.openLots(id), wasOpen, 'a rejected order changes nothing')
    assert.equal(this.engine.orderCount(), this.#ordersCount, 'orders are counted')
  }

  #leave(id: number, expectedLots: number, act: () => number): void {
    const { engine } = this
    const [symbol, side, ticks] = [engine.symbolOf(id), engine.sideOf(id), engine.priceOf(id)]
    const taken = act()
    if (this.#openLots[id] === 0) {
      assert.equal(taken, RESULT.unknownOrder)
      return
    }
    assert.equal(taken, expectedLots, 'the lots taken off were open')
    this.#setOpen(id, this.#openLots[id]! - taken)
    this.#checkLevel(symbol, side, ticks)
    this.#checkSymbol(symbol)
  }

  #checkEntry(result: number, symbol: number, id: number, side: number, sizeLots: number, selfTrade: number): void {
    const { engine } = this
    const { events } = engine
    let traded = 0
    let prevented = 0
    for (let at = 0; at < events.count; at++) {
      if (events.kind(at) === EVENT.refilled) this.#refill(at)
      else if (events.kind(at) === EVENT.prevented) {
        if (selfTrade !== SELF_TRADE.cancelMaker) prevented += events.sizeLots(at)
        this.#setOpen(events.makerId(at), events.makerOpenLots(at))
      } else {
        traded += events.sizeLots(at)
        this.#trade(at)
      }
    }
    const rested = engine.restedLots()
    assert.ok(traded + prevented + rested <= sizeLots, 'an order trades and rests no more than its size')
    if (result === RESULT.filled) assert.equal(traded, sizeLots)
    if (result === RESULT.rested) {
      assert.equal(traded + prevented + rested, sizeLots)
      this.#ordersCount++
      this.#openLots[id] = rested
      this.#arrivals[id] = engine.arrival(id)
      this.#checkLevel(symbol, side, engine.priceOf(id))
    } else assert.equal(rested, 0)
    this.#checkTaken(symbol, side)
    this.#noteRefills()
    this.#checkSymbol(symbol)
  }

  /** The taker left no better price and no older order. */
  #checkTaken(symbol: number, side: number): void {
    const { engine } = this
    const { events } = engine
    const best = side === SIDE.buy ? engine.bestAsk(symbol) : engine.bestBid(symbol)
    let checked = 0
    for (let at = 0; at < events.count; at++) {
      const ticks = events.priceTicks(at)
      const isBetter = side === SIDE.buy ? best < ticks : best > ticks
      assert.ok(best === 0 || !isBetter || events.kind(at) === EVENT.prevented, 'the best price trades first')
      if (ticks !== checked) this.#checkLevel(symbol, side ^ 1, ticks)
      checked = ticks
      if (events.kind(at) !== EVENT.fill) continue
      const head = engine.headOrder(symbol, ticks, side ^ 1)
      const isOlder = head !== 0 && ((engine.arrival(head) - this.#arrivals[events.makerId(at)]!) | 0) < 0
      assert.ok(!isOlder, 'first in, first out')
    }
  }

  #trade(at: number): void {
    const { events } = this.engine
    const id = events.orderId(at)
    const left = this.#openLots[id]! - events.sizeLots(at)
    assert.ok(left >= 0, 'an order trades no more than it has')
    assert.equal(events.openLots(at), left, 'the event has what is left of the maker')
    this.#setOpen(id, left)
  }

  #refill(at: number): void {
    const { events } = this.engine
    const id = events.orderId(at)
    assert.equal(events.sizeLots(at) + events.hiddenLots(at), this.#openLots[id], 'a refill changes no order')
  }

  /** After the checks of a command: refilled orders have a new arrival number. */
  #noteRefills(): void {
    const { events } = this.engine
    for (let at = 0; at < events.count; at++) {
      if (events.kind(at) === EVENT.refilled)
        this.#arrivals[events.orderId(at)] = this.engine.arrival(events.orderId(at))
    }
  }

  #setOpen(id: number, lots: number): void {
    this.#openLots[id] = lots
    if (lots === 0) this.#ordersCount--
  }

  /** @returns how many orders are on the level. */
  #checkLevel(symbol: number, side: number, ticks: number): number {
    const { engine } = this
    let shown = 0
    let orders = 0
    let before = 0
    for (let id = engine.headOrder(symbol, ticks, side); id !== 0; id = engine.nextInQueue(id)) {
      const [open, hidden, display] = [engine.openLots(id), engine.hiddenLots(id), engine.displayLots(id)]
      const arrival = engine.arrival(id)
      assert.ok(orders === 0 || ((before - arrival) | 0) < 0, 'a queue is in the order of arrival')
      assert.ok(open > hidden && hidden >= 0 && (display === 0 ? hidden === 0 : open - hidden <= display))
      assert.equal(open, this.#openLots[id], 'an order has the open lots of its events')
      before = arrival
      shown += open - hidden
      orders++
    }
    assert.equal(engine.levelLots(symbol, ticks, side), shown, 'a level has the lots of its orders')
    assert.equal(engine.levelOrders(symbol, ticks, side), orders, 'a level has its orders')
    return orders
  }

  #checkSymbol(symbol: number): void {
    const { engine } = this
    const [bid, ask] = [engine.bestBid(symbol), engine.bestAsk(symbol)]
    assert.ok(bid === 0 || ask === 0 || bid < ask || this.calling.has(symbol), 'a book in trading is not crossed')
    assert.equal(engine.orderCount(), this.#ordersCount, 'orders are counted')
  }
}
