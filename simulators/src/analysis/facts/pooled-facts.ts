// The facts that one day holds too little of, found from all days together: how slowly the memory of volatility fades,
// and what metaorders do to the price.

import { fitImpact, type ImpactLaw } from './impact.ts'
import type { DayMeasures } from './measure-day.ts'
import { correlation, fitLine } from './statistics.ts'

const FADING_LAGS = [1, 2, 5, 10, 20, 30, 60]

export interface PooledFacts {
  readonly values: {
    readonly absAcfExponent: number
    readonly impactExponent: number
    readonly impactPrefactor: number
    readonly impactRemaining: number
    readonly impactExponentPlain: number
  }
  readonly impact: ImpactLaw | undefined
}

export function measurePooled(days: readonly Pick<DayMeasures, 'minuteReturns' | 'impacts'>[]): PooledFacts {
  const absolute = days.map(day => day.minuteReturns.map(Math.abs))
  const fading = FADING_LAGS.map(lag => pooledAutocorrelation(absolute, lag))
  const impacts = days.flatMap(day => day.impacts)
  const impact = fitImpact(impacts)
  const plain = fitImpact(impacts.map(each => ({ ...each, atEnd: each.atEndPlain })))
  return {
    values: {
      absAcfExponent: powerLawExponent(FADING_LAGS, fading),
      impactExponent: impact?.exponent ?? Number.NaN,
      impactPrefactor: impact?.prefactor ?? Number.NaN,
      impactRemaining: impact?.remaining ?? Number.NaN,
      impactExponentPlain: plain?.exponent ?? Number.NaN,
    },
    impact,
  }
}

/** Of all pairs so far apart within a day; none reaches over a night. */
export function pooledAutocorrelation(days: readonly Float64Array[], lag: number): number {
  const earlier = days.flatMap(day => [...day.subarray(0, Math.max(0, day.length - lag))])
  const later = days.flatMap(day => [...day.subarray(lag)])
  return correlation(earlier, later)
}

/** How fast y falls with x; NaN when some of it is not positive, which no power law is. */
export function powerLawExponent(x: readonly number[], y: readonly number[]): number {
  if (y.some(value => !(value > 0))) return Number.NaN
  return -fitLine(x.map(Math.log), y.map(Math.log)).slope
}
