// The time-weighted distribution of the spread.

import type { MarketDay } from '../../../order-flow/market-day.ts'
import { isQuoted } from '../../../order-flow/order-flow.ts'
import { HALF_HOUR_MS } from '../volume.ts'

export interface SpreadShares {
  /** Index: ticks. The sum is 1. */
  readonly shares: readonly number[]
  readonly meanTicks: number
}

/** @param fromMs @param toMs the part of the day, in ms since midnight */
export function spreadShares(day: MarketDay, fromMs = day.openMs, toMs = day.closeMs): SpreadShares {
  const { flow } = day
  const times: number[] = []
  let total = 0
  let weighed = 0
  for (let row = 0; row < flow.count; row++) {
    if (!isQuoted(flow, row)) continue
    const until = Math.min(toMs, row + 1 < flow.count ? flow.timesMs[row + 1]! : toMs)
    const lasted = Math.max(0, until - Math.max(fromMs, flow.timesMs[row]!))
    if (lasted === 0) continue
    const ticks = flow.asksTicks[row]! - flow.bidsTicks[row]!
    while (times.length <= ticks) times.push(0)
    times[ticks]! += lasted
    total += lasted
    weighed += lasted * ticks
  }
  return { shares: times.map(time => time / total), meanTicks: weighed / total }
}

/** The mean spread of each half hour over that of the day. */
export function halfHourSpreads(day: MarketDay): number[] {
  const overall = spreadShares(day).meanTicks
  const halfHours = Math.round((day.closeMs - day.openMs) / HALF_HOUR_MS)
  return Array.from({ length: halfHours }, (_, i) => {
    const fromMs = day.openMs + i * HALF_HOUR_MS
    return spreadShares(day, fromMs, fromMs + HALF_HOUR_MS).meanTicks / overall
  })
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
