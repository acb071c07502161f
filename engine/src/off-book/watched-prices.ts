// The orders of one instrument that wait beside its book for a price, by fill model and side. References only: it
// changes no order.

import { SIDE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { StopBook } from '../model/stop-book.ts'

/** By the SIDE of the orders: a buy is reached from above, as the stop of a sell is. */
type BySide = readonly [buys: StopBook<AccountOrder>, sells: StopBook<AccountOrder>]

/** The trades in the current command, or in a part of it; 0: none. */
interface TradedRange {
  low: number
  high: number
}

/** An order that has come in the current command: the trades of before are none that it waits for. */
interface JoiningOrder extends TradedRange {
  readonly order: AccountOrder
}

export class WatchedPrices {
  readonly #touched: BySide = [new StopBook(SIDE.sell), new StopBook(SIDE.buy)]
  /** A tick beyond the limits of the orders. */
  readonly #beyond: BySide = [new StopBook(SIDE.sell), new StopBook(SIDE.buy)]
  readonly #traded: TradedRange = { low: 0, high: 0 }
  #joining: JoiningOrder[] = []

  get isEmpty(): boolean {
    const [touched, beyond] = [this.#touched, this.#beyond]
    return touched[0].size + touched[1].size + beyond[0].size + beyond[1].size + this.#joining.length === 0
  }

  add(order: AccountOrder): void {
    this.#joining.push({ order, low: 0, high: 0 })
  }

  remove(order: AccountOrder): void {
    const side = sideCode(order.side)
    this.#touched[side]!.remove(order)
    this.#beyond[side]!.remove(order)
    this.#joining = this.#joining.filter(joining => joining.order !== order)
  }

  /** @param ticks may lie off the tick grid. */
  traded(ticks: number): void {
    for (const range of [this.#traded, ...this.#joining]) {
      if (range.low === 0 || ticks < range.low) range.low = ticks
      if (ticks > range.high) range.high = ticks
    }
  }

  /** Removes the orders that the trades since the last call, or a quote of now, have reached. 0: no such quote. */
  takeReached({ bid, ask }: { readonly bid: number; readonly ask: number }): AccountOrder[] {
    const orders: AccountOrder[] = []
    const take = (book: StopBook<AccountOrder>, ticks: number) => {
      if (ticks === 0) return
      for (let order = book.take(ticks); order !== undefined; order = book.take(ticks)) orders.push(order)
    }
    for (const books of [this.#touched, this.#beyond]) {
      take(books[SIDE.buy]!, this.#traded.low)
      take(books[SIDE.sell]!, this.#traded.high)
    }
    for (const { order, low, high } of this.#joining) {
      const ticks = reachedAt(order)
      if (order.side === 'buy' ? low !== 0 && low <= ticks : high >= ticks) orders.push(order)
      else (order.fillModel === 'optimistic' ? this.#touched : this.#beyond)[sideCode(order.side)]!.add(order, ticks)
    }
    take(this.#touched[SIDE.buy]!, ask)
    take(this.#touched[SIDE.sell]!, bid)
    Object.assign(this.#traded, { low: 0, high: 0 })
    this.#joining = []
    return orders
  }
}

/** The price that a trade must have. */
function reachedAt({ fillModel, side, priceTicks }: AccountOrder): number {
  if (fillModel === 'optimistic') return priceTicks
  return side === 'buy' ? priceTicks - 1 : priceTicks + 1
}
