// Traded volume in equal steps of the day, hidden executions included.

import type { MarketDay } from '../../order-flow/market-day.ts'
import { FLOW } from '../../order-flow/order-flow.ts'
import { mean, sum } from './statistics.ts'

export const HALF_HOUR_MS = 1_800_000
/** A US trading session of 13 half hours, and its half hours from 12:00 to 14:00. */
export const HALF_HOURS = 13
export const MIDDAY = [5, 9] as const

export function volumeAtSteps({ flow, openMs, closeMs }: MarketDay, stepMs: number): Float64Array {
  const volume = new Float64Array(Math.floor((closeMs - openMs) / stepMs))
  for (let row = 0; row < flow.count; row++) {
    const step = Math.floor((flow.timesMs[row]! - openMs) / stepMs)
    if (flow.kinds[row]! >= FLOW.execute && step >= 0 && step < volume.length) volume[step]! += flow.lots[row]!
  }
  return volume
}

/** The share of the daily volume in each half hour; undefined unless it is a whole session. */
export function halfHourShares(day: MarketDay): number[] | undefined {
  const volume = volumeAtSteps(day, HALF_HOUR_MS)
  const total = sum(volume)
  return volume.length === HALF_HOURS && total > 0 ? Array.from(volume, lots => lots / total) : undefined
}

/** The volume of the last half hour over that of a mean half hour between 12:00 and 14:00. */
export function lastHalfHourToMidday(shares: readonly number[]): number {
  return shares[HALF_HOURS - 1]! / mean(shares.slice(...MIDDAY))
}
