// Triggers stop orders. A trade at or through its stop price triggers a stop; it enters the book when the command that
// traded has matched completely: the stop price nearest to the market first, of equal ones the oldest, one after
// another. Their trades trigger the next. Each stop triggers once, so that a cascade ends.

import type { Reject } from '@papertape/protocol'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import type { StopBook } from '../model/stop-book.ts'
import { enterWaiting } from '../orders/book-entry.ts'
import { endUnfilled } from '../orders/order-end.ts'
import { bandLimit, marketLimit, type PriceLimit } from '../orders/price-limits.ts'
import { reject } from '../orders/rejects.ts'
import { release, reserve } from '../orders/reservation.ts'
import { instructionOf } from '../orders/risk.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { repriceToBands } from './limit-state.ts'

/** Nothing triggers in a call phase: apply-transition.ts checks again when trading resumes. */
export function triggerStops(state: ExchangeState, instrument: TradedInstrument): void {
  const { traded } = instrument
  const [buys, sells] = state.openOrders.waiting(instrument).stops
  const triggered: AccountOrder[] = []
  for (let entered = 0; ; entered++) {
    if (traded.high !== 0 && isMatching(instrument.phase)) {
      collect(state, buys, traded.high, triggered)
      collect(state, sells, traded.low, triggered)
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

function collect(state: ExchangeState, stops: StopBook<AccountOrder>, ticks: number, triggered: AccountOrder[]): void {
  if (stops.size === 0) return
  for (let order = stops.take(ticks); order !== undefined; order = stops.take(ticks)) {
    order.triggered = true
    triggered.push(order)
    state.privateLog.execution(order, state.log.ts, { execType: 'triggered' })
  }
}

function enter(state: ExchangeState, instrument: TradedInstrument, order: AccountOrder): void {
  const { books } = state
  const { side, orderType } = order
  const isMarket = orderType === 'stop'
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  if (isMarket && best === 0) {
    endUnfilled(state, order, 'canceled', reject.noLiquidity(instrument, side))
    return
  }
  const limit = isMarket
    ? withinReserved(order, marketLimit(state, instrument, side))
    : bandLimit(instrument, side, order.priceTicks)
  if (!isMarket && limit.why !== undefined) repriceStopLimit(state, order, limit.ticks, limit.why())
  enterWaiting(state, order, { limit, instruction: instructionOf(order) })
}

/** A stop-limit order gets the price of the band where its own limit lies outside. */
function repriceStopLimit(state: ExchangeState, order: AccountOrder, ticks: number, reason: Reject): void {
  release(state, order, order.leavesLots)
  order.price = order.instrument.price(ticks)
  order.heldTicks = ticks
  order.apply('replace')
  reserve(state, order)
  state.privateLog.execution(order, state.log.ts, { execType: 'replaced', reason })
}

/** A stop trades no farther than what was reserved for it: its collar from the stop price. */
function withinReserved({ side, heldTicks }: AccountOrder, limit: PriceLimit): PriceLimit {
  return side === 'buy' && heldTicks < limit.ticks ? { ...limit, ticks: heldTicks } : limit
}
