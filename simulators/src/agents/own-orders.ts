// A maker's own orders in one symbol, read back from the book: since a maker has at most one order at a price, the ref
// says whether a level holds one. Reading them tells what has been filled too, users' trades included.
// Changes nothing but what it is told of. One for each maker.

import type { BookReader } from '@papertape/engine'
import type { Side } from '@papertape/protocol'
import { priceRef } from '../desks.ts'

/** A book deeper than this is read no further; what lies beyond is found again when the price comes near. */
const LEVELS_MOST = 400

export interface OwnSide {
  readonly side: Side
  /** Prices of its orders, best first; `count` of them are valid. */
  readonly ticks: readonly number[]
  readonly count: number
  /** Lots that should rest: what was placed less what was cancelled. The difference to the book is what was filled. */
  readonly expectedLots: number
  /** Reads the book; the answer is how many lots have been filled since the last time. */
  survey(book: BookReader): number
  placed(lots: number): void
  canceled(lots: number): void
}

export function createOwnSide(desk: number, symbolIndex: number, side: Side, expected: number): OwnSide {
  const ticks: number[] = []
  let count = 0
  let expectedLots = expected

  function survey(book: BookReader): number {
    count = 0
    let restingLots = 0
    let price = side === 'buy' ? book.bestBid(symbolIndex) : book.bestAsk(symbolIndex)
    for (let levels = 0; price !== 0 && levels < LEVELS_MOST; levels++) {
      const lots = book.openLots(desk, priceRef(symbolIndex, side, price))
      if (lots > 0) {
        ticks[count++] = price
        restingLots += lots
      }
      price = side === 'buy' ? book.nextBidBelow(symbolIndex, price) : book.nextAskAbove(symbolIndex, price)
    }
    const filledLots = Math.max(0, expectedLots - restingLots)
    expectedLots = restingLots
    return filledLots
  }

  return {
    side,
    ticks,
    get count() {
      return count
    },
    get expectedLots() {
      return expectedLots
    },
    survey,
    placed: lots => {
      expectedLots += lots
    },
    canceled: lots => {
      expectedLots -= lots
    },
  }
}
