// The verdicts of a sample as a text table, for a terminal.

import { factOf } from '../facts/fact-targets.ts'
import { type Fact, REAL_NAMES } from '../facts/targets/fact.ts'
import { formatBand, formatFigure, formatInterval, formatJudgement, formatNumber } from './figures.ts'
import { type Sample, tally } from './sample.ts'

const HEADINGS = ['fact', 'median', '95 %', 'target', '', ...REAL_NAMES, 'ABIDES']

export function textTable(sample: Sample): string {
  const { name, origin, verdicts } = sample
  const rows = verdicts.map(({ fact: key, value, interval, band, judgement }) => {
    const fact = factOf(key)
    const real = REAL_NAMES.map(source => formatFigure(fact.real?.[source], fact.decimals))
    const figure = formatNumber(value, fact.decimals)
    return [
      titleOf(fact),
      figure,
      formatInterval(interval, fact.decimals),
      formatBand(band, fact),
      formatJudgement(judgement),
      ...real,
      formatFigure(fact.abides, fact.decimals),
    ]
  })
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...rows.map(row => row[i]!.length)))
  const line = (fields: readonly string[]) =>
    fields
      .map((field, i) => (i === 0 || i === 4 ? field.padEnd(widths[i]!) : field.padStart(widths[i]!)))
      .join('  ')
      .trimEnd()
  const { judged, met } = tally(sample)
  const head = `${name}: ${origin}. ${met} of ${judged} facts inside their targets.`
  return [head, '', line(HEADINGS), ...rows.map(line), ''].join('\n')
}

export function titleOf({ title, unit }: Fact): string {
  return unit === '' || unit === 'level' ? title : `${title}, ${unit}`
}
