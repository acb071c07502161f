// Formats numbers, published figures and targets for the table and the page.

import type { ConfidenceInterval } from '../facts/confidence.ts'
import type { Band, Fact, Figure } from '../facts/targets/fact.ts'
import type { Judgement } from '../facts/verdict.ts'

const MISSING = '–'

export function formatNumber(value: number, decimals: number): string {
  if (Number.isNaN(value)) return MISSING
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** A published figure with its own digits: at least two decimals where it has any. */
export function formatFigure(figure: Figure | undefined, decimals: number): string {
  if (figure === undefined) return MISSING
  const digits = (value: number) => Math.min(decimals, Math.max(2, String(value).split('.')[1]?.length ?? 0))
  const values = typeof figure === 'number' ? [figure] : figure
  return values.map(value => formatNumber(value, digits(value))).join(' … ')
}

export function formatBand(band: Band | undefined, { decimals }: Fact): string {
  if (band === undefined) return MISSING
  const trimmed = (value: number) =>
    formatNumber(value, decimals)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
  if (band.high === Number.POSITIVE_INFINITY) return `≥ ${trimmed(band.low)}`
  if (band.low === -band.high) return `± ${trimmed(band.high)}`
  return `${trimmed(band.low)} to ${trimmed(band.high)}`
}

export function formatJudgement(judgement: Judgement): string {
  return judgement === 'not judged' ? '' : judgement
}

/** `0.41 … 0.58`, to the decimals of the fact. */
export function formatInterval(interval: ConfidenceInterval | undefined, decimals: number): string {
  return interval === undefined ? MISSING : interval.map(edge => formatNumber(edge, decimals)).join(' … ')
}
