// What a benchmark leaves behind: a table on the terminal and a JSON file that says where and when it was measured.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { machine } from './measure.ts'

const RESULTS = new URL('../results/', import.meta.url)

/** Columns as wide as their widest cell; the first is words, the others are figures. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')
  return rows.map(row => line(row).trimEnd()).join('\n')
}

/** Writes bench/results/<name>.json and answers its path. */
export function writeResults(name: string, results: object): string {
  mkdirSync(RESULTS, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.json`, RESULTS))
  const head = { benchmark: name, date: new Date().toISOString(), node: process.version, machine: machine() }
  writeFileSync(file, `${JSON.stringify({ ...head, ...results }, null, 2)}\n`)
  return file
}
