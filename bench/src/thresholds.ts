// Thresholds of a benchmark: a measured value and its limit, and a table of them.

import { formatTable } from './report.ts'

export interface Threshold {
  readonly name: string
  /** Absent when it could not be measured, since a peer is not installed. */
  readonly value: number | undefined
  readonly atLeast?: number
  readonly atMost?: number
  readonly decimals: number
}

/** Also when it was not measured: nothing is known to be missed. */
export function isMet({ value, atLeast = -Infinity, atMost = Infinity }: Threshold): boolean {
  return value === undefined || (value >= atLeast && value <= atMost)
}

export function thresholdTable(thresholds: readonly Threshold[]): string {
  const rows = thresholds.map(threshold => [
    threshold.name,
    threshold.value?.toFixed(threshold.decimals) ?? '-',
    threshold.atLeast === undefined ? `at most ${threshold.atMost}` : `at least ${threshold.atLeast}`,
    threshold.value === undefined ? 'not measured' : isMet(threshold) ? 'met' : 'MISSED',
  ])
  return formatTable([['measure', 'value', 'threshold', ''], ...rows])
}
