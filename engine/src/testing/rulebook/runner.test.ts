// The rulebook's runner: a case fails when an outcome differs or is missing in the case, and the error names the line.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readRulebook } from './reader.ts'
import { runCase } from './runner.ts'

const page = (...rows: string[]) => ['# Page', '', '## A rule', '', '```market', ...rows, '```', ''].join('\n')

function run(...rows: string[]): void {
  for (const rulebookCase of readRulebook('01-page.md', page(...rows))) runCase(rulebookCase, false)
}

describe('a case passes', () => {
  test('when its outcomes happen and no others', () => {
    run(
      'Ann sells 100 @ 10.00 as A1   → rests behind 0',
      '3 times Bob buys 10 @ 10      → fills 10 @ 10.00 from A1',
      'Cat buys 100 @ 10.00          → fills 70 @ 10 from A1, rests 30',
      'book 10.00x30 | -',
      'A1 is filled 100 at 10.00',
      'Bob has 10030 ACME, 999700.00 in cash',
    )
  })
})

test('a page with CRLF is the same page', () => {
  const markdown = page('Ann sells 100 @ 10.00 as A1', '→ rests behind 0', 'book - | 10.00x100')
  const [read] = readRulebook('01-page.md', markdown.replaceAll('\n', '\r\n'))
  assert.deepEqual(read, readRulebook('01-page.md', markdown)[0])
})

describe('a case fails', () => {
  const cases: [name: string, rows: string[], message: RegExp][] = [
    ['at another outcome', ['Ann buys 1 @ 10.00 → waits'], /01-page\.md:6: .*\n.*expected → Ann waits\n.*→ Ann rests/],
    ['at an outcome that is not said', ['Ann buys 5 @ 9.00 → nothing'], /expected → nothing\n.*→ Ann rests behind 0/],
    [
      'at one that does not come',
      ['Ann buys 5 @ 9.00 → rests', 'Ann cancels → canceled 5, canceled 5'],
      /page\.md:7: /,
    ],
    [
      'at another counterparty',
      ['Ann sells 5 @ 9.00 → rests', 'Bob buys 5 @ 9.00 → fills 5 @ 9.00 from Cat'],
      /from Ann/,
    ],
    ['at another place in the queue', ['Ann buys 5 @ 9.00 → rests behind 1'], /behind 0/],
    ['at another book', ['Ann buys 5 @ 9.00 → rests', 'book 9.00x6 | -'], /expected 9x6 \| -\n.*actual +9x5 \| -/],
    ['when a name could mean two orders', ['2 times Ann buys 5 @ 9.00 → rests', 'Ann cancels → canceled 5'], /labels/],
  ]
  for (const [name, rows, message] of cases) test(name, () => assert.throws(() => run(...rows), { message }))
})

describe('a page is rejected', () => {
  const cases: [name: string, markdown: string, message: RegExp][] = [
    ['with a word that is none', page('Ann hopes 5'), /^01-page\.md:6: "Ann hopes 5" is not understood/],
    ['with a term that is none', page('Ann buys 5 @ 9.00 GTX → rests'), /"GTX" is no term of an order/],
    ['with an outcome that is none', page('Ann buys 5 @ 9.00 → sleeps'), /"sleeps" is no outcome/],
    ['with an outcome of what is only true', page('last 10.00 → rests'), /no outcome/],
    ['with a phase that is none', page('Operator sets lunch → nothing'), /"lunch" is no phase: preOpen, /],
    ['with a rule that is shown by nothing', '## A rule\n\n## Another\n', /^01-page\.md:1: .*"A rule" has 0/],
    [
      'with a rule that is shown twice',
      `${page('last 10')}${page('last 10').split('\n').slice(3).join('\n')}`,
      /"A rule" has 2/,
    ],
  ]
  for (const [name, markdown, message] of cases) {
    test(name, () => assert.throws(() => readRulebook('01-page.md', markdown), { message }))
  }
})
