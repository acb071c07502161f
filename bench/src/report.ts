// Output of a benchmark: a table on the terminal, and a JSON file with the results, the date and the machine.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { machine } from './measure.ts'

const RESULTS = new URL('../results/', import.meta.url)

/** Columns as wide as their widest entry; the first is left-aligned text, the others are right-aligned numbers. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join('  ')
  return rows.map(row => line(row).trimEnd()).join('\n')
}

/** Writes bench/results/<name>.json and returns its path. */
export function writeResults(name: string, results: object): string {
  mkdirSync(RESULTS, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.json`, RESULTS))
  const head = { benchmark: name, date: new Date().toISOString(), node: process.version, machine: machine() }
  writeFileSync(file, `${JSON.stringify({ ...head, ...results }, null, 2)}\n`)
  return file
}
