// What the venue charges for a fill: a rate on its value, by liquidity, and an amount for each share. Rounded down to a
// ten-thousandth of the currency, and never more than the fill is worth, so that no sale costs cash. Pure.

import { portion } from '../primitives/portion.ts'

export interface FeeRules {
  /** Of the value of a fill, in hundredths of a basis point (millionths). In an auction both sides pay the maker's. */
  readonly makerRate: number
  readonly takerRate: number
  readonly perShareUnits: number
}

export const NO_FEES: FeeRules = { makerRate: 0, takerRate: 0, perShareUnits: 0 }

const RATE_UNIT = 1_000_000

/** @param liquidity null in an auction. @param units the value of the fill. */
export function feeOfFill(
  { makerRate, takerRate, perShareUnits }: FeeRules,
  liquidity: 'maker' | 'taker' | null,
  units: number,
  size: number,
): number {
  return charge(liquidity === 'taker' ? takerRate : makerRate, perShareUnits, units, size, Math.floor)
}

/** The most that it can be, whichever the liquidity; rounded up, so that the fees of several parts are within it. */
export function feeAtMost({ makerRate, takerRate, perShareUnits }: FeeRules, units: number, size: number): number {
  return charge(Math.max(makerRate, takerRate), perShareUnits, units, size, Math.ceil)
}

function charge(
  rate: number,
  perShareUnits: number,
  units: number,
  size: number,
  round: (units: number) => number,
): number {
  if (rate === 0 && perShareUnits === 0) return 0
  return Math.min(units, portion(units, rate, RATE_UNIT, round) + perShareUnits * size)
}
