// What a large intention moves the price by: the law I = Y sigma (Q/V)^delta, where sigma is the day's volatility and
// V its volume. One day has too few of them, so that those of all days are put together before the law is fitted. Of a
// simulated day it is known what the share was worth: that move is taken out, since no order causes it. It is as often
// with an order as against it, so that the law stays what it is, and can be told from twenty days instead of hundreds.

import { SIDE } from '@papertape/engine'
import type { MarketDay, Metaorder, ValuePath } from '../../order-flow/market-day.ts'
import { isQuoted, midTicks, type OrderFlow } from '../../order-flow/order-flow.ts'
import { returnsOver } from './mid-prices.ts'
import { fitLine, mean, standardDeviation, sum } from './statistics.ts'
import { volumeAtSteps } from './volume.ts'

const MINUTE_MS = 60_000
/** The range of Q/V in which the law is fitted, and the bins that it is cut into, of equal width in the logarithm. */
const SHARE_LEAST = 0.001
const SHARE_MOST = 0.1
const BINS = 12
const BIN_ORDERS_LEAST = 20

export interface Impact {
  /** Q/V. */
  readonly share: number
  /** In the direction of the order and in units of sigma: from before its start to its end… */
  readonly atEnd: number
  /** …the same with the move of the value left in, as it would be measured of a real day… */
  readonly atEndPlain: number
  /** …and to as long after its end as it took; undefined when the day ends before. */
  readonly later: number | undefined
}

export interface ImpactLaw {
  readonly exponent: number
  readonly prefactor: number
  /** What is left of the impact when as much time again has passed. */
  readonly remaining: number
  readonly orders: number
  /** Mean impact by mean share of the bins that the fit went through. */
  readonly bins: { readonly x: readonly number[]; readonly y: readonly number[] }
}

export function impactsOf(day: MarketDay): Impact[] {
  const { flow, metaorders = [], openMs, closeMs } = day
  const volume = sum(volumeAtSteps(day, closeMs - openMs))
  const sigma = standardDeviation(returnsOver(day, MINUTE_MS)) * Math.sqrt((closeMs - openMs) / MINUTE_MS)
  return metaorders.map(({ side, lots, startMs, endMs }: Metaorder) => {
    const sign = side === SIDE.buy ? 1 : -1
    const start = midAt(flow, startMs, false)
    const laterMs = endMs + (endMs - startMs)
    const plain = (timeMs: number) => (sign * Math.log(midAt(flow, timeMs, true) / start)) / sigma
    const worth = (timeMs: number) => (sign * valueReturn(day.value, startMs, timeMs)) / sigma
    const moved = (timeMs: number) => plain(timeMs) - worth(timeMs)
    return {
      share: lots / volume,
      atEnd: moved(endMs),
      atEndPlain: plain(endMs),
      later: laterMs <= closeMs ? moved(laterMs) : undefined,
    }
  })
}

/** Undefined when there are too few for two bins. */
export function fitImpact(impacts: readonly Impact[]): ImpactLaw | undefined {
  const width = Math.log(SHARE_MOST / SHARE_LEAST) / BINS
  const binned = Array.from({ length: BINS }, () => [] as Impact[])
  for (const impact of impacts) binned[Math.floor(Math.log(impact.share / SHARE_LEAST) / width)]?.push(impact)
  const full = binned.filter(bin => bin.length >= BIN_ORDERS_LEAST && mean(bin.map(impact => impact.atEnd)) > 0)
  if (full.length < 2) return undefined
  const x = full.map(bin => mean(bin.map(impact => impact.share)))
  const y = full.map(bin => mean(bin.map(impact => impact.atEnd)))
  const { slope, intercept } = fitLine(x.map(Math.log), y.map(Math.log))
  const followed = full.flat().filter(impact => impact.later !== undefined)
  const remaining = sum(followed.map(impact => impact.later!)) / sum(followed.map(impact => impact.atEnd))
  return {
    exponent: slope,
    prefactor: Math.exp(intercept),
    remaining,
    orders: full.flat().length,
    bins: { x, y },
  }
}

/** Log return of what the share was worth; 0 where that is not known. */
function valueReturn(value: ValuePath | undefined, fromMs: number, toMs: number): number {
  if (value === undefined) return 0
  const from = passed(value.timesMs, value.timesMs.length, timeMs => timeMs <= fromMs)
  const to = passed(value.timesMs, value.timesMs.length, timeMs => timeMs <= toMs)
  return from === 0 ? 0 : Math.log(value.ticks[to - 1]! / value.ticks[from - 1]!)
}

/** How many of the times, which rise, have passed. */
function passed(times: ArrayLike<number>, count: number, hasPassed: (timeMs: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (hasPassed(times[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

/** The mid at a time, before or after what happened in that moment. */
function midAt(flow: OrderFlow, timeMs: number, after: boolean): number {
  const rows = passed(flow.timesMs, flow.count, rowMs => (after ? rowMs <= timeMs : rowMs < timeMs))
  let row = Math.max(0, rows - 1)
  while (row > 0 && !isQuoted(flow, row)) row--
  return midTicks(flow, row)
}
