// The open orders of a replayed tape by price, oldest first: the book's levels do not separate them from users'
// orders. Keeps ids only and asks the exchange what is still open.

import type { BookReader } from '@papertape/engine'
import type { Side } from '@papertape/protocol'
import { DESK } from '../market/desks.ts'

export interface TapeOrders {
  add(side: Side, ticks: number, orderId: number): void
  /** The oldest open tape order at a price; 0 when there is none. */
  oldest(side: Side, ticks: number, book: BookReader): number
  /** The tape's open orders on a side at `limitTicks` or better, best price first. */
  upTo(side: Side, limitTicks: number, book: BookReader): number[]
}

export function createTapeOrders(symbolIndex: number): TapeOrders {
  const levels = { buy: new Map<number, number[]>(), sell: new Map<number, number[]>() }

  /** The open orders at a price; drops the others from the list. */
  function openAt(side: Side, ticks: number, book: BookReader): number[] {
    const ids = levels[side].get(ticks)
    if (ids === undefined) return []
    const open = ids.filter(id => book.openLots(DESK.tape, id) > 0)
    if (open.length === 0) levels[side].delete(ticks)
    else levels[side].set(ticks, open)
    return open
  }

  function add(side: Side, ticks: number, orderId: number): void {
    const ids = levels[side].get(ticks)
    if (ids === undefined) levels[side].set(ticks, [orderId])
    else ids.push(orderId)
  }

  function upTo(side: Side, limitTicks: number, book: BookReader): number[] {
    const found: number[] = []
    let ticks = side === 'buy' ? book.bestBid(symbolIndex) : book.bestAsk(symbolIndex)
    while (ticks !== 0 && (side === 'buy' ? ticks >= limitTicks : ticks <= limitTicks)) {
      for (const id of openAt(side, ticks, book)) found.push(id)
      ticks = side === 'buy' ? book.nextBidBelow(symbolIndex, ticks) : book.nextAskAbove(symbolIndex, ticks)
    }
    return found
  }

  return { add, oldest: (side, ticks, book) => openAt(side, ticks, book)[0] ?? 0, upTo }
}
