// What an order would take of the levels that the book shows, best first, hidden lots left out. The pessimistic model
// is checked and filled by it, so that an order never costs more than was checked. Pure.

import type { Side } from '@papertape/protocol'
import { sideCode } from '../matching/side-code.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

interface ShownLevel {
  readonly ticks: number
  readonly lots: number
}

/** @param limitTicks the worst price. */
export function shownLevels(
  { books }: ExchangeState,
  { index }: TradedInstrument,
  side: Side,
  sizeLots: number,
  limitTicks: number,
): readonly ShownLevel[] {
  const isBuy = side === 'buy'
  const isWithin = (ticks: number) => ticks !== 0 && (isBuy ? ticks <= limitTicks : ticks >= limitTicks)
  const levels: ShownLevel[] = []
  let leftLots = sizeLots
  let ticks = isBuy ? books.bestAsk(index) : books.bestBid(index)
  while (leftLots > 0 && isWithin(ticks)) {
    const lots = Math.min(leftLots, books.levelLots(index, ticks, sideCode(side) ^ 1))
    levels.push({ ticks, lots })
    leftLots -= lots
    ticks = isBuy ? books.nextAskAbove(index, ticks) : books.nextBidBelow(index, ticks)
  }
  return levels
}
