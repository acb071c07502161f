// A sample of a report: days measured together, simulated by seed or from files. Each curve is the median over the
// days with its quartiles. Plain data: written as JSON unchanged.

import type { Preset } from '../../market/preset.ts'
import type { Curve, CurveName } from '../facts/curves.ts'
import type { FactValues } from '../facts/fact-targets.ts'
import type { DayMeasures } from '../facts/measure-day.ts'
import { measurePooled } from '../facts/pooled-facts.ts'
import { median, quantile, sorted, sum } from '../facts/statistics.ts'
import { judge, type Verdict } from '../facts/verdict.ts'

/** Median spread in ticks up to which days are judged as large-tick. */
const LARGE_TICK_SPREAD = 2

export interface CurveBand {
  readonly x: readonly number[]
  readonly median: readonly number[]
  readonly lowQuartile: readonly number[]
  readonly highQuartile: readonly number[]
}

export type CurveBands = Readonly<Partial<Record<CurveName, CurveBand>>>

export interface Sample {
  /** For headings: the preset, or the files' names. */
  readonly name: string
  /** How it was made, as a sentence without the full stop. */
  readonly origin: string
  readonly preset: Preset
  readonly days: number
  /** Rows of the order flow of all days. */
  readonly events: number
  /** Simulated days must have every fact; files may lack some. */
  readonly isSimulated: boolean
  readonly verdicts: readonly Verdict[]
  readonly perDay: readonly DayFacts[]
  readonly curves: CurveBands
  /** Mean impact over sigma by mean share of the daily volume, and the number of metaorders. */
  readonly impact: (Curve & { readonly orders: number }) | undefined
}

export interface DayFacts {
  /** `seed 7`, or the name of its file. */
  readonly day: string
  readonly values: FactValues
}

export type SampleTerms = Pick<Sample, 'name' | 'origin' | 'preset' | 'isSimulated'>

/** @param days at least one. @param names of the days */
export function sampleOf(terms: SampleTerms, days: readonly DayMeasures[], names: readonly string[]): Sample {
  const pooled = measurePooled(days)
  const values = days.map(day => day.values)
  const { impact } = pooled
  return {
    ...terms,
    days: days.length,
    events: sum(days.map(day => day.events)),
    verdicts: judge(values, pooled, terms.preset),
    perDay: values.map((of, i) => ({ day: names[i]!, values: of })),
    curves: bandsOf(days),
    impact: impact === undefined ? undefined : { ...impact.bins, orders: impact.orders },
  }
}

/** The tick-size regime by whose targets days of an unknown one are judged. */
export function regimeOf(days: readonly DayMeasures[]): Preset {
  const spread = median(days.map(day => day.values.spreadMedian).filter(value => !Number.isNaN(value)))
  return spread <= LARGE_TICK_SPREAD ? 'large-tick' : 'small-tick'
}

/** Counts the judged facts and those that meet their target. */
export function tally({ verdicts, isSimulated }: Sample) {
  const judged = verdicts.filter(
    ({ judgement }) => judgement !== 'not judged' && (isSimulated || judgement !== 'absent'),
  )
  const met = judged.filter(({ judgement }) => judgement === 'met')
  return { judged: judged.length, met: met.length, failed: judged.filter(verdict => !met.includes(verdict)) }
}

function bandsOf(days: readonly DayMeasures[]): CurveBands {
  const names = new Set(days.flatMap(day => Object.keys(day.curves) as CurveName[]))
  const bands: Partial<Record<CurveName, CurveBand>> = {}
  for (const name of names) {
    bands[name] = bandOf(days.map(day => day.curves[name]).filter(curve => curve !== undefined))
  }
  return bands
}

/** Curves of one name have the same x. */
function bandOf(curves: readonly Curve[]): CurveBand {
  const { x } = curves[0]!
  const columns = x.map((_, i) => sorted(curves.map(curve => curve.y[i]!).filter(y => !Number.isNaN(y))))
  const at = (share: number) => columns.map(column => quantile(column, share))
  return { x, median: at(0.5), lowQuartile: at(0.25), highQuartile: at(0.75) }
}
