// Facts of simulated days that have been measured of ABIDES too, for a benchmark's table. What ABIDES has was measured
// once, and is in the facts' targets: nothing of it is run here.

import type { Preset } from '../../market/preset.ts'
import type { MarketDay } from '../../order-flow/market-day.ts'
import { factOf } from '../facts/fact-targets.ts'
import { measureDay } from '../facts/measure-day.ts'
import { REAL_NAMES } from '../facts/targets/fact.ts'
import { formatBand, formatFigure, formatNumber } from './figures.ts'
import { sampleOf } from './sample.ts'
import { titleOf } from './text-table.ts'

/** Figures as text, `–` where there is none. */
export interface ComparedFact {
  readonly title: string
  /** How it is measured. */
  readonly measure: string
  /** The median over the days. */
  readonly value: string
  readonly target: string
  /** Of real days, in the order of COMPARED_WITH. */
  readonly real: readonly string[]
  /** The lowest and the highest of five seeds. */
  readonly abides: string
}

export const COMPARED_WITH = REAL_NAMES

/** @param days simulated ones of the preset */
export function besideAbides(days: readonly MarketDay[], preset: Preset): readonly ComparedFact[] {
  const terms = { name: preset, origin: 'simulated', preset, isSimulated: true }
  const names = days.map((_, n) => `day ${n + 1}`)
  const { verdicts } = sampleOf(
    terms,
    days.map(day => measureDay(day)),
    names,
  )
  return verdicts.flatMap(({ fact: name, value, band }) => {
    const fact = factOf(name)
    if (fact.abides === undefined) return []
    const { decimals } = fact
    return {
      title: titleOf(fact),
      measure: fact.measure,
      value: formatNumber(value, decimals),
      target: formatBand(band, fact),
      real: REAL_NAMES.map(source => formatFigure(fact.real?.[source], decimals)),
      abides: formatFigure(fact.abides, decimals),
    }
  })
}
