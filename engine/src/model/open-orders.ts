// The open orders of all accounts: by account, by the matching engine's id while they rest in a book, and those that
// wait outside of the books (stops, and orders for the closing auction). References only: it changes no order.

import { SIDE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { RankedQueue } from '../primitives/ranked-queue.ts'
import type { Account } from './account.ts'
import type { AccountOrder } from './account-order.ts'
import type { TradedInstrument } from './instrument.ts'
import { StopBook } from './stop-book.ts'

/** Of one instrument. */
interface WaitingOrders {
  /** By SIDE. */
  readonly stops: readonly [buy: StopBook<AccountOrder>, sell: StopBook<AccountOrder>]
  /** The trailing stops among them, by SIDE, in the order of their turns. */
  readonly trailing: readonly [buy: Set<AccountOrder>, sell: Set<AccountOrder>]
  /** For the closing auction, before it has begun, oldest first. */
  readonly closing: Set<AccountOrder>
  /** Of lists whose entry has not filled yet. */
  readonly held: Set<AccountOrder>
}

export class OpenOrders {
  /** By the account's index, then by orderId, oldest first. */
  readonly #byAccount: Map<string, AccountOrder>[] = []
  readonly #byEngineId = new Map<number, AccountOrder>()
  /** By the instrument's index. */
  readonly #waiting: readonly WaitingOrders[]
  /** By listId. */
  readonly #lists = new Map<string, Set<AccountOrder>>()
  /** GTD orders by their expireTime. */
  readonly expiring = new RankedQueue<AccountOrder>()

  constructor(instrumentsCount: number) {
    this.#waiting = Array.from({ length: instrumentsCount }, () => ({
      stops: [new StopBook(SIDE.buy), new StopBook(SIDE.sell)],
      trailing: [new Set(), new Set()],
      closing: new Set(),
      held: new Set(),
    }))
  }

  /** By orderId, oldest first. */
  ofAccount({ index }: Account): ReadonlyMap<string, AccountOrder> {
    return this.#ofIndex(index)
  }

  /** The order that rests under this id of the matching engine. */
  inBook(engineId: number): AccountOrder | undefined {
    return this.#byEngineId.get(engineId)
  }

  /** Those of one instrument that rest in its book or wait outside of it. */
  ofInstrument(instrument: TradedInstrument): AccountOrder[] {
    const { stops, closing, held } = this.waiting(instrument)
    const resting = [...this.#byEngineId.values()].filter(order => order.instrument === instrument)
    return [...resting, ...stops[0].list(), ...stops[1].list(), ...closing, ...held]
  }

  waiting({ index }: TradedInstrument): WaitingOrders {
    return this.#waiting[index]!
  }

  /** At its stop price, behind those that wait there. */
  addStop(order: AccountOrder): void {
    const { stops, trailing } = this.waiting(order.instrument)
    const side = sideCode(order.side)
    stops[side]!.add(order, order.stopTicks)
    if (order.isTrailing) trailing[side]!.add(order)
  }

  removeStop(order: AccountOrder): void {
    const { stops, trailing } = this.waiting(order.instrument)
    const side = sideCode(order.side)
    stops[side]!.remove(order)
    trailing[side]!.delete(order)
  }

  /** Removes the next stop order of a side that a trade at this price triggers. */
  takeStop(instrument: TradedInstrument, side: number, tradeTicks: number): AccountOrder | undefined {
    const { stops, trailing } = this.waiting(instrument)
    const order = stops[side]!.take(tradeTicks)
    if (order !== undefined) trailing[side]!.delete(order)
    return order
  }

  add(order: AccountOrder): void {
    const own = this.#ofIndex(order.account.index)
    if (order.expireTime !== undefined && !own.has(order.orderId)) this.expiring.add(order, order.expireTime)
    own.set(order.orderId, order)
    if (order.engineId !== 0) this.#byEngineId.set(order.engineId, order)
    if (order.listId === undefined) return
    const list = this.#lists.get(order.listId)
    if (list === undefined) this.#lists.set(order.listId, new Set([order]))
    else list.add(order)
  }

  /** The other open orders of its list, in the order of their ids. */
  besideInList(order: AccountOrder): AccountOrder[] {
    if (order.listId === undefined) return []
    return [...(this.#lists.get(order.listId) ?? [])].filter(other => other !== order)
  }

  /** The order goes on alone: no other of its list ends with it. */
  leaveList(order: AccountOrder): void {
    const list = order.listId === undefined ? undefined : this.#lists.get(order.listId)
    if (list === undefined) return
    list.delete(order)
    if (list.size === 0) this.#lists.delete(order.listId!)
  }

  /** The order has ended. */
  remove(order: AccountOrder): void {
    this.#ofIndex(order.account.index).delete(order.orderId)
    this.#byEngineId.delete(order.engineId)
    this.expiring.remove(order)
    this.waiting(order.instrument).held.delete(order)
    this.leaveList(order)
  }

  #ofIndex(index: number): Map<string, AccountOrder> {
    let orders = this.#byAccount[index]
    if (orders === undefined) {
      orders = new Map()
      this.#byAccount[index] = orders
    }
    return orders
  }
}
