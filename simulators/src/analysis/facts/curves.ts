// Curves of a day by name, and distributions as curves. Curves of one name have the same x on each day.

import { type Series, sorted, sum } from './statistics.ts'

/** Bin edges or lags on x, values on y. */
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
  | 'response'
  | 'spread'
  | 'halfHourSpreads'
  | 'upMoves'
  | 'depth'
  | 'cancelledLife'
  | 'executedAge'
  | 'limitSizes'
  | 'halfHours'
  | 'placement'
  | 'eventMix'
export type Curves = Partial<Record<CurveName, Curve>>

/** `count` points from `low` to `high`, equally spaced in the logarithm. */
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

/** The share of each kind, numbered from 0. */
export function sharesOf(counts: Series): Curve {
  const total = sum(counts)
  return { x: Array.from(counts, (_, i) => i), y: Array.from(counts, count => count / total) }
}

/** The mean of `values` in each decile of `by`, over the mean of all. */
export function meanByDecile(values: Series, by: Series): Curve {
  const order = Array.from(by, (_, i) => i).sort((a, b) => by[a]! - by[b]!)
  const overall = sum(values) / values.length
  const x: number[] = []
  const y: number[] = []
  for (let decile = 0; decile < 10; decile++) {
    const part = order.slice(Math.floor((decile * order.length) / 10), Math.floor(((decile + 1) * order.length) / 10))
    x.push(decile + 1)
    y.push(sum(part.map(i => values[i]!)) / part.length / overall)
  }
  return { x, y }
}
