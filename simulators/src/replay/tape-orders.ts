// Which of the tape's orders rest at which price, oldest first: the book shows levels, not whose they are. Keeps ids
// only; whether one is still open, and with how much, the exchange is asked. Used by the replay alone.

import type { BookReader } from '@papertape/engine'
import type { Side } from '@papertape/protocol'
import { DESK } from '../market/desks.ts'

export interface TapeOrders {
  add(side: Side, ticks: number, orderId: number): void
  /** The oldest tape order that is open at a price; 0 when there is none. */
  oldest(side: Side, ticks: number, book: BookReader): number
  /** The tape's open orders on a side at `limitTicks` or better, best price first. */
  upTo(side: Side, limitTicks: number, book: BookReader): number[]
}

/** There is one symbol on a tape: its index in the exchange. */
export function createTapeOrders(symbolIndex: number): TapeOrders {
  const levels = { buy: new Map<number, number[]>(), sell: new Map<number, number[]>() }

  /** The open ones at a price; those that are gone are forgotten on the way. */
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
