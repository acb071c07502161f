// Stop orders once the market has reached them. A trade at or through its stop price triggers a stop; it enters when the
// command that traded has fully matched, the nearest to the market first, of equal ones the oldest, one after another; what
// these trade triggers the next. Each stop triggers once, so that a cascade ends.

import type { Reject } from '@papertape/protocol'
import type { AccountOrder } from '../model/account-order.ts'
import type { Listing } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { enterFromWait } from '../orders/book-entry.ts'
import { endUnfilled } from '../orders/order-end.ts'
import { bandLimit, marketLimit, type PriceLimit } from '../orders/price-limits.ts'
import { instructionOf, noLiquidity } from '../orders/risk.ts'
import type { Floor } from '../state/exchange-state.ts'
import { slideInside } from './limit-state.ts'

/** Ends a command that has traded. In a call nothing triggers: apply-transition.ts looks again when trading goes on. */
export function triggerStops(floor: Floor, listing: Listing): void {
  const { traded } = listing
  const [buys, sells] = listing.stops
  const triggered: AccountOrder[] = []
  for (let entered = 0; ; entered++) {
    if (traded.high !== 0 && isMatching(listing.phase)) {
      collect(floor, buys.size === 0 ? undefined : buys, traded.high, triggered)
      collect(floor, sells.size === 0 ? undefined : sells, traded.low, triggered)
    }
    traded.high = 0
    traded.low = 0
    const order = triggered[entered]
    if (order === undefined) return
    // An auction, or the stop before it, may have moved the bands past orders that rest: it must not trade with them there.
    if (listing.bandsMoved) slideInside(floor, listing)
    enter(floor, listing, order)
  }
}

function collect(
  floor: Floor,
  stops: Listing['stops'][number] | undefined,
  ticks: number,
  triggered: AccountOrder[],
): void {
  for (let order = stops?.take(ticks); order !== undefined; order = stops?.take(ticks)) {
    order.triggered = true
    triggered.push(order)
    floor.privateLog.execution(order, floor.log.ts, { execType: 'triggered' })
  }
}

function enter(floor: Floor, listing: Listing, order: AccountOrder): void {
  const { side, orderType } = order
  const isMarket = orderType === 'stop'
  const best = side === 'buy' ? floor.engine.bestAsk(listing.index) : floor.engine.bestBid(listing.index)
  if (isMarket && best === 0) {
    endUnfilled(floor, order, 'canceled', noLiquidity(listing, side))
    return
  }
  const limit = isMarket
    ? payable(order, marketLimit(floor, listing, side))
    : bandLimit(listing, side, order.priceTicks)
  if (!isMarket && limit.why !== undefined) priceAtBand(floor, order, limit.ticks, limit.why())
  enterFromWait(floor, order, { limit, instruction: instructionOf(order) })
}

/** The rest of a stop-limit order stands at the band when its own limit lies outside; its owner is told. */
function priceAtBand(floor: Floor, order: AccountOrder, ticks: number, reason: Reject): void {
  const { account } = order
  account.release(order, order.leavesLots)
  order.price = order.listing.price(ticks)
  order.heldTicks = ticks
  order.follow('replace')
  account.hold(order)
  floor.privateLog.mark(account)
  floor.privateLog.execution(order, floor.log.ts, { execType: 'replaced', reason })
}

/** A stop goes no farther than what was held back for it, which is its collar from the stop price. */
function payable({ side, heldTicks }: AccountOrder, limit: PriceLimit): PriceLimit {
  return side === 'buy' && heldTicks < limit.ticks ? { ...limit, ticks: heldTicks } : limit
}
