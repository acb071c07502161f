// How far an order may trade: a market order to its collar, any order to the price band, an order in an auction to the
// end of the ladder. Pure: reads the state, changes nothing. Each limit can build the reject for an order that it cut
// short.

import type { Reject, Side } from '@papertape/protocol'
import type { TradedInstrument } from '../model/instrument.ts'
import type { Rules } from '../model/rules.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { reject } from './rejects.ts'

export interface PriceLimit {
  readonly ticks: number
  /** Why the order may trade no farther, where its own price is not the reason. Called only when it was cut short. */
  readonly why?: () => Reject
}

/** Of a market order that trades now: the collar from the best opposite price, or the last trade, within the band. */
export function marketLimit({ books, rules }: ExchangeState, instrument: TradedInstrument, side: Side): PriceLimit {
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  const collared = collarFrom(rules, instrument, side, best === 0 ? instrument.lastTicks : best)
  const banded = bandLimit(instrument, side, collared.ticks)
  return banded.why === undefined ? collared : banded
}

/** An order's own limit where it lies within the band, else the band, where the rest of the order rests. */
export function bandLimit(instrument: TradedInstrument, side: Side, ticks: number): PriceLimit {
  const { bands } = instrument
  if (bands === undefined) return { ticks }
  const { lowTicks, highTicks } = bands
  if (side === 'buy' ? ticks <= highTicks : ticks >= lowTicks) return { ticks }
  const why = () => reject.outsidePriceBand(instrument, side, instrument.price(lowTicks), instrument.price(highTicks))
  return { ticks: side === 'buy' ? highTicks : lowTicks, why }
}

/** A collar from a price; the end of the ladder where the rules have no collar. */
export function collarFrom({ collar }: Rules, instrument: TradedInstrument, side: Side, fromTicks: number): PriceLimit {
  const end = ladderEnd(instrument, side)
  if (collar === null) return { ticks: end }
  const { tickUnits } = instrument.spec
  const width = Math.max(Math.floor((fromTicks * collar.bps) / 10_000), Math.ceil(collar.leastUnits / tickUnits))
  const ticks = side === 'buy' ? Math.min(end, fromTicks + width) : Math.max(end, fromTicks - width)
  return { ticks, why: () => reject.beyondCollar(side, instrument.price(fromTicks), instrument.price(ticks)) }
}

/** The price of an order that takes any price. */
export function ladderEnd({ spec }: TradedInstrument, side: Side): number {
  return side === 'buy' ? spec.priceTicksMax : 1
}
