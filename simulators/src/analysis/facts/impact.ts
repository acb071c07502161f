// The price impact of metaorders: I = Y sigma (Q/V)^delta, with the volatility sigma and the volume V of the day.
// Fitted over all days together, since one day has too few. On simulated days the move of the fundamental value is
// subtracted: no order causes it, it is independent of the order's side, and the fit then needs twenty days instead of
// hundreds.

import { SIDE } from '@papertape/engine'
import type { MarketDay, Metaorder, ValuePath } from '../../order-flow/market-day.ts'
import { isQuoted, midTicks, type OrderFlow } from '../../order-flow/order-flow.ts'
import { returnsOver } from './mid-prices.ts'
import { fitLine, mean, standardDeviation, sum } from './statistics.ts'
import { volumeAtSteps } from './volume.ts'

const MINUTE_MS = 60_000
/** The range of Q/V of the fit, and its bins of equal width in the logarithm. */
const SHARE_LEAST = 0.001
const SHARE_MOST = 0.1
const BINS = 12
const BIN_ORDERS_LEAST = 20

export interface Impact {
  /** Q/V. */
  readonly share: number
  /** From before its start to its end, in the direction of the order and in units of sigma. */
  readonly atEnd: number
  /** The same with the move of the fundamental value, as it is measured on a real day. */
  readonly atEndPlain: number
  /** From before its start to its duration after its end; undefined when the day ends before. */
  readonly later: number | undefined
}

export interface ImpactLaw {
  readonly exponent: number
  readonly prefactor: number
  /** The mean of `later` over that of `atEnd`. */
  readonly remaining: number
  readonly orders: number
  /** Mean impact by mean share, of the bins of the fit. */
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
    const valueMove = (timeMs: number) => (sign * valueReturn(day.value, startMs, timeMs)) / sigma
    const moved = (timeMs: number) => plain(timeMs) - valueMove(timeMs)
    return {
      share: lots / volume,
      atEnd: moved(endMs),
      atEndPlain: plain(endMs),
      later: laterMs <= closeMs ? moved(laterMs) : undefined,
    }
  })
}

/** Undefined with fewer than two full bins. */
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

/** Log return of the fundamental value; 0 where it is not known. */
function valueReturn(value: ValuePath | undefined, fromMs: number, toMs: number): number {
  if (value === undefined) return 0
  const from = passed(value.timesMs, value.timesMs.length, timeMs => timeMs <= fromMs)
  const to = passed(value.timesMs, value.timesMs.length, timeMs => timeMs <= toMs)
  return from === 0 ? 0 : Math.log(value.ticks[to - 1]! / value.ticks[from - 1]!)
}

/** How many of the ascending times have passed. */
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

/** The mid at a time, before or after the events of that time. */
function midAt(flow: OrderFlow, timeMs: number, after: boolean): number {
  const rows = passed(flow.timesMs, flow.count, rowMs => (after ? rowMs <= timeMs : rowMs < timeMs))
  let row = Math.max(0, rows - 1)
  while (row > 0 && !isQuoted(flow, row)) row--
  return midTicks(flow, row)
}
