// The only way to change a book: each method runs one command of the matching engine, then reports every change that
// it made to all observers of the books: depth, order flow, queue positions, and the names of desk orders. Trades are
// read from the engine's events; cancels, reductions and replaces are found by comparing the order before and after.
// Must not touch cash, positions or the logs: orders/settlement.ts does, from the same events.

import { EVENT, INSTRUCTION, RESULT, SELF_TRADE } from '../matching/codes.ts'
import type { EventBuffer } from '../matching/event-buffer.ts'
import type { MatchingEngine } from '../matching/matching-engine.ts'
import { sideCode } from '../matching/side-code.ts'
import { ownerOfAccount } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { DeskOrders } from '../model/desk-orders.ts'
import type { OpenOrders } from '../model/open-orders.ts'
import { assert } from '../primitives/assert.ts'
import type { Depth } from './depth.ts'
import type { OrderFlowListener } from './order-flow.ts'
import type { QueuePositions } from './queue-positions.ts'

interface BookObservers {
  readonly depth: Depth
  readonly queues: QueuePositions
  readonly deskOrders: DeskOrders
  readonly flow: OrderFlowListener | undefined
}

export class BookChanges {
  /** What the last command did, until the next one. */
  readonly events: EventBuffer
  readonly #engine: MatchingEngine
  readonly #openOrders: OpenOrders
  readonly #depth: Depth
  readonly #queues: QueuePositions
  readonly #deskOrders: DeskOrders
  readonly #flow: OrderFlowListener | undefined

  constructor(engine: MatchingEngine, openOrders: OpenOrders, { depth, queues, deskOrders, flow }: BookObservers) {
    this.events = engine.events
    this.#engine = engine
    this.#openOrders = openOrders
    this.#depth = depth
    this.#queues = queues
    this.#deskOrders = deskOrders
    this.#flow = flow
  }

  /** How much of the order of the last command rests. */
  get restedLots(): number {
    return this.#engine.restedLots()
  }

  /** @returns RESULT, as all commands here do. */
  placeDeskOrder(
    symbol: number,
    id: number,
    desk: number,
    ref: number,
    side: number,
    priceTicks: number,
    sizeLots: number,
    instruction: number,
    displayLots: number,
  ): number {
    const engine = this.#engine
    const noPrevention = SELF_TRADE.none
    const result = engine.place(symbol, id, desk, side, priceTicks, sizeLots, instruction, noPrevention, displayLots)
    if (result < 0) return result
    if (this.events.count > 0) this.#reportEvents(symbol, side ^ 1, noPrevention, desk)
    const openLots = engine.restedLots()
    if (openLots > 0) {
      this.#deskOrders.add(desk, ref, id)
      this.#added(symbol, id, side, priceTicks, displayLots === 0 ? openLots : engine.shownLots(id))
    }
    return result
  }

  /** @param knowsAhead the order's acknowledgement has the size ahead. */
  placeOrder(
    order: AccountOrder,
    id: number,
    priceTicks: number,
    sizeLots: number,
    instruction: number,
    knowsAhead: boolean,
  ): number {
    const { instrument, account, displayLots } = order
    const side = sideCode(order.side)
    const owner = ownerOfAccount(account)
    const selfTrade = selfTradeOf(order)
    const { index } = instrument
    const result = this.#engine.place(index, id, owner, side, priceTicks, sizeLots, instruction, selfTrade, displayLots)
    if (result < 0) return result
    order.engineId = id
    this.#entered(order, side, priceTicks, knowsAhead)
    return result
  }

  /** Of an account's resting order: it keeps its place in the queue where the engine lets it. */
  replaceOrder(order: AccountOrder, priceTicks: number, sizeLots: number, instruction: number): number {
    const engine = this.#engine
    const { engineId, instrument } = order
    const side = sideCode(order.side)
    const beforeTicks = order.priceTicks
    const shownLots = engine.shownLots(engineId)
    const arrival = engine.arrival(engineId)
    const result = engine.replace(engineId, engineId, priceTicks, sizeLots, instruction)
    if (result < 0) return result
    if (engine.has(engineId) && engine.arrival(engineId) === arrival) {
      order.hiddenLots = engine.hiddenLots(engineId)
      this.#reduced(instrument.index, engineId, side, beforeTicks, shownLots, arrival)
    } else {
      this.#removed(instrument.index, engineId, side, beforeTicks, shownLots, arrival)
      this.#queues.leave(order)
      this.#entered(order, side, priceTicks, true)
    }
    return result
  }

