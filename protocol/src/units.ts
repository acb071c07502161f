// Integers for prices and money, and the conversion of currency amounts between JSON numbers and integers. Knows no
// instrument: prices on a tick grid are converted in instruments.ts.

declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** A price as a whole number of the instrument's ticks. */
export type PriceTicks = Unit<'PriceTicks'>
/** Money in ten-thousandths of the currency: exact in a double up to 900 billion. */
export type CashUnits = Unit<'CashUnits'>

/** Ten-thousandths in one unit of currency; tick sizes and cash are whole numbers of them. */
export const UNITS_PER_CURRENCY = 10_000

/** Currency as a JSON number. The division is correctly rounded: 5853300 gives exactly 585.33. */
export function toCurrency(units: number): number {
  return units / UNITS_PER_CURRENCY
}

/** Units of a JSON number; undefined when it is not a whole number of ten-thousandths. */
export function fromCurrency(amount: number): CashUnits | undefined {
  const units = Math.round(amount * UNITS_PER_CURRENCY)
  // One part in 10^15 covers the rounding of decimal fractions to doubles.
  const tolerance = Math.max(1e-6, Math.abs(units) * 1e-15)
  if (!Number.isSafeInteger(units) || Math.abs(amount * UNITS_PER_CURRENCY - units) > tolerance) return undefined
  return units as CashUnits
}

/** Basis points of a percentage; undefined when it is not a whole number of them. */
export function toBasisPoints(percent: number): number | undefined {
  const points = Math.round(percent * 100)
  return Math.abs(percent * 100 - points) < 1e-6 ? points : undefined
}
