// The facts measured over all days together: the decay of the volatility autocorrelation, and the impact of metaorders.

import { fitImpact, type ImpactLaw } from './impact.ts'
import type { DayMeasures } from './measure-day.ts'
import { correlation, fitLine } from './statistics.ts'

const DECAY_LAGS = [1, 2, 5, 10, 20, 30, 60]

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
  const decaying = DECAY_LAGS.map(lag => pooledAutocorrelation(absolute, lag))
  const impacts = days.flatMap(day => day.impacts)
  const impact = fitImpact(impacts)
  const plain = fitImpact(impacts.map(each => ({ ...each, atEnd: each.atEndPlain })))
  return {
    values: {
      absAcfExponent: powerLawExponent(DECAY_LAGS, decaying),
      impactExponent: impact?.exponent ?? Number.NaN,
      impactPrefactor: impact?.prefactor ?? Number.NaN,
      impactRemaining: impact?.remaining ?? Number.NaN,
      impactExponentPlain: plain?.exponent ?? Number.NaN,
    },
    impact,
  }
}

/** Over all pairs `lag` apart within a day; no pair spans two days. */
export function pooledAutocorrelation(days: readonly Float64Array[], lag: number): number {
  const earlier = days.flatMap(day => [...day.subarray(0, Math.max(0, day.length - lag))])
  const later = days.flatMap(day => [...day.subarray(lag)])
  return correlation(earlier, later)
}

/** The exponent of the decay of y; NaN when some y is not positive. */
function powerLawExponent(x: readonly number[], y: readonly number[]): number {
  if (y.some(value => !(value > 0))) return Number.NaN
  return -fitLine(x.map(Math.log), y.map(Math.log)).slope
}
