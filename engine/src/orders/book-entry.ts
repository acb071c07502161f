// How an account's order gets into the book once it has been checked, and what becomes of it there: fills, rest, or an end
// with its reason. For new and replaced orders, and for those that waited for a stop or an auction.

import type { Reject } from '@papertape/protocol'
import { INSTRUCTION, RESULT, SELF_TRADE } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Listing } from '../model/instrument.ts'
import { assert } from '../primitives/assert.ts'
import { type Floor, ownerOfAccount } from '../state/exchange-state.ts'
import { reject } from './order-checks.ts'
import { endUnfilled } from './order-end.ts'
import type { PriceLimit } from './price-limits.ts'
import { SELF_TRADE_PREVENTED, settleFills } from './settlement.ts'

/** How an order comes to the book. */
export interface Entry {
  readonly limit: PriceLimit
  readonly instruction: number
}

/** Answers the core's result; what it did is still to be settled. */
export function offerToCore(
  floor: Floor,
  order: AccountOrder,
  engineId: number,
  sizeLots: number,
  entry: Entry,
): number {
  const { account, listing, displayLots, selfTradePrevention = 'none' } = order
  const { limit, instruction } = entry
  const owner = ownerOfAccount(account)
  const selfTrade = SELF_TRADE[selfTradePrevention]
  const side = sideCode(order.side)
  return floor.engine.place(
    listing.index,
    engineId,
    owner,
    side,
    limit.ticks,
    sizeLots,
    instruction,
    selfTrade,
    displayLots,
  )
}

/** An order that has waited beside the book goes in; what it holds back is held already. */
export function enterFromWait(floor: Floor, order: AccountOrder, entry: Entry): void {
  const engineId = floor.nextEngineId()
  const aheadLots = lotsAt(floor, order, entry.limit.ticks)
  const result = offerToCore(floor, order, engineId, order.leavesLots, entry)
  if (result < 0) {
    endUnfilled(floor, order, 'canceled', refusalOfCore(floor, result, order, order.leavesLots, entry.limit))
    return
  }
  order.engineId = engineId
  order.priceTicks = entry.limit.ticks
  floor.changes.order(order)
  settleEntry(floor, order, result, entry.limit, aheadLots, false)
}

/**
 * The core has taken the order: settles what traded, and sees what is left rest or end.
 * @param aheadLots before it, if it rests. @param isTold whether its owner has been told them.
 */
export function settleEntry(
  floor: Floor,
  order: AccountOrder,
  result: number,
  limit: PriceLimit,
  aheadLots: number,
  isTold: boolean,
): void {
  const { account, listing, engineId } = order
  const side = sideCode(order.side)
  floor.privateLog.mark(account)
  if (result === RESULT.rested) {
    account.openOrders.set(order.orderId, order)
    floor.accountOrders.set(engineId, order)
  }
  settleFills(floor, listing, order.side, order)
  if (result === RESULT.rested) {
    order.hiddenLots = order.displaySize === undefined ? 0 : floor.engine.hiddenLots(engineId)
    floor.depth.touch(side, order.priceTicks)
    floor.flow?.added(listing.index, engineId, side, order.priceTicks, order.shownLots)
    floor.queues.join(order, aheadLots, isTold)
  } else if (result === RESULT.selfTrade && !order.ended) endUnfilled(floor, order, 'canceled', SELF_TRADE_PREVENTED)
  else if (result === RESULT.lapsed) endUnfilled(floor, order, 'canceled', whyCutShort(floor, order, limit))
}

/** What its owner is told when the book would have gone on and a collar or a band did not let it. */
function whyCutShort({ engine }: Floor, { side, listing }: AccountOrder, { why }: PriceLimit): Reject | undefined {
  const best = side === 'buy' ? engine.bestAsk(listing.index) : engine.bestBid(listing.index)
  return best === 0 ? undefined : why?.()
}

export function refusalOfCore(
  { engine }: Floor,
  result: number,
  order: AccountOrder,
  sizeLots: number,
  { ticks }: PriceLimit,
): Reject {
  const { listing, side, account, selfTradePrevention = 'none' } = order
  if (result === RESULT.wouldCross) {
    const best = listing.price(side === 'buy' ? engine.bestAsk(listing.index) : engine.bestBid(listing.index))
    return reject(
      'post-only-would-trade',
      `At ${listing.price(ticks)} the post-only order would trade with the best price ${best}. Send a price behind it.`,
      'bestPrice',
      best,
    )
  }
  assert(result === RESULT.cannotFill, 'the core refuses nothing that the checks let through')
  const [owner, selfTrade] = [ownerOfAccount(account), SELF_TRADE[selfTradePrevention]]
  const fillableLots = engine.fillableLots(listing.index, sideCode(side), sizeLots, ticks, owner, selfTrade)
  const fillable = listing.size(fillableLots)
  return reject(
    'cannot-fill',
    `Only ${fillable} of ${listing.size(sizeLots)} can be filled at once. Send a smaller size, another price, or IOC.`,
    'fillableSize',
    fillable,
  )
}

/** The shown lots at a price on the order's own side: those that would be before it. */
export function lotsAt(
  { engine }: Floor,
  order: { readonly side: AccountOrder['side']; readonly listing: Listing },
  ticks: number,
): number {
  return engine.levelLots(order.listing.index, ticks, sideCode(order.side))
}

export function mayRest(instruction: number): boolean {
  return instruction !== INSTRUCTION.immediateOrCancel && instruction !== INSTRUCTION.fillOrKill
}
