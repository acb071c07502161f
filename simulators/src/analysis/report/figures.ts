// Figures as people read them, for the table and the page: a sign that is a minus, the digits that a fact is told with.

import type { Band, Fact, Figure } from '../facts/fact-targets.ts'
import type { Judgement } from '../facts/verdict.ts'

export const NOTHING = '–'

export function formatNumber(value: number, decimals: number): string {
  if (Number.isNaN(value)) return NOTHING
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** As it was published: with no more digits than it has, but two where there are any. */
export function formatFigure(figure: Figure | undefined, decimals: number): string {
  if (figure === undefined) return NOTHING
  const digits = (value: number) => Math.min(decimals, Math.max(2, String(value).split('.')[1]?.length ?? 0))
  const values = typeof figure === 'number' ? [figure] : figure
  return values.map(value => formatNumber(value, digits(value))).join(' … ')
}

export function formatBand(band: Band | undefined, { decimals }: Fact): string {
  if (band === undefined) return NOTHING
  const trimmed = (value: number) =>
    formatNumber(value, decimals)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
  if (band.high === Number.POSITIVE_INFINITY) return `≥ ${trimmed(band.low)}`
  if (band.low === -band.high) return `± ${trimmed(band.high)}`
  return `${trimmed(band.low)} to ${trimmed(band.high)}`
}

export function formatJudgement(judgement: Judgement): string {
  return judgement === 'told' ? '' : judgement
}
