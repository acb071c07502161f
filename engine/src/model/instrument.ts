// One instrument as the exchange runs it: its specification, phase, last price, current minute and price bands, and
// what was last published about it. The only place where lots become sizes and ticks become money.

import {
  type Bands,
  type BarBuilder,
  createBarBuilder,
  type Indication,
  type InstrumentSpec,
  type Phase,
  toPrice,
} from '@papertape/protocol'
import { type FeeRules, feeAtMost, feeOfFill } from '../fees/fees.ts'
import { isMatching } from './phase.ts'
import { PriceBands } from './price-bands.ts'
import type { Rules } from './rules.ts'

export const MINUTE_MS = 60_000
export const NEVER = Number.POSITIVE_INFINITY

export class TradedInstrument {
  /** Among the instruments of the exchange; the matching engine knows the symbol by it. */
  readonly index: number
  readonly spec: InstrumentSpec
  readonly symbol: string
  phase: Phase = 'continuous'
  /** Of the phase; null where none was given. */
  reason: string | null = null
  /** When the phase is expected to end; null: unknown. */
  until: number | null = null
  /** When the phase ends by itself. */
  phaseDue = NEVER
  lastTicks: number
  /** Lots that aggressors have traded in the book, by SIDE. */
  readonly takenLots: [bought: number, sold: number] = [0, 0]
  minute: BarBuilder = createBarBuilder(MINUTE_MS)
  /** The number of its last book event, 0 before the first. */
  bookSeq = 0
  /** The last quote that was published, in ticks and lots. */
  readonly quoted = { bid: 0, bidLots: 0, ask: 0, askLots: 0 }
  /** The prices that the current command has traded at; 0: none. */
  readonly traded = { low: 0, high: 0 }
  readonly bands: PriceBands | undefined
  /** The bands have changed in the current command. */
  bandsMoved = false
  /** After a limit state: between which prices the pause may end. */
  reopening: { readonly referenceTicks: number; readonly lowTicks: number; readonly highTicks: number } | undefined
  /** What was last published about the call auction, when, and when more may be published. */
  indication: Indication | undefined
  indicatedTime = 0
  indicationDue = NEVER
  /** When moved stop prices of trailing stops were last sent, and when more may be; NEVER: none has moved. */
  trailedTime = 0
  trailingDue = NEVER
  readonly #unitsPerTickLot: number
  readonly #fees: FeeRules

  constructor(index: number, spec: InstrumentSpec, rules: Rules) {
    this.index = index
    this.spec = spec
    this.symbol = spec.symbol
    this.lastTicks = spec.previousCloseTicks
    this.bands = rules.bands === null ? undefined : new PriceBands(rules.bands, spec)
    this.#unitsPerTickLot = spec.tickUnits * spec.lotSize
    this.#fees = rules.fees
  }

  price(ticks: number): number {
    return toPrice(this.spec, ticks)
  }

  size(lots: number): number {
    return lots * this.spec.lotSize
  }

  /** Rounded down to whole lots, one at least. */
  lotsWithin(size: number): number {
    return Math.max(1, Math.floor(size / this.spec.lotSize))
  }

  /** What this many lots cost at a price, in ten-thousandths of the currency; also of a sum of ticks x lots. */
  units(ticks: number, lots: number): number {
    return ticks * lots * this.#unitsPerTickLot
  }

  /** @param liquidity null in an auction. */
  feeUnits(ticks: number, lots: number, liquidity: 'maker' | 'taker' | null): number {
    return feeOfFill(this.#fees, liquidity, this.units(ticks, lots), this.size(lots))
  }

  /** What a buy of this many lots may cost at a limit, fees included; in proportion to the lots. */
  costAtMost(ticks: number, lots: number): number {
    return lots * this.costOfAllAtMost(this.units(ticks, 1), 1)
  }

  /** The same of an order whose trades are known to cost this much. */
  costOfAllAtMost(units: number, lots: number): number {
    return units + feeAtMost(this.#fees, units, this.size(lots))
  }

  /** Records a trade price for the stops that it triggers at the end of the command. @param ticks need not be whole. */
  recordPrice(ticks: number): void {
    const { traded } = this
    if (traded.high === 0 || ticks > traded.high) traded.high = ticks
    if (traded.low === 0 || ticks < traded.low) traded.low = ticks
  }

  /** A stop whose price the last trade has reached already triggers at the end of the command. */
  recheckStops(): void {
    if (isMatching(this.phase)) this.recordPrice(this.lastTicks)
  }

  /** The prices that it may trade between now. */
  priceBands(): Bands | undefined {
    const { bands } = this
    return bands === undefined ? undefined : { low: this.price(bands.lowTicks), high: this.price(bands.highTicks) }
  }
}
