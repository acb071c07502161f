// The first difference of two tapes, in any division into pieces.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createComparison } from './comparison.ts'

const TEXT = 'first line\nsecond line\nthird line\n'

/** Compares texts cut into pieces of these lengths. */
async function compare(expected: string, found: string, expectedCut: number, foundCut: number): Promise<void> {
  async function* cut(text: string, length: number) {
    for (let i = 0; i < text.length; i += length) yield Buffer.from(text.slice(i, i + length))
  }
  const comparison = createComparison(cut(found, foundCut), 'a.tape')
  for await (const piece of cut(expected, expectedCut)) await comparison.take(piece)
  await comparison.end()
}

const damaged: readonly [what: string, found: string, message: RegExp][] = [
  [
    'a byte',
    TEXT.replace('second', 'secund'),
    /differs at line 2, column 4 \(byte 14\)\nexpected second.*\nfound {4}secund/,
  ],
  ['the first byte', `F${TEXT.slice(1)}`, /differs at line 1, column 1 \(byte 0\)/],
  ['a line end', TEXT.replace('line\nsecond', 'line second'), /differs at line 1, column 11 /],
  ['a cut inside', TEXT.slice(0, 15), /ends at line 2 \(byte 15\), before the end of the run/],
  ['the last byte cut off', TEXT.slice(0, -1), /ends at line 3 \(byte 33\)/],
  ['something more', `${TEXT}x`, /continues at line 4 \(byte 34\), after the end of the run/],
  ['nothing', '', /ends at line 1 \(byte 0\)/],
]

test('finds the first difference, in any division into pieces', async () => {
  for (const expectedCut of [1, 3, 7, 100]) {
    for (const foundCut of [1, 4, 11, 100]) {
      await compare(TEXT, TEXT, expectedCut, foundCut)
      await compare(TEXT, `${TEXT}\n\n\n`, expectedCut, foundCut)
      for (const [what, found, message] of damaged) {
        await assert.rejects(compare(TEXT, found, expectedCut, foundCut), { message: /a\.tape/ }, what)
        // The excerpt is limited to the current pieces.
        const place = new RegExp(message.source.split('\\n')[0]!)
        await assert.rejects(compare(TEXT, found, expectedCut, foundCut), { message: place }, what)
      }
    }
  }
  for (const [what, found, message] of damaged) await assert.rejects(compare(TEXT, found, 100, 100), { message }, what)
})
