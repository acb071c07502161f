// What a margin account must have in equity: the initial requirement for its positions and open orders, and the
// maintenance requirement for its positions. Positions are valued at the last trade. Pure.

import { portion } from '../primitives/portion.ts'

/** Fractions of the value of a position, in ten-thousandths. */
export interface MarginRules {
  /** Of a position that is opened, long or short. */
  readonly initialBps: number
  /** Of a position that is held. */
  readonly longMaintenanceBps: number
  readonly shortMaintenanceBps: number
  /** How long after a margin call the account is liquidated. */
  readonly graceMs: number
}

/** The least that Regulation T (12 CFR 220.12) and FINRA rule 4210 ask for. */
export const REGULATION_T: MarginRules = {
  initialBps: 5_000,
  longMaintenanceBps: 2_500,
  shortMaintenanceBps: 3_000,
  graceMs: 0,
}

const WHOLE_BPS = 10_000

export interface MarginPosition {
  /** Negative: sold short. */
  readonly lots: number
  /** Lots that open sell orders offer. */
  readonly offeredLots: number
  /** What open buy orders may cost. */
  readonly bidUnits: number
  /** At the last trade. */
  worthUnits(lots: number): number
}

/** For the larger of what each position may become: if all of its open buys fill, or all of its open sells. */
export function initialRequirement({ initialBps }: MarginRules, positions: Iterable<MarginPosition>): number {
  let units = 0
  for (const position of positions) {
    const worthUnits = position.worthUnits(position.lots)
    const ifSoldUnits = position.worthUnits(position.offeredLots) - worthUnits
    const largestUnits = Math.max(Math.abs(worthUnits), worthUnits + position.bidUnits, ifSoldUnits)
    units += portion(largestUnits, initialBps, WHOLE_BPS, Math.ceil)
  }
  return units
}

export function maintenanceRequirement(
  { longMaintenanceBps, shortMaintenanceBps }: MarginRules,
  positions: Iterable<MarginPosition>,
): number {
  let units = 0
  for (const position of positions) {
    const worthUnits = position.worthUnits(position.lots)
    const bps = worthUnits > 0 ? longMaintenanceBps : shortMaintenanceBps
    units += portion(Math.abs(worthUnits), bps, WHOLE_BPS, Math.ceil)
  }
  return units
}
