// Instruments as the engine is set up with them, and the conversion between JSON prices and ticks, which is done here
// only.

import type { Phase } from './constants/instruments.ts'
import type { Bands, Instrument } from './schemas/instruments.ts'
import { fromCurrency, type PriceTicks, UNITS_PER_CURRENCY } from './units.ts'

/** An instrument as the engine is set up with it. */
export interface InstrumentSpec {
  readonly symbol: string
  readonly name: string
  /** The tick in ten-thousandths of the currency: 100 is a cent. */
  readonly tickUnits: number
  readonly lotSize: number
  /** Orders may be priced from 1 to this many ticks. */
  readonly priceTicksMax: number
  /** The price that the first day starts from: yesterday's close. */
  readonly previousCloseTicks: number
}

/** Decimals that a price on this tick grid needs: 100 (a cent) needs 2, 50 (half a cent) needs 3. */
export function priceDecimals(spec: InstrumentSpec): number {
  let decimals = 4
  let units = spec.tickUnits
  while (decimals > 0 && units % 10 === 0) {
    units /= 10
    decimals--
  }
  return decimals
}

export function toPrice(spec: InstrumentSpec, ticks: number): number {
  return (ticks * spec.tickUnits) / UNITS_PER_CURRENCY
}

/** Ticks of a JSON price, or undefined when it is off the instrument's grid. */
export function toTicks(spec: InstrumentSpec, price: number): PriceTicks | undefined {
  const units = fromCurrency(price)
  if (units === undefined || units % spec.tickUnits !== 0) return undefined
  return (units / spec.tickUnits) as PriceTicks
}

/** The price as the grid has it: what arithmetic lost in its last digits is put right. One off the grid stays as it is. */
export function priceOnGrid(spec: InstrumentSpec, price: number): number {
  const ticks = toTicks(spec, price)
  return ticks === undefined ? price : toPrice(spec, ticks)
}

/** Ticks of a price that is known to be on the grid, for readers who have only the instrument of the wire. */
export function ticksOf(price: number, tickSize: number): PriceTicks {
  return Math.round(price / tickSize) as PriceTicks
}

/** @param bands the exchange's present ones; without them all that its ladder reaches. */
export function describeInstrument(spec: InstrumentSpec, phase: Phase, bands?: Bands): Instrument {
  return {
    symbol: spec.symbol,
    name: spec.name,
    tickSize: toPrice(spec, 1),
    lotSize: spec.lotSize,
    priceDecimals: priceDecimals(spec),
    phase,
    bands: bands ?? { low: toPrice(spec, 1), high: toPrice(spec, spec.priceTicksMax) },
  }
}
