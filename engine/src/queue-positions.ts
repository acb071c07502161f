// How many lots stand before each resting order of an account. Only such orders are followed, by level, and each change of
// a level costs a look at those of them that rest there: nothing where none does. What changed is told to the owners once,
// at the end of the command.

import type { AccountOrder } from './account-order.ts'
import { assert } from './assert.ts'
import type { MatchingEngine } from './matching-engine.ts'
import type { PrivateLog } from './private-log.ts'
import { sideCode } from './side-code.ts'

/** Ahead is not known by counting: it is asked of the queue at the end of the command. */
const UNKNOWN = -1

export class QueuePositions {
  readonly #engine: MatchingEngine
  /** By symbol, price and side; each list in the order of the queue. */
  readonly #levels = new Map<number, AccountOrder[]>()
  readonly #changed = new Set<AccountOrder>()

  constructor(engine: MatchingEngine) {
    this.#engine = engine
  }

  /** The order rests from now on, at the end of its queue. @param isTold false: its owner does not know where. */
  join(order: AccountOrder, aheadLots: number, isTold: boolean): void {
    order.aheadLots = aheadLots
    order.toldAheadLots = isTold ? aheadLots : UNKNOWN
    if (!isTold) this.#changed.add(order)
    const key = keyOf(order.listing.index, sideCode(order.side), order.priceTicks)
    const orders = this.#levels.get(key)
    if (orders === undefined) this.#levels.set(key, [order])
    else orders.push(order)
  }

  /** The order rests no longer at its price, or not in its place: call it before either changes. */
  leave(order: AccountOrder): void {
    const key = keyOf(order.listing.index, sideCode(order.side), order.priceTicks)
    const orders = this.#levels.get(key)
    const at = orders === undefined ? -1 : orders.indexOf(order)
    if (at < 0) return
    orders!.splice(at, 1)
    if (orders!.length === 0) this.#levels.delete(key)
    this.#changed.delete(order)
  }

  /** The first of a queue has traded so many lots, or lost them. */
  headTook(symbol: number, side: number, ticks: number, orderId: number, lots: number): void {
    const orders = this.#at(symbol, side, ticks)
    if (orders === undefined) return
    for (const order of orders) {
      if (order.engineId === orderId) assert(order.aheadLots <= 0, 'the first of a queue has nobody before it')
      else this.#advance(order, lots)
    }
  }

  /** An order that still rests in its place loses so many of its shown lots without a trade. */
  losing(orderId: number, symbol: number, side: number, ticks: number, lots: number): void {
    if (this.#levels.size > 0) this.lost(symbol, side, ticks, this.#engine.arrival(orderId), lots)
  }

  /** An order has lost so many of its shown lots without a trade. @param arrival the core's, of its place before. */
  lost(symbol: number, side: number, ticks: number, arrival: number, lots: number): void {
    const orders = this.#at(symbol, side, ticks)
    if (orders === undefined) return
    for (const order of orders) {
      if (((arrival - this.#engine.arrival(order.engineId)) | 0) < 0) this.#advance(order, lots)
    }
  }

  /** An iceberg has shown its next part, at the end of the queue. */
  requeued(order: AccountOrder): void {
    const orders = this.#at(order.listing.index, sideCode(order.side), order.priceTicks)!
    orders.splice(orders.indexOf(order), 1)
    orders.push(order)
    this.#forget(order)
  }

  /** More has changed at a level than can be counted here. */
  recount(symbol: number, side: number, ticks: number): void {
    for (const order of this.#at(symbol, side, ticks) ?? []) this.#forget(order)
  }

  /** Ends a command: tells each owner whose order stands elsewhere now. */
  tell(privateLog: PrivateLog, ts: number): void {
    if (this.#changed.size === 0) return
    for (const order of this.#changed) {
      if (order.aheadLots === UNKNOWN) order.aheadLots = this.#engine.aheadLots(order.engineId)
      privateLog.queue(order, ts)
    }
    this.#changed.clear()
  }

  #at(symbol: number, side: number, ticks: number): AccountOrder[] | undefined {
    return this.#levels.size === 0 ? undefined : this.#levels.get(keyOf(symbol, side, ticks))
  }

  #advance(order: AccountOrder, lots: number): void {
    if (order.aheadLots === UNKNOWN) return
    order.aheadLots -= lots
    assert(order.aheadLots >= 0, 'no fewer than no lots are ahead')
    this.#changed.add(order)
  }

  #forget(order: AccountOrder): void {
    order.aheadLots = UNKNOWN
    this.#changed.add(order)
  }
}

function keyOf(symbol: number, side: number, ticks: number): number {
  return symbol * 2 ** 32 + ticks * 2 + side
}
