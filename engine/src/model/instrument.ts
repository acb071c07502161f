// One instrument as the exchange runs it: what it was set up with, its phase, its last price, its forming minute, its bands,
// the orders that wait beside its book, and what the public was last told. The only place where lots become sizes and
// ticks become money.

import {
  type Bands,
  type BarBuilder,
  createBarBuilder,
  type Indication,
  type InstrumentSpec,
  type Phase,
  toPrice,
} from '@papertape/protocol'
import { SIDE } from '../matching/codes.ts'
import type { AccountOrder } from './account-order.ts'
import { PriceBands } from './price-bands.ts'
import type { Rules } from './rules.ts'
import { StopBook } from './stop-book.ts'

export const MINUTE_MS = 60_000
export const NEVER = Number.POSITIVE_INFINITY

export class Listing {
  /** Its place among the instruments: the matching core's name for it. */
  readonly index: number
  readonly spec: InstrumentSpec
  readonly symbol: string
  phase: Phase = 'continuous'
  /** Why, and until when as far as is known. */
  reason: string | null = null
  until: number | null = null
  /** When the phase ends by itself. */
  phaseDue = NEVER
  lastTicks: number
  /** Lots that arriving orders have traded in the book, by SIDE. */
  readonly takenLots: [bought: number, sold: number] = [0, 0]
  minute: BarBuilder = createBarBuilder(MINUTE_MS)
  /** The number of its last book event, 0 before the first. */
  bookSeq = 0
  /** The last quote that was published, in ticks and lots. */
  readonly quoted = { bid: 0, bidLots: 0, ask: 0, askLots: 0 }
  /** The prices that the command at work has traded at; 0: none. */
  readonly traded = { low: 0, high: 0 }
  /** Buy stops and sell stops, by SIDE. */
  readonly stops: readonly [StopBook<AccountOrder>, StopBook<AccountOrder>] = [
    new StopBook(SIDE.buy),
    new StopBook(SIDE.sell),
  ]
  /** Orders for the closing auction that came before it, oldest first. */
  closingOrders = new Set<AccountOrder>()
  readonly bands: PriceBands | undefined
  /** The bands have moved in the command at work. */
  bandsMoved = false
  /** After a limit state: between which prices the pause may end. */
  reopening: { readonly referenceTicks: number; readonly lowTicks: number; readonly highTicks: number } | undefined
  /** What the public was last told of the call, and when; when it may be told more. */
  indication: Indication | undefined
  indicatedTime = 0
  indicationDue = NEVER
  readonly #unitsPerTickLot: number

  constructor(index: number, spec: InstrumentSpec, rules: Rules) {
    this.index = index
    this.spec = spec
    this.symbol = spec.symbol
    this.lastTicks = spec.previousCloseTicks
    this.bands = rules.bands === null ? undefined : new PriceBands(rules.bands, spec)
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

  /** A trade at this price, which may lie off the tick grid: stops that it reaches are triggered at the command's end. */
  reach(ticks: number): void {
    const { traded } = this
    if (traded.high === 0 || ticks > traded.high) traded.high = ticks
    if (traded.low === 0 || ticks < traded.low) traded.low = ticks
  }

  /** The prices that it trades between now. */
  priceBands(): Bands | undefined {
    const { bands } = this
    return bands === undefined ? undefined : { low: this.price(bands.lowTicks), high: this.price(bands.highTicks) }
  }
}
