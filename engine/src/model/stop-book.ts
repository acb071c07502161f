// The waiting stop orders of one side of one symbol, in the order in which trades reach them: the stop price nearest
// to the market first, of equal ones the oldest. Pure. trigger-stops.ts reads it after trades.

import { SIDE } from '../matching/codes.ts'
import { RankedQueue } from '../primitives/ranked-queue.ts'

export class StopBook<Order> {
  /** 1 for buys, -1 for sells, which gives the stop price nearest to the market the lowest rank. */
  readonly #sign: number
  readonly #queue = new RankedQueue<Order>()

  /** @param side SIDE of the orders: buy stops are reached from below, sell stops from above. */
  constructor(side: number) {
    this.#sign = side === SIDE.buy ? 1 : -1
  }

  get size(): number {
    return this.#queue.size
  }

  add(order: Order, stopTicks: number): void {
    this.#queue.add(order, stopTicks * this.#sign)
  }

  remove(order: Order): void {
    this.#queue.remove(order)
  }

  /** Removes the next order that a trade at this price triggers. */
  take(tradeTicks: number): Order | undefined {
    return this.#queue.take(tradeTicks * this.#sign)
  }

  /** In the order in which they would trigger; adding them in that order makes the same book. */
  list(): Order[] {
    return this.#queue.list()
  }
}
