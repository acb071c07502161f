// Reads a page of the rulebook: Markdown where each second-level heading states a rule and one block of steps below it
// shows the rule. Text in, cases out; rulebook.test.ts runs the cases.

import type { CaseStep } from './language.ts'
import { parseStep } from './parser.ts'

export interface RulebookCase {
  readonly rule: string
  /** Of the rule, as in `01-price-time.md:12`. */
  readonly place: string
  readonly file: string
  readonly steps: readonly CaseStep[]
}

const BLOCK = /^```market\n(.*?)^```$/gms

/** @throws an Error that begins with file and line. */
export function readRulebook(file: string, markdown: string): RulebookCase[] {
  let line = 1
  const cases: RulebookCase[] = []
  // Git may be configured to write CRLF.
  for (const section of markdown.replaceAll('\r\n', '\n').split(/^(?=## )/m)) {
    if (section.startsWith('## ')) cases.push(readCase(file, section, line))
    line += rowsOf(section)
  }
  return cases
}

function readCase(file: string, section: string, line: number): RulebookCase {
  const rule = section.slice('## '.length, section.indexOf('\n'))
  const place = `${file}:${line}`
  const blocks = [...section.matchAll(BLOCK)]
  if (blocks.length !== 1) throw new Error(`${place}: a rule has one block of steps, "${rule}" has ${blocks.length}`)
  const { 1: body, index } = blocks[0]!
  return { rule, place, file, steps: readSteps(file, body!, line + rowsOf(section.slice(0, index)) + 1) }
}

/** A line that begins with an arrow continues the outcomes of the line above. */
function readSteps(file: string, body: string, line: number): CaseStep[] {
  const rows: { readonly line: number; text: string }[] = []
  body.split('\n').forEach((row, at) => {
    const text = row.trim()
    if (text.startsWith('→') && rows.length > 0) rows[rows.length - 1]!.text += ` ${text}`
    else if (text !== '') rows.push({ line: line + at, text })
  })
  return rows.map(row => {
    try {
      return parseStep(row.text, row.line)
    } catch (error) {
      throw new Error(`${file}:${row.line}: ${(error as Error).message}, in: ${row.text}`)
    }
  })
}

function rowsOf(text: string): number {
  return text.split('\n').length - 1
}
