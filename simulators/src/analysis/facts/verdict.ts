// Judges the measured values of a sample of days against the target of each fact. A fact is the median over days, or a
// pooled value. A fact with a target that no day measures is absent: a failure for a simulation, but not for a file.

import type { Preset } from '../../market/preset.ts'
import { type ConfidenceInterval, confidenceInterval } from './confidence.ts'
import { FACT_NAMES, type FactName, type FactValues, factOf } from './fact-targets.ts'
import type { PooledFacts, PooledName } from './pooled-facts.ts'
import { median, quantile, sorted } from './statistics.ts'
import type { Band } from './targets/fact.ts'

export interface Verdict {
  readonly fact: FactName
  /** Days with a value. */
  readonly days: number
  /** NaN when no day has one. */
  readonly value: number
  /** Quartiles over days; NaN for a pooled fact. */
  readonly lowQuartile: number
  readonly highQuartile: number
  /** Of the value, at 95 %; undefined with less than two days. */
  readonly interval: ConfidenceInterval | undefined
  readonly band: Band | undefined
  readonly judgement: Judgement
}

/** 'not judged': the fact has no target. */
export type Judgement = 'met' | 'not met' | 'absent' | 'not judged'

export function judge(
  days: readonly FactValues[],
  pooled: Pick<PooledFacts, 'values' | 'intervals'>,
  preset: Preset,
): Verdict[] {
  return FACT_NAMES.map(fact => {
    const measured = sorted(days.map(values => values[fact]).filter(value => !Number.isNaN(value)))
    const isPooled = Object.hasOwn(pooled.values, fact)
    const value = isPooled ? pooled.values[fact as PooledName] : quantile(measured, 0.5)
    const band = factOf(fact).bands?.[preset]
    return {
      fact,
      days: isPooled ? days.length : measured.length,
      value,
      lowQuartile: quantile(measured, 0.25),
      highQuartile: quantile(measured, 0.75),
      interval: isPooled ? pooled.intervals[fact as PooledName] : confidenceInterval([...measured], median),
      band,
      judgement: judgementOf(value, band),
    }
  })
}

function judgementOf(value: number, band: Band | undefined): Judgement {
  if (band === undefined) return 'not judged'
  if (Number.isNaN(value)) return 'absent'
  return value >= band.low && value <= band.high ? 'met' : 'not met'
}
