// Applies the price bands to an instrument that trades: orders outside of a band that has moved get the price of the
// band, and a quote at a band is a limit state, which becomes a pause unless the quote leaves. price-limits.ts limits
// arriving orders, price-bands.ts computes the bands.

import type { Side } from '@papertape/protocol'
import { sideCode } from '../matching/side-code.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { bandLimit } from '../orders/price-limits.ts'
import { release, reserve } from '../orders/reservation.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { applyTransition } from './apply-transition.ts'

/** Nothing may trade outside of the bands, so no order rests there: the best-priced ones move first. */
export function repriceToBands(state: ExchangeState, instrument: TradedInstrument): void {
  const { bands, index } = instrument
  if (bands === undefined || !isMatching(instrument.phase)) return
  const { books } = state
  for (let ticks = books.bestBid(index); ticks > bands.highTicks; ticks = books.bestBid(index)) {
    repriceFirst(state, instrument, 'buy', ticks, bands.highTicks)
  }
  for (let ticks = books.bestAsk(index); ticks !== 0 && ticks < bands.lowTicks; ticks = books.bestAsk(index)) {
    repriceFirst(state, instrument, 'sell', ticks, bands.lowTicks)
  }
}

export function publishBands({ log }: ExchangeState, instrument: TradedInstrument): void {
  const { symbol, phase, reason, until } = instrument
  instrument.bandsMoved = false
  log.status({ symbol, phase, reason, until, bands: instrument.priceBands()! })
}

/** Called when the quote may have changed. */
export function updateLimitState(state: ExchangeState, instrument: TradedInstrument): void {
  const { phase } = instrument
  if (phase !== 'continuous' && phase !== 'limitState') return
  const reached = bandReached(state, instrument)
  if ((reached !== undefined) === (phase === 'limitState')) return
  const reason = reached === undefined ? null : reached === 'buy' ? 'limit up' : 'limit down'
  applyTransition(state, instrument, reached === undefined ? 'leaveBand' : 'reachBand', state.log.time, {
    reason,
    until: null,
  })
}

/** The side whose best orders are at a band; the end of the ladder does not count as one. */
function bandReached({ books }: ExchangeState, { bands, index, spec }: TradedInstrument): Side | undefined {
  if (bands === undefined) return undefined
  if (bands.highTicks < spec.priceTicksMax && books.bestBid(index) >= bands.highTicks) return 'buy'
  const ask = books.bestAsk(index)
  return bands.lowTicks > 1 && ask !== 0 && ask <= bands.lowTicks ? 'sell' : undefined
}

/** The first order at a price goes to the end of the queue at the band. */
function repriceFirst(
  state: ExchangeState,
  instrument: TradedInstrument,
  side: Side,
  ticks: number,
  bandTicks: number,
): void {
  const { books, bookChanges, privateLog } = state
  const { index } = instrument
  const code = sideCode(side)
  const id = books.headOrder(index, ticks, code)
  const aheadSize = instrument.size(books.levelLots(index, bandTicks, code))
  bookChanges.requeue(id, bandTicks)
  const order = state.openOrders.inBook(id)
  if (order === undefined) return
  const reason = bandLimit(instrument, side, ticks).why!()
  release(state, order, order.leavesLots)
  order.heldTicks = bandTicks
  order.price = instrument.price(bandTicks)
  order.apply('replace')
  reserve(state, order)
  privateLog.execution(order, state.log.ts, { execType: 'replaced', aheadSize, reason })
}
