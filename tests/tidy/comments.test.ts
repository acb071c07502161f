// Comments are at most as wide as code.

import { describe } from 'node:test'
import type { Rule } from '../support/source-tree.ts'
import { atPath, testRule } from '../support/tidy-rule.ts'

const COLUMNS_MAX = 120

const commentWidths: Rule = tree =>
  [...tree.sources.values()].flatMap(({ path, text, comments }) => {
    const lines = text.split('\n')
    const wide = new Set<number>()
    for (const { start, end } of comments) {
      const first = text.slice(0, start).split('\n').length
      const last = first + text.slice(start, end).split('\n').length - 1
      for (let line = first; line <= last; line++) if (lines[line - 1]!.length > COLUMNS_MAX) wide.add(line)
    }
    return [...wide].map(line => `${path}:${line}`)
  })

describe('comments', () => {
  testRule(`are at most ${COLUMNS_MAX} columns wide`, commentWidths, {
    bad: atPath('client/src/x.ts', [`// ${'x'.repeat(118)}`, `/*\n${'x'.repeat(121)}\n*/`]),
    good: atPath('client/src/x.ts', [`// ${'x'.repeat(117)}`, `const x = '${'x'.repeat(121)}'`]),
  })
})
