// The time-weighted distribution of the spread.

import type { MarketDay } from '../../order-flow/market-day.ts'
import { isQuoted } from '../../order-flow/order-flow.ts'

export interface SpreadShares {
  /** Index: ticks. The sum is 1. */
  readonly shares: readonly number[]
  readonly meanTicks: number
}

export function spreadShares({ flow, closeMs }: MarketDay): SpreadShares {
  const times: number[] = []
  let total = 0
  let weighed = 0
  for (let row = 0; row < flow.count; row++) {
    if (!isQuoted(flow, row)) continue
    const until = row + 1 < flow.count ? flow.timesMs[row + 1]! : closeMs
    const lasted = Math.max(0, until - flow.timesMs[row]!)
    const ticks = flow.asksTicks[row]! - flow.bidsTicks[row]!
    while (times.length <= ticks) times.push(0)
    times[ticks]! += lasted
    total += lasted
    weighed += lasted * ticks
  }
  return { shares: times.map(time => time / total), meanTicks: weighed / total }
}

/** The quantile of the spread: it was at most this for `share` of the time. */
export function spreadQuantile({ shares }: SpreadShares, share: number): number {
  let reached = 0
  for (const [ticks, part] of shares.entries()) {
    reached += part
    if (reached >= share) return ticks
  }
  return Number.NaN
}
