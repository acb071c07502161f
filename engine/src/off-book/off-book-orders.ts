// The orders that are held beside the books, of accounts for tests: by instrument, by when the next fill of their
// script is due, by the price at which their fill model fills them. References only: orders/scripted-fills.ts and
// orders/model-fills.ts fill them.

import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { RankedQueue } from '../primitives/ranked-queue.ts'
import { WatchedPrices } from './watched-prices.ts'

export class OffBookOrders {
  readonly #open = new Set<AccountOrder>()
  /** By the instrument's index: those that wait for a price. */
  readonly #watched: WatchedPrices[] = []
  /** By market time. */
  readonly #due = new RankedQueue<AccountOrder>()
  /** Canceled ones whose last fill is still to come, by orderId. */
  readonly #late = new Map<string, AccountOrder>()

  /** Market time of the next fill; Infinity without one. */
  get nextDue(): number {
    return this.#due.lowest
  }

  /** Open ones. */
  ofInstrument(instrument: TradedInstrument): AccountOrder[] {
    return [...this.#open].filter(order => order.instrument === instrument)
  }

  /** Canceled ones of an account that have a fill to come. */
  lateOf(account: Account): AccountOrder[] {
    return [...this.#late.values()].filter(order => order.account === account)
  }

  /** A canceled one that has a fill to come. */
  late(account: Account, orderId: string): AccountOrder | undefined {
    const order = this.#late.get(orderId)
    return order?.account === account ? order : undefined
  }

  /** An open one; or one that was canceled and has a fill to come. */
  add(order: AccountOrder): void {
    if (order.lateLots === 0) this.#open.add(order)
    else this.#late.set(order.orderId, order)
    if (order.fillDue !== Number.POSITIVE_INFINITY) this.#due.add(order, order.fillDue)
  }

  /** An open one that its fill model fills at a price. */
  watch(order: AccountOrder): void {
    this.#open.add(order)
    const { index } = order.instrument
    const watched = this.#watched[index] ?? new WatchedPrices()
    this.#watched[index] = watched
    watched.add(order)
  }

  /** Whether prices of the instrument fill orders. */
  watches({ index }: TradedInstrument): boolean {
    return this.#watched[index]?.isEmpty === false
  }

  /** Each trade. @param ticks may lie off the tick grid. */
  traded({ index }: TradedInstrument, ticks: number): void {
    const watched = this.#watched[index]
    if (watched?.isEmpty === false) watched.traded(ticks)
  }

  /** Removes those that trades or quotes have reached. By orderId, as in takeDue(). */
  takeReached({ index }: TradedInstrument, quote: { readonly bid: number; readonly ask: number }): AccountOrder[] {
    return this.#watched[index]!.takeReached(quote).sort((a, b) => Number(a.orderId) - Number(b.orderId))
  }

  schedule(order: AccountOrder, time: number): void {
    order.fillDue = time
    this.#due.add(order, time)
  }

  /** The order has ended, or was canceled. */
  remove(order: AccountOrder): void {
    this.#open.delete(order)
    this.#late.delete(order.orderId)
    this.#due.remove(order)
    if (order.fillModel !== undefined) this.#watched[order.instrument.index]?.remove(order)
    order.fillDue = Number.POSITIVE_INFINITY
  }

  /** Those whose fill is due at this time, the next one. By orderId, as a restart schedules them. */
  takeDue(time: number): AccountOrder[] {
    const orders: AccountOrder[] = []
    for (let order = this.#due.take(time); order !== undefined; order = this.#due.take(time)) {
      order.fillDue = Number.POSITIVE_INFINITY
      orders.push(order)
    }
    return orders.sort((a, b) => Number(a.orderId) - Number(b.orderId))
  }
}
