// Positions: formatting and parsing are inverse, and other texts are refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatPosition, POSITION_PATTERN, parsePosition } from './position.ts'
import { holds } from './testing/seeded-property.ts'

const anyEpoch = fc.stringMatching(/^[0-9a-z]{4,12}$/)

test('a formatted position is parsed to the same', () => {
  holds(
    import.meta.filename,
    fc.property(anyEpoch, fc.maxSafeNat(), (epoch, seq) => {
      const text = formatPosition(epoch, seq)
      assert.match(text, new RegExp(POSITION_PATTERN))
      assert.deepEqual(parsePosition(text), { epoch, seq })
    }),
  )
  assert.equal(formatPosition('k3f9', 0), 'k3f9-0')
})

test('a number past 2^53 is ahead of every log', () => {
  const position = parsePosition('k3f9-9999999999999999')
  assert.equal(position?.epoch, 'k3f9')
  assert.ok(position.seq > Number.MAX_SAFE_INTEGER)
})

const NO_POSITIONS: readonly [name: string, text: string][] = [
  ['nothing', ''],
  ['no dash', 'k3f9'],
  ['no number', 'k3f9-'],
  ['no epoch', '-5'],
  ['a short epoch', 'k3f-5'],
  ['a long epoch', 'k3f9k3f9k3f9k-5'],
  ['seventeen digits', 'k3f9-12345678901234567'],
  ['a negative number', 'k3f9--5'],
  ['a fraction', 'k3f9-5.5'],
  ['an exponent', 'k3f9-5e3'],
  ['hexadecimal', 'k3f9-0x5'],
  ['capitals', 'K3F9-5'],
  ['space around it', ' k3f9-5'],
  ['a line end behind it', 'k3f9-5\n'],
  ['two of them, as two headers are joined', 'k3f9-5, k3f9-6'],
  ['other digits', 'k3f9-٥'],
]
for (const [name, text] of NO_POSITIONS) {
  test(`${name} is no position`, () => assert.equal(parsePosition(text), undefined))
}

test('any other text is refused', () => {
  holds(
    import.meta.filename,
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-z-]{0,20}$/)), text => {
      assert.equal(parsePosition(text) !== undefined, new RegExp(POSITION_PATTERN).test(text))
    }),
  )
})
