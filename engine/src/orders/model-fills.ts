// Fills orders by the fill model of their account, beside the book: against what the book shows, which they do not
// take away. Optimistic: whole, at a touch. Pessimistic: what is shown when the order comes, then whole, at a trade
// beyond its price. Auctions have no model.

import { INSTRUCTION, RESULT } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { ownerOfAccount } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { rejectOfEngine } from './book-entry.ts'
import { endUnfilled } from './order-end.ts'
import type { PriceLimit } from './price-limits.ts'
import { reject } from './rejects.ts'
import { settleOffBook } from './settlement.ts'

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
  const { books } = state
  const best = bestOpposite(state, order)
  if (orderType === 'market' && best === 0) return reject.noLiquidity(instrument, side)
  if (instruction === INSTRUCTION.postOnly && isWithin(order, best, limit.ticks)) {
    return rejectOfEngine(state, RESULT.wouldCross, order, sizeLots, limit)
  }
  if (instruction !== INSTRUCTION.fillOrKill) return undefined
  const owner = ownerOfAccount(order.account)
  const lots = books.fillableLots(instrument.index, sideCode(side), sizeLots, limit.ticks, owner, 0)
  return lots < sizeLots ? rejectOfEngine(state, RESULT.cannotFill, order, sizeLots, limit) : undefined
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
  const { books } = state
  const { instrument, side } = order
  const { index } = instrument
  for (let ticks = bestOpposite(state, order); isWithin(order, ticks, limitTicks) && !order.ended; ) {
    const shownLots = books.levelLots(index, ticks, sideCode(side) ^ 1)
    const lots = order.fillModel === 'optimistic' ? order.leavesLots : Math.min(order.leavesLots, shownLots)
    settleOffBook(state, order, lots, ticks, 'taker')
    ticks = side === 'buy' ? books.nextAskAbove(index, ticks) : books.nextBidBelow(index, ticks)
  }
}

/** 0: nobody is there. */
function bestOpposite({ books }: ExchangeState, { side, instrument }: AccountOrder): number {
  return side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
}

function isWithin({ side }: AccountOrder, ticks: number, limitTicks: number): boolean {
  return ticks !== 0 && (side === 'buy' ? ticks <= limitTicks : ticks >= limitTicks)
}
