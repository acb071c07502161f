// Distributions as curves that lie on one another: the same points for every day, whatever the day holds.

import { type Series, sorted, sum } from './statistics.ts'

/** The ends of the bins or the lags on x, what was found there on y. */
export interface Curve {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

export type CurveName =
  | 'returns1s'
  | 'returns10s'
  | 'returns1m'
  | 'kurtosis'
  | 'returnAcf'
  | 'absAcf'
  | 'volumeByReturn'
  | 'signAcf'
  | 'eventGaps'
  | 'marketOrderGaps'
  | 'spread'
  | 'depth'
  | 'cancelledLife'
  | 'executedAge'
  | 'limitSizes'
  | 'halfHours'
  | 'placement'
  | 'eventMix'
export type Curves = Partial<Record<CurveName, Curve>>

/** `count` points from `low` to `high`, at equal ratios. */
export function logSteps(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)))
}

/** The share of the values above each point. */
export function survival(values: Series, points: readonly number[]): Curve {
  const ascending = sorted(values)
  let below = 0
  const y = points.map(point => {
    while (below < ascending.length && ascending[below]! <= point) below++
    return (ascending.length - below) / ascending.length
  })
  return { x: points, y }
}

/** The share of the values at or below each point. */
export function cumulative(values: Series, points: readonly number[]): Curve {
  const { x, y } = survival(values, points)
  return { x, y: y.map(above => 1 - above) }
}

/** Shares of a few kinds, numbered from 0. */
export function sharesOf(counts: Series): Curve {
  const total = sum(counts)
  return { x: Array.from(counts, (_, i) => i), y: Array.from(counts, count => count / total) }
}

/** The mean of `values` in each tenth of the order of `by`, over the mean of all. */
export function meanByTenths(values: Series, by: Series): Curve {
  const order = Array.from(by, (_, i) => i).sort((a, b) => by[a]! - by[b]!)
  const overall = sum(values) / values.length
  const x: number[] = []
  const y: number[] = []
  for (let tenth = 0; tenth < 10; tenth++) {
    const part = order.slice(Math.floor((tenth * order.length) / 10), Math.floor(((tenth + 1) * order.length) / 10))
    x.push(tenth + 1)
    y.push(sum(part.map(i => values[i]!)) / part.length / overall)
  }
  return { x, y }
}
