// Numbers as Binance writes them: text with eight decimals. Prices, sizes and money of this market have four at most,
// so that the others are zeros. Pure.

const PLACES = 4
const ZEROS = '0000'

/** `184.33000000`; 0 for null. */
export function fixed(value: number | null | undefined): string {
  return `${(value ?? 0).toFixed(PLACES)}${ZEROS}`
}

/** What a size at a price is worth, to the ten-thousandth. */
export function worth(size: number, price: number | null): number {
  return Math.round(size * (price ?? 0) * 10_000) / 10_000
}

/** Milliseconds of microseconds. */
export function millis(us: number): number {
  return Math.floor(us / 1_000)
}
