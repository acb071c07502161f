// The integers that the exchange counts in, each with its own brand so that ticks are never added to lots.
// Nothing here knows an instrument; prices as JSON numbers live at the edge, in instruments.ts.

declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** A price as a whole number of the instrument's ticks. */
export type PriceTicks = Unit<'PriceTicks'>
/** An order's or a trade's size: whole lots. */
export type SizeLots = Unit<'SizeLots'>
/** Money in ten-thousandths of the currency: exact in a double up to 900 billion. */
export type CashUnits = Unit<'CashUnits'>
/** A public event's number: counted from 1, without holes, through an epoch. */
export type Seq = Unit<'Seq'>
/** The market's own clock, milliseconds since 1970. */
export type MarketMs = Unit<'MarketMs'>
/** The wall clock at sequencing, integer microseconds since 1970. */
export type WallMicros = Unit<'WallMicros'>

/** Ten-thousandths in one unit of currency; ticks and cash are whole numbers of them. */
export const UNITS_PER_CURRENCY = 10_000

/** Currency as a JSON number, from units. The division is correctly rounded, so 5853300 gives exactly 585.33. */
export function toCurrency(units: number): number {
  return units / UNITS_PER_CURRENCY
}

/** Units of a JSON number, or undefined when it is not a whole number of ten-thousandths. */
export function fromCurrency(amount: number): CashUnits | undefined {
  const units = Math.round(amount * UNITS_PER_CURRENCY)
  // One part in 10^15 covers what decimal fractions lose on their way through a double, and no more.
  const tolerance = Math.max(1e-6, Math.abs(units) * 1e-15)
  if (!Number.isSafeInteger(units) || Math.abs(amount * UNITS_PER_CURRENCY - units) > tolerance) return undefined
  return units as CashUnits
}
