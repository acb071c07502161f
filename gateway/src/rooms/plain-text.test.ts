// The text of messages: what is taken as it is, what is composed and trimmed, what is refused.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ROOM_TEXT_MAX } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import { plainText } from './plain-text.ts'

describe('the text of a message', () => {
  test('is composed and without white space around it; markup stays text', () => {
    assert.equal(plainText('  cafe\u0301 \n'), 'caf\u00e9')
    assert.equal(plainText('<b>1 < 2</b>'), '<b>1 < 2</b>')
    assert.equal(plainText('مرحبا 👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿'), 'مرحبا 👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿')
  })

  test('has a limit in characters, not in code units', () => {
    assert.equal(plainText('👍'.repeat(ROOM_TEXT_MAX)), '👍'.repeat(ROOM_TEXT_MAX))
    assert.equal(plainText(` ${'x'.repeat(ROOM_TEXT_MAX)} `).length, ROOM_TEXT_MAX)
  })

  const REFUSED: readonly [name: string, text: string][] = [
    ['no text', ''],
    ['spaces alone', ' \t\u00a0 '],
    ['characters without a shape alone', '\u200b\u200d\ufeff'],
    ['one character too many', 'x'.repeat(ROOM_TEXT_MAX + 1)],
    ['a line end', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['a zero byte', 'a\0b'],
    ['an escape', 'a\u001b[31mb'],
    ['a C1 control', 'a\u0085b'],
    ['a bidi override', 'a\u202etxt'],
    ['a bidi isolate', 'a\u2066b\u2069'],
    ['a direction mark', 'a\u200fb'],
    ['half a surrogate pair', 'a\ud800b'],
  ]
  for (const [name, text] of REFUSED) {
    test(`refuses ${name}`, () => {
      assert.throws(
        () => plainText(text),
        error => error instanceof CodedError && error.code === 'bad-text',
      )
    })
  }
})
