// Enters an account's checked order into the book and settles the result: its fills, and its rest or its end. For new
// and replaced orders, and for those that waited for a stop or an auction.

import type { Reject } from '@papertape/protocol'
import { RESULT, SELF_TRADE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import { ownerOfAccount } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { endUnfilled } from './order-end.ts'
import type { PriceLimit } from './price-limits.ts'
import { reject } from './rejects.ts'
import { release, reserve } from './reservation.ts'
import { settleFills } from './settlement.ts'

interface Entry {
  readonly limit: PriceLimit
  /** INSTRUCTION. */
  readonly instruction: number
}

/** Enters an order that has waited outside of the book; what it may need is reserved already. */
export function enterWaiting(state: ExchangeState, order: AccountOrder, { limit, instruction }: Entry): void {
  const engineId = state.nextEngineId()
  const { leavesLots } = order
  const result = state.bookChanges.placeOrder(order, engineId, limit.ticks, leavesLots, instruction, false)
  if (result < 0) {
    endUnfilled(state, order, 'canceled', rejectOfEngine(state, result, order, leavesLots, limit))
    return
  }
  state.changes.order(order)
  state.privateLog.markChanged(order.account)
  settleEntry(state, order, result, limit)
}

/** An order that has waited gets the price of the band where its own limit lies outside. */
export function repriceEntering(state: ExchangeState, order: AccountOrder, ticks: number, reason: Reject): void {
  release(state, order, order.leavesLots)
  order.price = order.instrument.price(ticks)
  order.heldTicks = ticks
  order.apply('replace')
  reserve(state, order)
  state.privateLog.execution(order, state.log.ts, { execType: 'replaced', reason })
}

/** The engine has accepted the order: settles what traded; the rest of the order rests, or ends. */
export function settleEntry(state: ExchangeState, order: AccountOrder, result: number, limit: PriceLimit): void {
  const { instrument } = order
  if (result === RESULT.rested) state.openOrders.add(order)
  settleFills(state, instrument, order.side, order)
  if (result === RESULT.selfTrade && !order.ended) endUnfilled(state, order, 'canceled', reject.selfTradePrevented())
  else if (result === RESULT.lapsed) endUnfilled(state, order, 'canceled', limitReject(state, order, limit))
}

/** The reason why an order was cut short by a collar or a band although the book goes on; undefined: the book ended. */
function limitReject(
  { books }: ExchangeState,
  { side, instrument }: AccountOrder,
  { why }: PriceLimit,
): Reject | undefined {
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  return best === 0 ? undefined : why?.()
}

/** @param result negative. */
export function rejectOfEngine(
  { books }: ExchangeState,
  result: number,
  order: AccountOrder,
  sizeLots: number,
  { ticks }: PriceLimit,
): Reject {
  const { instrument, side, account, selfTradePrevention = 'none' } = order
  const { index } = instrument
  if (result === RESULT.wouldCross) {
    const bestTicks = side === 'buy' ? books.bestAsk(index) : books.bestBid(index)
    return reject.postOnlyWouldTrade(instrument.price(ticks), instrument.price(bestTicks))
  }
  assert(result === RESULT.cannotFill, 'the engine rejects nothing else that the checks let through')
  const [owner, selfTrade] = [ownerOfAccount(account), SELF_TRADE[selfTradePrevention]]
  const fillableLots = books.fillableLots(index, sideCode(side), sizeLots, ticks, owner, selfTrade)
  return reject.cannotFill(instrument.size(sizeLots), instrument.size(fillableLots))
}

/** The lots shown at a price on the order's own side, which would be ahead of it. */
export function shownLotsAt(
  { books }: ExchangeState,
  order: { readonly side: AccountOrder['side']; readonly instrument: TradedInstrument },
  ticks: number,
): number {
  return books.levelLots(order.instrument.index, ticks, sideCode(order.side))
}
