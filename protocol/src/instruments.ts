// The engine's specification of an instrument, and the conversion between JSON prices and ticks, which is done here
// only.

import type { Phase } from './constants/instruments.ts'
import type { Bands, Instrument } from './schemas/instruments.ts'
import { fromCurrency, type PriceTicks, UNITS_PER_CURRENCY } from './units.ts'

/** What the engine needs to list an instrument. */
export interface InstrumentSpec {
  readonly symbol: string
  readonly name: string
  /** The tick in ten-thousandths of the currency: 100 is a cent. */
  readonly tickUnits: number
  readonly lotSize: number
  /** Orders may be priced from 1 to this many ticks. */
  readonly priceTicksMax: number
  /** The closing price before the first day. */
  readonly previousCloseTicks: number
}

/** Decimals of a price on this tick grid: 2 for 100 (a cent), 3 for 50 (half a cent). */
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

/** Ticks of a JSON price; undefined when it is off the instrument's grid. */
export function toTicks(spec: InstrumentSpec, price: number): PriceTicks | undefined {
  const units = fromCurrency(price)
  if (units === undefined || units % spec.tickUnits !== 0) return undefined
  return (units / spec.tickUnits) as PriceTicks
}

/** The price without rounding errors of arithmetic; one off the grid is returned unchanged. */
export function priceOnGrid(spec: InstrumentSpec, price: number): number {
  const ticks = toTicks(spec, price)
  return ticks === undefined ? price : toPrice(spec, ticks)
}

/** Ticks of a price that is known to be on the grid, for code that has only the wire's instrument. */
export function ticksOf(price: number, tickSize: number): PriceTicks {
  return Math.round(price / tickSize) as PriceTicks
}

/** @param bands the bands in force; without them the price limits of the instrument. */
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
