// One bar of a minute without its trades: the extremes of a random path between open and close, and how much was
// traded. Used by past.ts. Pure.

import { type Bar, type InstrumentSpec, toPrice, UNITS_PER_CURRENCY } from '@papertape/protocol'
import type { Random } from '../market/random/random.ts'
import { exponential } from '../market/random/variates.ts'

export interface MinuteDraft {
  readonly time: number
  readonly openTicks: number
  readonly closeTicks: number
  /** Standard deviation of the minute's return. */
  readonly deviationTicks: number
  /** Usual volume of a minute at this time, and of one trade. */
  readonly meanLots: number
  readonly tradeLots: number
}

/** The deviation of the path between open and close, which ends at known prices, as a part of the return's. */
const WITHIN_MINUTE = 0.7

export function formMinuteBar(random: Random, spec: InstrumentSpec, draft: MinuteDraft): Bar {
  const { time, openTicks: open, closeTicks: close, deviationTicks, meanLots, tradeLots } = draft
  const extreme = () => extremeBeyond(random, Math.abs(close - open), deviationTicks * WITHIN_MINUTE)
  const high = Math.max(open, close) + extreme()
  const low = Math.max(1, Math.min(open, close) - extreme())
  const lots = Math.round((meanLots * (1 + exponential(random))) / 2)
  const trades = Math.max(leastTrades(open, high, low, close), Math.round(lots / tradeLots))
  return {
    time,
    open: toPrice(spec, open),
    high: toPrice(spec, high),
    low: toPrice(spec, low),
    close: toPrice(spec, close),
    volume: Math.max(lots, trades) * spec.lotSize,
    vwap: Math.round(((open + high + low + close) / 4) * spec.tickUnits) / UNITS_PER_CURRENCY,
    trades,
  }
}

/**
 * How far a random walk with this deviation, whose ends are `width` apart, passes beyond the end on that side: the
 * extreme of a Brownian bridge, from one exponential variate.
 */
function extremeBeyond(random: Random, width: number, deviation: number): number {
  const squared = width * width + 2 * deviation * deviation * exponential(random)
  return Math.round((Math.sqrt(squared) - width) / 2)
}

/** So many trades at least have these prices. */
function leastTrades(open: number, high: number, low: number, close: number): number {
  if (high === low) return 1
  return 2 + Number(high > Math.max(open, close)) + Number(low < Math.min(open, close))
}
