// Triggers stop orders. A trade at or through its stop price triggers a stop; it enters the book when the command that
// traded has matched completely: the stop price nearest to the market first, of equal ones the oldest, one after
// another. Their trades trigger the next. Each stop triggers once, so that a cascade ends.

import { SIDE } from '../matching/codes.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { trailedLimitTicks } from '../model/trail.ts'
import { enterWaiting, repriceEntering } from '../orders/book-entry.ts'
import { activeSibling } from '../orders/list-fills.ts'
import { enterByModel } from '../orders/model-fills.ts'
import { endUnfilled, withdraw } from '../orders/order-end.ts'
import { bandLimit, marketLimit, type PriceLimit } from '../orders/price-limits.ts'
import { reject } from '../orders/rejects.ts'
import { release, reserve } from '../orders/reservation.ts'
import { instructionOf } from '../orders/risk.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { repriceToBands } from './limit-state.ts'
import { trailStops } from './trailing-stops.ts'

/** Nothing triggers in a call phase: apply-transition.ts checks again when trading resumes. */
export function triggerStops(state: ExchangeState, instrument: TradedInstrument): void {
  const { traded } = instrument
  const triggered: AccountOrder[] = []
  for (let entered = 0; ; entered++) {
    if (traded.high !== 0 && isMatching(instrument.phase)) {
      collectBetween(state, instrument, triggered)
    }
    traded.high = 0
    traded.low = 0
    const order = triggered[entered]
    if (order === undefined) return
    // An auction or the stop before may have moved the bands: the stop must not trade with orders outside of them.
    if (instrument.bandsMoved) repriceToBands(state, instrument)
    enter(state, instrument, order)
  }
}

/**
 * The trades since the last time went one way, from the first price to the last: a trailing stop follows the first
 * before the last can trigger it, and follows the last only if the first has not triggered it.
 */
function collectBetween(state: ExchangeState, instrument: TradedInstrument, triggered: AccountOrder[]): void {
  const { low, high } = instrument.traded
  const hasRisen = instrument.lastTicks > low
  if (hasRisen) trailStops(state, instrument, SIDE.buy, low)
  else trailStops(state, instrument, SIDE.sell, high)
  collect(state, instrument, SIDE.buy, high, triggered)
  collect(state, instrument, SIDE.sell, low, triggered)
  if (hasRisen) trailStops(state, instrument, SIDE.sell, high)
  else trailStops(state, instrument, SIDE.buy, low)
}

function collect(
  state: ExchangeState,
  instrument: TradedInstrument,
  side: number,
  ticks: number,
  triggered: AccountOrder[],
): void {
  const { openOrders } = state
  const take = () => openOrders.takeStop(instrument, side, ticks)
  for (let order = take(); order !== undefined; order = take()) {
    order.triggered = true
    if (order.limitOffset !== undefined) setLimit(state, order)
    triggered.push(order)
    state.privateLog.execution(order, state.log.ts, { execType: 'triggered' })
    const sibling = activeSibling(state, order)
    if (sibling === undefined) continue
    openOrders.leaveList(order)
    withdraw(state, sibling, 'canceled', reject.listEnded())
  }
}

function enter(state: ExchangeState, instrument: TradedInstrument, order: AccountOrder): void {
  const { books } = state
  const { side } = order
  const isMarket = order.priceTicks === 0
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  if (isMarket && best === 0) {
    endUnfilled(state, order, 'canceled', reject.noLiquidity(instrument, side))
    return
  }
  const limit = isMarket
    ? withinReserved(order, marketLimit(state, instrument, side))
    : bandLimit(instrument, side, order.priceTicks)
  if (!isMarket && limit.why !== undefined) repriceEntering(state, order, limit.ticks, limit.why())
  const entry = { limit, instruction: instructionOf(order) }
  if (order.fillModel === undefined) enterWaiting(state, order, entry)
  else enterByModel(state, order, entry)
}

/** A trailing stop with a limit gets it from the stop price that has triggered it. */
function setLimit(state: ExchangeState, order: AccountOrder): void {
  const { instrument } = order
  release(state, order, order.leavesLots)
  order.priceTicks = trailedLimitTicks(instrument, order, order.stopTicks)
  order.heldTicks = order.priceTicks
  order.price = instrument.price(order.priceTicks)
  reserve(state, order)
}

/** A stop trades no farther than what was reserved for it: its collar from the stop price. */
function withinReserved({ side, heldTicks }: AccountOrder, limit: PriceLimit): PriceLimit {
  return side === 'buy' && heldTicks < limit.ticks ? { ...limit, ticks: heldTicks } : limit
}
