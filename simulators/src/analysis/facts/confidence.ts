// Confidence intervals of figures over days: days are drawn again with replacement (Efron's bootstrap), because they
// are independent and the events within one are not.

import { seedRandom } from '../../market/random/random.ts'
import { quantile, sorted } from './statistics.ts'

export type ConfidenceInterval = readonly [low: number, high: number]

const RESAMPLES = 400
const TAIL = 0.025

/**
 * The 95 % interval of a figure of a sample of days; undefined for less than two of them. The same sample gives the
 * same interval. @param figure NaN where it has no value
 */
export function confidenceInterval<Day>(
  days: readonly Day[],
  figure: (days: readonly Day[]) => number,
): ConfidenceInterval | undefined {
  if (days.length < 2) return undefined
  const random = seedRandom(1, 'confidence')
  const figures = Array.from({ length: RESAMPLES }, () => figure(days.map(() => days[random.below(days.length)]!)))
  const known = sorted(figures.filter(value => !Number.isNaN(value)))
  return known.length === 0 ? undefined : [quantile(known, TAIL), quantile(known, 1 - TAIL)]
}
