// A size or a price as typed, checked against the instrument's lots and ticks: a number that can be sent, or the
// problem to show at its field. Corrects nothing. Also the steps of such a field. Pure; used wherever one is typed.

import { type Instrument, LOTS_MAX } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { readTypedNumber } from './typed-number.ts'

/** The nearest price on the grid. */
export function onGrid(price: number, tickSize: number, decimals: number): number {
  return Number((Math.round(price / tickSize) * tickSize).toFixed(decimals))
}

/** The price that many ticks away, as the field shows it. An empty field starts at `fallback`. */
export function stepPrice(text: string, ticks: number, fallback: number | null, instrument: Instrument): string {
  const { tickSize, priceDecimals } = instrument
  const from = readTypedNumber(text, priceDecimals).value
  if (from === undefined) return fallback === null ? text : fallback.toFixed(priceDecimals)
  return Math.max(tickSize, onGrid(from + ticks * tickSize, tickSize, priceDecimals)).toFixed(priceDecimals)
}

export function stepSize(text: string, lots: number, lotSize: number): string {
  const from = readTypedNumber(text, 0).value ?? 0
  return String(Math.max(lotSize, (Math.floor(from / lotSize) + lots) * lotSize))
}

export type CheckedNumber =
  | { readonly value: number; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string }

/** A size that can be sent, or the problem to show at its field. */
export function checkTypedSize(text: string, lotSize: number): CheckedNumber {
  const typed = readTypedNumber(text, 0)
  if (typed.value === undefined) {
    return { problem: typed.empty ? `Enter a size, for example ${formatSize(lotSize * 100)}.` : typed.problem }
  }
  const size = typed.value
  if (size <= 0) return { problem: `The size must be above 0. The minimum is ${formatSize(lotSize)}.` }
  if (size > LOTS_MAX * lotSize) return { problem: `Too large. The maximum is ${formatSize(LOTS_MAX * lotSize)}.` }
  if (Number.isInteger(size / lotSize)) return { value: size }
  const near = [Math.floor(size / lotSize) * lotSize, Math.ceil(size / lotSize) * lotSize].filter(one => one > 0)
  const grid = lotSize === 1 ? 'Sizes are whole numbers' : `Sizes are multiples of ${formatSize(lotSize)}`
  return { problem: `${grid}: enter ${near.join(' or ')}.` }
}

const NO_PRICE = 'Enter a limit price, or pick one from the book.'

/**
 * A price that can be sent, or the problem to show at its field.
 * @param ifEmpty the problem of an empty field.
 * @param name of the field in a sentence.
 */
export function checkTypedPrice(
  text: string,
  instrument: Pick<Instrument, 'tickSize' | 'priceDecimals'>,
  ifEmpty = NO_PRICE,
  name = 'price',
): CheckedNumber {
  const { tickSize, priceDecimals } = instrument
  const typed = readTypedNumber(text, priceDecimals)
  if (typed.value === undefined) return { problem: typed.empty ? ifEmpty : typed.problem }
  const price = typed.value
  if (price <= 0) return { problem: `The ${name} must be above 0. The minimum is ${tickSize.toFixed(priceDecimals)}.` }
  const onTick = onGrid(price, tickSize, priceDecimals)
  if (onTick > 0 && Math.abs(onTick - price) <= tickSize * 1e-6) return { value: onTick }
  const below = onGrid(Math.floor(price / tickSize) * tickSize, tickSize, priceDecimals)
  const near = [below, onGrid(below + tickSize, tickSize, priceDecimals)].filter(one => one > 0)
  const grid = `Prices are multiples of ${tickSize.toFixed(priceDecimals)}`
  return { problem: `${grid}: enter ${near.map(one => one.toFixed(priceDecimals)).join(' or ')}.` }
}
