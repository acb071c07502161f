// What price bands do to a symbol that trades: orders beyond a band that has moved go back to it, and a quote that sits at a
// band is a limit state, which ends in a pause unless the quote leaves. How far an arriving order may go is
// price-limits.ts's, where the bands lie is price-bands.ts's.

import type { Reject, Side } from '@papertape/protocol'
import { INSTRUCTION, RESULT, SIDE } from '../matching/codes.ts'
import type { Listing } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { bandLimit } from '../orders/price-limits.ts'
import { assert } from '../primitives/assert.ts'
import type { Floor } from '../state/exchange-state.ts'
import { changePhase } from './apply-transition.ts'

/** Nothing trades outside the bands, so nothing rests where it would: such orders are priced at the band, best first. */
export function slideInside(floor: Floor, listing: Listing): void {
  const { bands, index } = listing
  if (bands === undefined || !isMatching(listing.phase)) return
  const { engine } = floor
  for (let ticks = engine.bestBid(index); ticks > bands.highTicks; ticks = engine.bestBid(index)) {
    slide(floor, listing, 'buy', ticks, bands.highTicks)
  }
  for (let ticks = engine.bestAsk(index); ticks !== 0 && ticks < bands.lowTicks; ticks = engine.bestAsk(index)) {
    slide(floor, listing, 'sell', ticks, bands.lowTicks)
  }
}

export function tellBands({ log }: Floor, listing: Listing): void {
  const { symbol, phase, reason, until } = listing
  listing.bandsMoved = false
  log.status({ symbol, phase, reason, until, bands: listing.priceBands()! })
}

/** Called when the quote may have changed. */
export function watchBands(floor: Floor, listing: Listing): void {
  const { phase } = listing
  if (phase !== 'continuous' && phase !== 'limitState') return
  const reached = bandReached(floor, listing)
  if ((reached !== undefined) === (phase === 'limitState')) return
  const reason = reached === undefined ? null : reached === 'buy' ? 'limit up' : 'limit down'
  changePhase(floor, listing, reached === undefined ? 'leaveBand' : 'reachBand', floor.log.time, {
    reason,
    until: null,
  })
}

/** The side of the orders that stand at a band; the end of the ladder is none. */
function bandReached({ engine }: Floor, { bands, index, spec }: Listing): Side | undefined {
  if (bands === undefined) return undefined
  if (bands.highTicks < spec.priceTicksMax && engine.bestBid(index) >= bands.highTicks) return 'buy'
  const ask = engine.bestAsk(index)
  return bands.lowTicks > 1 && ask !== 0 && ask <= bands.lowTicks ? 'sell' : undefined
}

/** The first order at a price goes to the end of the queue at the band. */
function slide(floor: Floor, listing: Listing, side: Side, ticks: number, bandTicks: number): void {
  const { engine, depth, flow, queues } = floor
  const { index } = listing
  const code = side === 'buy' ? SIDE.buy : SIDE.sell
  const id = engine.headOrder(index, ticks, code)
  const openLots = engine.openLots(id)
  const shownLots = openLots - engine.hiddenLots(id)
  const aheadLots = engine.levelLots(index, bandTicks, code)
  const order = floor.accountOrders.get(id)
  if (order !== undefined) queues.leave(order)
  queues.headTook(index, code, ticks, id, shownLots)
  const result = engine.replace(id, id, bandTicks, openLots, INSTRUCTION.call)
  assert(result === RESULT.rested, 'an order may rest at a band')
  depth.touch(code, ticks)
  depth.touch(code, bandTicks)
  flow?.canceled(index, id, code, ticks, shownLots, 0)
  flow?.added(index, id, code, bandTicks, openLots - engine.hiddenLots(id))
  if (order === undefined) return
  const { account } = order
  const reason: Reject = bandLimit(listing, side, ticks).why!()
  account.release(order, order.leavesLots)
  order.priceTicks = bandTicks
  order.heldTicks = bandTicks
  order.price = listing.price(bandTicks)
  order.hiddenLots = engine.hiddenLots(id)
  order.follow('replace')
  account.hold(order)
  queues.join(order, aheadLots, true)
  floor.privateLog.mark(account)
  const aheadSize = listing.size(aheadLots)
  floor.privateLog.execution(order, floor.log.ts, { execType: 'replaced', aheadSize, reason })
}
