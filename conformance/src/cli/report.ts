// What is printed: a table by chapter, the list of requirements, or JSON. Pure.

import type { Requirement } from '../suite/requirement.ts'
import type { RequirementResult, RequirementVerdict } from '../suite/suite.ts'

const MARKS = { passed: '✓', failed: '✗', notOffered: '–' } as const satisfies Record<
  RequirementVerdict['status'],
  string
>
const COLORS = { passed: '32', failed: '31', notOffered: '33' } as const satisfies Record<
  RequirementVerdict['status'],
  string
>
const ID_WIDTH = 28
const TIME_WIDTH = 7
/** Mark, id, time and what separates them. */
const BEFORE_TEXT = 4 + ID_WIDTH + TIME_WIDTH + 2

interface TableStyle {
  readonly isColored: boolean
  /** Of the terminal: longer sentences are cut. */
  readonly columns: number
}

export function formatResults(results: readonly RequirementResult[], { isColored, columns }: TableStyle): string {
  const paint = (text: string, color: string) => (isColored ? `\u001b[${color}m${text}\u001b[0m` : text)
  const sections = Map.groupBy(results, ({ requirement }) => requirement.section)
  const parts = [...sections].map(([section, ofSection]) => {
    const rows = ofSection.map(({ requirement: { id, text }, verdict, durationMs }) => {
      const mark = paint(MARKS[verdict.status], COLORS[verdict.status])
      const time = `${(durationMs / 1_000).toFixed(1)} s`.padStart(TIME_WIDTH)
      const detail = verdict.status === 'passed' ? '' : `\n      ${verdict.detail}`
      return `  ${mark} ${id.padEnd(ID_WIDTH)}${time}  ${cut(text, columns - BEFORE_TEXT)}${detail}\n`
    })
    return `${paint(section, '1')}\n${rows.join('')}`
  })
  return `${parts.join('\n')}\n`
}

function cut(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text
}

/** `142 requirements: 136 passed, 0 failed, 6 not offered, in 34.2 s` */
export function formatSummary(results: readonly RequirementResult[], durationMs: number): string {
  const count = countVerdicts(results)
  const counts = `${count.passed} passed, ${count.failed} failed, ${count.notOffered} not offered`
  return `${results.length} requirements: ${counts}, in ${(durationMs / 1_000).toFixed(1)} s\n`
}

export function formatJson(url: string, results: readonly RequirementResult[]): string {
  const rows = results.map(({ requirement: { id, section, text }, verdict, durationMs }) => ({
    id,
    section,
    text,
    ...verdict,
    durationMs: Math.round(durationMs),
  }))
  return `${JSON.stringify({ url, ...countVerdicts(results), requirements: rows }, undefined, 2)}\n`
}

export function formatList(requirements: readonly Requirement[]): string {
  const sections = Map.groupBy(requirements, ({ section }) => section)
  const rows = (ofSection: readonly Requirement[]) =>
    ofSection.map(({ id, text }) => `  ${id.padEnd(ID_WIDTH)}${text}\n`).join('')
  return [...sections].map(([section, ofSection]) => `${section}\n${rows(ofSection)}`).join('\n')
}

function countVerdicts(results: readonly RequirementResult[]): Record<RequirementVerdict['status'], number> {
  const count = { passed: 0, failed: 0, notOffered: 0 }
  for (const { verdict } of results) count[verdict.status]++
  return count
}
