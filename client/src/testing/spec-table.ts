// Compares the state × event tables of SPEC.md with the state machines. The table of the document is generated from the
// machine's transitions; a test fails when they differ. UPDATE_SPEC=1 writes the generated table into the document.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SPEC = fileURLToPath(new URL('../../SPEC.md', import.meta.url))

interface MachineState {
  readonly kind: string
}
interface MachineStep {
  readonly state: MachineState
  /** By name, in order. */
  readonly effects: readonly string[]
}

export interface TransitionTable {
  readonly kinds: readonly string[]
  /** By event; each cell lists the outcomes in the kinds' order. */
  readonly rows: ReadonlyMap<string, readonly string[]>
}

/** `·` nothing changes; `updated` the state does, within its kind; `→ kind`; effects in brackets. */
export function outcomeOf(before: MachineState, { state, effects }: MachineStep): string {
  const begins = state.kind !== before.kind || effects.includes('connect')
  const change = begins ? `→ ${state.kind}` : state === before ? '·' : 'updated'
  return effects.length === 0 ? change : `${change} [${effects.join(', ')}]`
}

/**
 * @param events by type, then by variant ('' when there is one only)
 * @param outcomes of one event in one kind, from all example states of that kind
 */
export function buildTable<Kind extends string, Event>(
  kinds: readonly Kind[],
  events: Readonly<Record<string, Readonly<Record<string, Event>>>>,
  outcomes: (kind: Kind, event: Event, variant: string) => readonly string[],
): TransitionTable {
  const rows = new Map<string, string[]>()
  for (const [type, variants] of Object.entries(events)) {
    for (const [variant, event] of Object.entries(variants)) {
      const label = variant === '' ? `\`${type}\`` : `\`${type}\`, ${variant}`
      rows.set(
        label,
        kinds.map(kind => [...new Set(outcomes(kind, event, variant))].join('; ')),
      )
    }
  }
  return { kinds, rows }
}

/** @param heading of the section whose first table it is */
export function assertInSpec(heading: string, { kinds, rows }: TransitionTable): void {
  const lines = [['event', ...kinds], ...[...rows].map(([label, cells]) => [label, ...cells])]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map(cells => [...cells[column]!].length)))
  const format = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length)).join(' | ')} |`
  const [head, ...body] = lines.map(format)
  const table = [head, `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n')
  const spec = readFileSync(SPEC, 'utf8')
  const { start, end } = findTable(spec, heading)
  if (process.env.UPDATE_SPEC === '1') writeFileSync(SPEC, spec.slice(0, start) + table + spec.slice(end))
  else assert.equal(spec.slice(start, end), table, 'SPEC.md differs from the machine; UPDATE_SPEC=1 writes it anew')
}

/**
 * Whether the document lists an outcome for an event type in a kind, under any variant. `·` and `updated` count as the
 * same: whether fields change depends on their values.
 */
export function readSpec(heading: string): (kind: string, type: string, outcome: string) => boolean {
  const spec = readFileSync(SPEC, 'utf8')
  const { start, end } = findTable(spec, heading)
  const [kinds, , ...rows] = spec
    .slice(start, end)
    .split('\n')
    .map(line => line.split('|').slice(1, -1))
    .map(cells => cells.map(cell => cell.trim()))
  const normalise = (outcome: string) => outcome.replace(/^updated/, '·')
  return (kind, type, outcome) => {
    const column = kinds!.indexOf(kind)
    const cells = rows.filter(([label]) => label!.startsWith(`\`${type}\``)).map(cells => cells[column]!)
    return cells.flatMap(cell => cell.split('; ')).some(listed => normalise(listed) === normalise(outcome))
  }
}

function findTable(spec: string, heading: string): { start: number; end: number } {
  const section = spec.indexOf(`\n## ${heading}\n`)
  assert.ok(section >= 0, `SPEC.md has no section "${heading}"`)
  const start = spec.indexOf('\n|', section) + 1
  const end = start + spec.slice(start).search(/\n(?!\|)/)
  return { start, end }
}