  /** Moves a resting order to the end of the queue at another price, without trading. */
  requeue(id: number, priceTicks: number): void {
    const order = this.#engine.ownerOf(id) < 0 ? this.#openOrders.inBook(id) : undefined
    const openLots = this.#engine.openLots(id)
    const result =
      order === undefined
        ? this.#requeueDeskOrder(id, priceTicks, openLots)
        : this.replaceOrder(order, priceTicks, openLots, INSTRUCTION.call)
    assert(result === RESULT.rested, 'an order may rest at another price')
  }

  cancel(id: number): void {
    const engine = this.#engine
    const symbol = engine.symbolOf(id)
    const owner = engine.ownerOf(id)
    const side = engine.sideOf(id)
    const priceTicks = engine.priceOf(id)
    const shownLots = engine.shownLots(id)
    const arrival = this.#arrivalOf(id)
    engine.cancel(id)
    this.#removed(symbol, id, side, priceTicks, shownLots, arrival)
    this.#left(id, owner)
  }

  /** By fewer lots than it has open. Hidden lots go first. */
  reduce(id: number, byLots: number): void {
    const engine = this.#engine
    const shownLots = engine.shownLots(id)
    engine.reduce(id, byLots)
    this.#reduced(engine.symbolOf(id), id, engine.sideOf(id), engine.priceOf(id), shownLots, this.#arrivalOf(id))
  }

  /** Trades at one price what crosses it. @returns the lots traded. */
  uncross(symbol: number, priceTicks: number): number {
    const lots = this.#engine.uncross(symbol, priceTicks)
    this.#reportEvents(symbol, 0, SELF_TRADE.none, undefined)
    return lots
  }

  /** Puts back an order that a checkpoint has. Observers are restored separately. */
  restore(...order: Parameters<MatchingEngine['restore']>): void {
    this.#engine.restore(...order)
  }

  restoreArrivals(last: number): void {
    this.#engine.restoreArrivals(last)
  }

