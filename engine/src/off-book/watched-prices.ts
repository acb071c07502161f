// The orders of one instrument that wait beside its book for a price, by fill model and side. References only: it
// changes no order.

import { SIDE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { StopBook } from '../model/stop-book.ts'

/** By the SIDE of the orders: a buy is reached from above, as the stop of a sell is. */
type BySide = readonly [buys: StopBook<AccountOrder>, sells: StopBook<AccountOrder>]

export class WatchedPrices {
  readonly #touched: BySide = [new StopBook(SIDE.sell), new StopBook(SIDE.buy)]
  /** A tick beyond the limits of the orders. */
  readonly #beyond: BySide = [new StopBook(SIDE.sell), new StopBook(SIDE.buy)]
  /** Of the trades in the current command; 0: none. */
  #low = 0
  #high = 0

  get isEmpty(): boolean {
    const [touched, beyond] = [this.#touched, this.#beyond]
    return touched[0].size + touched[1].size + beyond[0].size + beyond[1].size === 0
  }

  add(order: AccountOrder): void {
    // Trades of before are none that it waits for.
    if (this.isEmpty) this.#forgetTrades()
    const side = sideCode(order.side)
    if (order.fillModel === 'optimistic') this.#touched[side]!.add(order, order.priceTicks)
    else this.#beyond[side]!.add(order, order.priceTicks + (side === SIDE.buy ? -1 : 1))
  }

  remove(order: AccountOrder): void {
    const side = sideCode(order.side)
    this.#touched[side]!.remove(order)
    this.#beyond[side]!.remove(order)
  }

  /** @param ticks may lie off the tick grid. */
  traded(ticks: number): void {
    if (this.#low === 0 || ticks < this.#low) this.#low = ticks
    if (ticks > this.#high) this.#high = ticks
  }

  /** Removes the orders that the trades since the last call, or a quote of now, have reached. 0: no such quote. */
  takeReached({ bid, ask }: { readonly bid: number; readonly ask: number }): AccountOrder[] {
    const orders: AccountOrder[] = []
    const take = (book: StopBook<AccountOrder>, ticks: number) => {
      if (ticks === 0) return
      for (let order = book.take(ticks); order !== undefined; order = book.take(ticks)) orders.push(order)
    }
    for (const books of [this.#touched, this.#beyond]) {
      take(books[SIDE.buy]!, this.#low)
      take(books[SIDE.sell]!, this.#high)
    }
    take(this.#touched[SIDE.buy]!, ask)
    take(this.#touched[SIDE.sell]!, bid)
    this.#forgetTrades()
    return orders
  }

  #forgetTrades(): void {
    this.#low = 0
    this.#high = 0
  }
}
