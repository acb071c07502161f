// What a benchmark must reach: a value and its bar, and the table that says for each whether it was reached.

import { table } from './report.ts'

export interface Bar {
  readonly name: string
  readonly value: number
  readonly atLeast?: number
  readonly atMost?: number
  readonly decimals: number
}

export function isReached({ value, atLeast = -Infinity, atMost = Infinity }: Bar): boolean {
  return value >= atLeast && value <= atMost
}

export function barTable(bars: readonly Bar[]): string {
  const rows = bars.map(bar => [
    bar.name,
    bar.value.toFixed(bar.decimals),
    bar.atLeast === undefined ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`,
    isReached(bar) ? 'reached' : 'MISSED',
  ])
  return table([['bar', 'value', 'bar at', ''], ...rows])
}
