// Fills orders by the fill model of their account, beside the book: against what the book shows, which they do not
// take away. Optimistic: whole, at a touch. Pessimistic: what is shown when the order comes, then whole, at a trade
// beyond its price. Auctions have no model.

import { INSTRUCTION, RESULT } from '../matching/codes.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { rejectOfEngine } from './book-entry.ts'
import { endUnfilled } from './order-end.ts'
import type { PriceLimit } from './price-limits.ts'
import { reject } from './rejects.ts'
import { settleOffBook } from './settlement.ts'
import { shownLevels } from './shown-levels.ts'

interface ModelEntry {
  readonly limit: PriceLimit
  readonly sizeLots: number
  /** INSTRUCTION. */
  readonly instruction: number
}

/** What the matching engine would refuse: post-only that trades, FOK that is not filled at once, an empty book. */
export function checkByModel(state: ExchangeState, order: AccountOrder, { limit, sizeLots, instruction }: ModelEntry) {
  const { instrument, side, orderType } = order
  if (!isMatching(instrument.phase)) return undefined
  const best = bestOpposite(state, order)
  if (orderType === 'market' && best === 0) return reject.noLiquidity(instrument, side)
  if (instruction === INSTRUCTION.postOnly && isWithin(order, best, limit.ticks)) {
    return rejectOfEngine(state, RESULT.wouldCross, order, sizeLots, limit)
  }
  if (instruction !== INSTRUCTION.fillOrKill) return undefined
  const isFilled =
    order.fillModel === 'optimistic'
      ? isWithin(order, best, limit.ticks)
      : sumOf(shownLevels(state, instrument, side, sizeLots, limit.ticks)) === sizeLots
  return !isFilled ? rejectOfEngine(state, RESULT.cannotFill, order, sizeLots, limit) : undefined
}

/** The order is open: fills what it finds; the rest waits for a price, or ends. */
export function enterByModel(
  state: ExchangeState,
  order: AccountOrder,
  { limit, instruction }: Pick<ModelEntry, 'limit' | 'instruction'>,
): void {
  if (isMatching(order.instrument.phase)) takeShown(state, order, limit.ticks)
  if (order.ended) return
  const mayWait = instruction !== INSTRUCTION.immediateOrCancel && instruction !== INSTRUCTION.fillOrKill
  if (mayWait) state.offBook.watch(order)
  else endUnfilled(state, order, 'canceled', bestOpposite(state, order) === 0 ? undefined : limit.why?.())
}

/** At the end of a command: fills the orders whose price its trades, or the quotes after it, have reached. */
export function fillReached(state: ExchangeState, instrument: TradedInstrument): void {
  const { offBook, books } = state
  if (!offBook.watches(instrument)) return
  const { index } = instrument
  const isQuoted = isMatching(instrument.phase)
  const quote = { bid: isQuoted ? books.bestBid(index) : 0, ask: isQuoted ? books.bestAsk(index) : 0 }
  for (const order of offBook.takeReached(instrument, quote)) {
    settleOffBook(state, order, order.leavesLots, order.priceTicks, 'maker')
  }
}

function takeShown(state: ExchangeState, order: AccountOrder, limitTicks: number): void {
  const { instrument, side, leavesLots } = order
  const best = bestOpposite(state, order)
  if (order.fillModel !== 'optimistic') {
    for (const { ticks, lots } of shownLevels(state, instrument, side, leavesLots, limitTicks)) {
      settleOffBook(state, order, lots, ticks, 'taker')
    }
  } else if (isWithin(order, best, limitTicks)) settleOffBook(state, order, leavesLots, best, 'taker')
}

function sumOf(levels: ReturnType<typeof shownLevels>): number {
  return levels.reduce((sum, { lots }) => sum + lots, 0)
}

/** 0: nobody is there. */
function bestOpposite({ books }: ExchangeState, { side, instrument }: AccountOrder): number {
  return side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
}

function isWithin({ side }: AccountOrder, ticks: number, limitTicks: number): boolean {
  return ticks !== 0 && (side === 'buy' ? ticks <= limitTicks : ticks >= limitTicks)
}
