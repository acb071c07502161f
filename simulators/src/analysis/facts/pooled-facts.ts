// The facts measured over all days together: the decay of the volatility autocorrelation, and the impact of metaorders.

import { type ConfidenceInterval, confidenceInterval } from './confidence.ts'
import { fitImpact, type Impact, type ImpactLaw } from './impact.ts'
import type { DayMeasures } from './measure-day.ts'
import type { OwnImpact } from './own-metaorders.ts'
import { fitLine, mean, sum } from './statistics.ts'

const DECAY_LAGS = [1, 2, 5, 10, 20, 30, 60]

export type PooledName =
  | 'absAcfExponent'
  | 'impactExponent'
  | 'impactPrefactor'
  | 'impactRemaining'
  | 'impactExponentPlain'
  | 'ownImpactExponent'
  | 'ownImpactPrefactor'

export interface PooledFacts {
  readonly values: Readonly<Record<PooledName, number>>
  readonly intervals: Readonly<Record<PooledName, ConfidenceInterval | undefined>>
  readonly impact: ImpactLaw | undefined
}

/** What a day adds to the pooled facts. */
interface DayPart {
  /** By lag. */
  readonly pairs: readonly PairSums[]
  readonly impacts: readonly Impact[]
  readonly ownImpacts: readonly OwnImpact[]
}

/** Sums over the pairs of a series that are a lag apart, from which correlations over several days follow. */
interface PairSums {
  readonly count: number
  readonly x: number
  readonly y: number
  readonly xy: number
  readonly xx: number
  readonly yy: number
}

export function measurePooled(
  days: readonly Pick<DayMeasures, 'minuteReturns' | 'impacts' | 'ownImpacts'>[],
): PooledFacts {
  const parts = days.map(({ minuteReturns, impacts, ownImpacts }): DayPart => {
    const absolute = minuteReturns.map(Math.abs)
    return { pairs: DECAY_LAGS.map(lag => pairSums(absolute, lag)), impacts, ownImpacts }
  })
  const entries = Object.entries(FIGURES) as [PooledName, (parts: readonly DayPart[]) => number][]
  return {
    values: Object.fromEntries(entries.map(([name, figure]) => [name, figure(parts)])) as PooledFacts['values'],
    intervals: Object.fromEntries(
      entries.map(([name, figure]) => [name, confidenceInterval(parts, figure)]),
    ) as PooledFacts['intervals'],
    impact: fitImpact(impactsOf(parts)),
  }
}

const FIGURES: Readonly<Record<PooledName, (parts: readonly DayPart[]) => number>> = {
  absAcfExponent: parts =>
    powerLawExponent(
      DECAY_LAGS,
      DECAY_LAGS.map((_, i) => correlationOf(parts.map(({ pairs }) => pairs[i]!))),
    ),
  impactExponent: parts => fitImpact(impactsOf(parts))?.exponent ?? Number.NaN,
  impactPrefactor: parts => fitImpact(impactsOf(parts))?.prefactor ?? Number.NaN,
  impactRemaining: parts => fitImpact(impactsOf(parts))?.remaining ?? Number.NaN,
  impactExponentPlain: parts =>
    fitImpact(impactsOf(parts).map(each => ({ ...each, atEnd: each.atEndPlain })))?.exponent ?? Number.NaN,
  ownImpactExponent: ownExponent,
  ownImpactPrefactor: ownPrefactor,
}

/** The slope through the mean impacts of the sizes. */
function ownExponent(parts: readonly DayPart[]): number {
  const impacts = ownImpactsOf(parts)
  const shares = [...new Set(impacts.map(({ share }) => share))]
  const means = shares.map(size => {
    const ofSize = impacts.filter(({ share }) => share === size)
    return [size, mean(ofSize.map(({ impact }) => impact))] as const
  })
  if (means.length < 2 || means.some(([, impact]) => !(impact > 0))) return Number.NaN
  return fitLine(
    means.map(([share]) => Math.log(share)),
    means.map(([, impact]) => Math.log(impact)),
  ).slope
}

/** Least squares of the square-root law: one number, which twenty days are enough for. */
function ownPrefactor(parts: readonly DayPart[]): number {
  const impacts = ownImpactsOf(parts)
  const product = sum(impacts.map(({ share, impact }) => impact * Math.sqrt(share)))
  return product / sum(impacts.map(({ share }) => share))
}

function ownImpactsOf(parts: readonly DayPart[]): OwnImpact[] {
  return parts.flatMap(({ ownImpacts }) => ownImpacts)
}

function impactsOf(parts: readonly DayPart[]): Impact[] {
  return parts.flatMap(({ impacts }) => impacts)
}

/** Over all pairs `lag` apart within a day; no pair spans two days. */
export function pooledAutocorrelation(days: readonly Float64Array[], lag: number): number {
  return correlationOf(days.map(day => pairSums(day, lag)))
}

function pairSums(values: Float64Array, lag: number): PairSums {
  const sums = { count: 0, x: 0, y: 0, xy: 0, xx: 0, yy: 0 }
  for (let i = lag; i < values.length; i++) {
    const [x, y] = [values[i - lag]!, values[i]!]
    sums.count++
    sums.x += x
    sums.y += y
    sums.xy += x * y
    sums.xx += x * x
    sums.yy += y * y
  }
  return sums
}

function correlationOf(days: readonly PairSums[]): number {
  const total = (field: keyof PairSums) => days.reduce((sum, day) => sum + day[field], 0)
  const [count, x, y] = [total('count'), total('x'), total('y')]
  const covariance = total('xy') - (x * y) / count
  return covariance / Math.sqrt((total('xx') - (x * x) / count) * (total('yy') - (y * y) / count))
}

/** The exponent of the decay of y; NaN when some y is not positive. */
function powerLawExponent(x: readonly number[], y: readonly number[]): number {
  if (y.some(value => !(value > 0))) return Number.NaN
  return -fitLine(x.map(Math.log), y.map(Math.log)).slope
}
