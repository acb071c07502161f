// The gate: what days showed against the band that each fact has to be in. A fact is the median over days, unless it
// is one that all days give together. A fact that has a band and that no day tells is absent, which is a failure of a
// simulation, and none of a file that does not hold so much.

import type { Preset } from '../../market/preset.ts'
import { type Band, FACT_NAMES, type FactName, type FactValues, factOf } from './fact-targets.ts'
import type { PooledFacts } from './pooled-facts.ts'
import { quantile, sorted } from './statistics.ts'

export interface Verdict {
  readonly fact: FactName
  /** Days that told it. */
  readonly days: number
  /** NaN when none did. */
  readonly value: number
  /** Over days; NaN for a pooled fact. */
  readonly lowQuartile: number
  readonly highQuartile: number
  readonly band: Band | undefined
  readonly judgement: Judgement
}

/** 'told': there is no band for it. */
export type Judgement = 'met' | 'not met' | 'absent' | 'told'

export function judge(days: readonly FactValues[], pooled: PooledFacts['values'], preset: Preset): Verdict[] {
  return FACT_NAMES.map(fact => {
    const told = sorted(days.map(values => values[fact]).filter(value => !Number.isNaN(value)))
    const isPooled = Object.hasOwn(pooled, fact)
    const value = isPooled ? pooled[fact as keyof typeof pooled] : quantile(told, 0.5)
    const band = factOf(fact).bands?.[preset]
    return {
      fact,
      days: isPooled ? days.length : told.length,
      value,
      lowQuartile: quantile(told, 0.25),
      highQuartile: quantile(told, 0.75),
      band,
      judgement: judgementOf(value, band),
    }
  })
}

function judgementOf(value: number, band: Band | undefined): Judgement {
  if (band === undefined) return 'told'
  if (Number.isNaN(value)) return 'absent'
  return value >= band.low && value <= band.high ? 'met' : 'not met'
}
