// One instrument as the exchange runs it: what it was set up with, its phase, its last price, its forming minute, and
// what the public was last told of its book. The only place where lots become sizes and ticks become money.

import { type BarBuilder, createBarBuilder, type InstrumentSpec, type Phase, toPrice } from '@papertape/protocol'

export const MINUTE_MS = 60_000

export class Listing {
  /** Its place among the instruments: the matching core's name for it. */
  readonly index: number
  readonly spec: InstrumentSpec
  readonly symbol: string
  phase: Phase = 'continuous'
  lastTicks: number
  minute: BarBuilder = createBarBuilder(MINUTE_MS)
  /** The number of its last book event, 0 before the first. */
  bookSeq = 0
  /** The last quote that was published, in ticks and lots. */
  readonly quoted = { bid: 0, bidLots: 0, ask: 0, askLots: 0 }
  readonly #unitsPerTickLot: number

  constructor(index: number, spec: InstrumentSpec) {
    this.index = index
    this.spec = spec
    this.symbol = spec.symbol
    this.lastTicks = spec.previousCloseTicks
    this.#unitsPerTickLot = spec.tickUnits * spec.lotSize
  }

  price(ticks: number): number {
    return toPrice(this.spec, ticks)
  }

  size(lots: number): number {
    return lots * this.spec.lotSize
  }

  /** What so many lots cost at a price, in ten-thousandths of the currency; also of a sum of ticks x lots. */
  units(ticks: number, lots: number): number {
    return ticks * lots * this.#unitsPerTickLot
  }
}