  #requeueDeskOrder(id: number, priceTicks: number, openLots: number): number {
    const engine = this.#engine
    const symbol = engine.symbolOf(id)
    const side = engine.sideOf(id)
    const beforeTicks = engine.priceOf(id)
    const shownLots = engine.shownLots(id)
    const arrival = engine.arrival(id)
    const result = engine.replace(id, id, priceTicks, openLots, INSTRUCTION.call)
    this.#removed(symbol, id, side, beforeTicks, shownLots, arrival)
    this.#added(symbol, id, side, priceTicks, engine.shownLots(id))
    return result
  }

  /** An account's order has been matched, and what is left of it may rest. */
  #entered(order: AccountOrder, side: number, priceTicks: number, knowsAhead: boolean): void {
    const engine = this.#engine
    const { index } = order.instrument
    const id = order.engineId
    order.priceTicks = priceTicks
    if (this.events.count > 0) {
      this.#reportEvents(index, side ^ 1, selfTradeOf(order), ownerOfAccount(order.account))
    }
    if (engine.restedLots() === 0) return
    const shownLots = engine.shownLots(id)
    order.hiddenLots = order.displaySize === undefined ? 0 : engine.hiddenLots(id)
    this.#added(index, id, side, priceTicks, shownLots)
    this.#queues.join(order, engine.levelLots(index, priceTicks, side) - shownLots, knowsAhead)
  }

  /**
   * @param restingSide in continuous trading; an auction's events have their side. @param selfTrade of the aggressor.
   * @param taker its owner; undefined in an auction.
   */
  #reportEvents(symbol: number, restingSide: number, selfTrade: number, taker: number | undefined): void {
    const { events } = this
    let side = restingSide
    for (let at = 0; at < events.count; at++) {
      const kind = events.kind(at)
      if (kind === EVENT.fill) this.#executed(at, symbol, side, events.priceTicks(at), taker)
      else if (kind === EVENT.crossed) {
        side = events.side(at)
        this.#executed(at, symbol, side, events.levelTicks(at), taker)
      } else if (kind === EVENT.refilled) this.#refilled(at, symbol, side)
      else if (selfTrade !== SELF_TRADE.cancelTaker) this.#prevented(at, symbol, side, selfTrade)
    }
  }

  /** A trade that the books do not show. @param side of the order that rested */
  printed(symbol: number, side: number, priceTicks: number, lots: number, isAuction: boolean): void {
    this.#flow?.printed(symbol, side, priceTicks, lots, isAuction)
  }

  #added(symbol: number, id: number, side: number, priceTicks: number, shownLots: number): void {
    this.#depth.touch(side, priceTicks)
    this.#flow?.added(symbol, id, side, priceTicks, shownLots, this.#engine.ownerOf(id))
  }

  #executed(at: number, symbol: number, side: number, levelTicks: number, taker: number | undefined): void {
    const { events } = this
    const id = events.orderId(at)
    const lots = events.sizeLots(at)
    const openLots = events.openLots(at)
    this.#depth.touch(side, levelTicks)
    this.#queues.headReduced(symbol, side, levelTicks, id, lots)
    this.#flow?.executed(symbol, id, side, events.priceTicks(at), lots, this.#shownLeft(at, id, openLots), taker)
    if (openLots === 0) this.#left(id, events.owner(at))
  }

  /** Self-trade prevention has taken lots off a resting order, or canceled it. Desks have none. */
  #prevented(at: number, symbol: number, side: number, selfTrade: number): void {
    const { events } = this
    const id = events.makerId(at)
    const ticks = events.priceTicks(at)
    const openLots = events.makerOpenLots(at)
    const lots = selfTrade === SELF_TRADE.decrement ? events.sizeLots(at) : this.#openOrders.inBook(id)!.shownLots
    this.#depth.touch(side, ticks)
    this.#queues.headReduced(symbol, side, ticks, id, lots)
    this.#flow?.canceled(symbol, id, side, ticks, lots, this.#shownLeft(at, id, openLots))
    if (openLots === 0) this.#left(id, events.makerOwner(at))
  }

  /** The order flow has the next part of an iceberg as a new order at the end of the queue. */
  #refilled(at: number, symbol: number, side: number): void {
    const { events } = this
    const id = events.orderId(at)
    const order = events.owner(at) < 0 ? this.#openOrders.inBook(id) : undefined
    if (order !== undefined) {
      order.hiddenLots = events.hiddenLots(at)
      this.#queues.requeued(order)
    }
    this.#flow?.added(symbol, id, side, events.priceTicks(at), events.sizeLots(at), events.owner(at))
  }

  /** An order that keeps its place may have lost shown lots. */
  #reduced(symbol: number, id: number, side: number, ticks: number, shownBefore: number, arrival: number): void {
    const shownLots = this.#engine.shownLots(id)
    const lots = shownBefore - shownLots
    if (lots === 0) return
    this.#depth.touch(side, ticks)
    this.#queues.reduced(symbol, side, ticks, arrival, lots)
    this.#flow?.canceled(symbol, id, side, ticks, lots, shownLots)
  }

  /** An order has left its level without a trade. */
  #removed(symbol: number, id: number, side: number, ticks: number, shownLots: number, arrival: number): void {
    this.#depth.touch(side, ticks)
    this.#queues.reduced(symbol, side, ticks, arrival, shownLots)
    this.#flow?.canceled(symbol, id, side, ticks, shownLots, 0)
  }

  /** Nothing of the order is left in the book. */
  #left(id: number, owner: number): void {
    if (owner < 0) this.#queues.leave(this.#openOrders.inBook(id)!)
    else this.#deskOrders.remove(owner, id)
  }

  /** Only queue positions need it; it costs a lookup. */
  #arrivalOf(id: number): number {
    return this.#queues.isEmpty ? 0 : this.#engine.arrival(id)
  }

  /** What the order flow shows of an order after a trade: nothing between the end of one part and the next one. */
  #shownLeft(at: number, id: number, openLots: number): number {
    if (openLots === 0) return 0
    const { events } = this
    const next = at + 1
    if (next < events.count && events.kind(next) === EVENT.refilled && events.orderId(next) === id) return 0
    return openLots - this.#engine.hiddenLots(id)
  }
}

function selfTradeOf({ selfTradePrevention = 'none' }: AccountOrder): number {
  return SELF_TRADE[selfTradePrevention]
}
