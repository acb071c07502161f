// Typed numbers: what is accepted, and what is refused because it is ambiguous.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { readTypedNumber } from './typed-number.ts'

const read = (text: string, decimals = 2) => readTypedNumber(text, decimals)

test('accepts plain numbers and English thousands', () => {
  const cases: [text: string, value: number, decimals?: number][] = [
    ['100', 100],
    [' 184.53 ', 184.53],
    ['1,000', 1_000],
    ['1,000', 1_000, 0],
    ['1,000.50', 1_000.5],
    ['12,345,678', 12_345_678],
    ['.5', 0.5],
    ['5.', 5],
    ['0.123', 0.123],
    ['184.817', 184.817],
    ['1.000', 1, 4],
    ['0', 0],
    ['007', 7],
  ]
  for (const [text, value, decimals] of cases) assert.deepEqual(read(text, decimals), { value }, text)
})

test('refuses ambiguous text and text that is no number, with how to write it', () => {
  const cases: [text: string, hint: RegExp, decimals?: number][] = [
    ['6,85', /use a point for decimals, such as 6\.85/],
    ['1,5', /write a whole number without a separator/, 0],
    ['10,0', /use a point for decimals, such as 10\.0/],
    ['0,500', /use a point for decimals, such as 0\.500/],
    ['6,', /use a point for decimals/],
    ['1.000', /write 1000, or 1\./, 0],
    ['1.500', /write 1500 without a separator/, 0],
    ['1.500', /write 1500, or 1\.5\./],
    ['1,500', /write 1500, or 1\.500 with a point/, 4],
    ['1.000.000', /one point/],
    ['1,00,000', /one point/],
    ['1.000,50', /one point/],
    ['.5.', /one point/],
    ['1e3', /write it out in digits/],
    ['1E3', /write it out in digits/],
    ['0x10', /write it out in digits/],
    ['１００', /digits 0 to 9/],
    ['\u0661\u0660\u0660', /digits 0 to 9/],
    ['1 000', /without a separator/],
    ['1\u00a0000', /without a separator/],
    ['1\u202f000,50', /without a separator/],
    ["1'000", /without a separator/],
    ['1_000', /without a separator/],
    ['+5', /plus sign/],
    ['-5', /no sign/],
    ['\u22125', /no sign/],
    ['$184.53', /currency sign/],
    ['184,53 \u20ac', /currency sign/],
    ['Infinity', /write digits/],
    ['\u221e', /write digits/],
    ['NaN', /write digits/],
    ['abc', /write digits/],
    ['100 shares', /write digits/],
    ['9'.repeat(400), /too large/],
    ['9007199254740993', /too large/],
    ['184.19000000000003', /too many digits/],
  ]
  for (const [text, hint, decimals] of cases) {
    const { problem, value } = read(text, decimals) as { problem?: string; value?: number }
    assert.equal(value, undefined, text)
    assert.match(problem ?? '', hint, text)
  }
  assert.equal('empty' in read('  '), true)
})

test('every accepted text gives a finite, non-negative number, the one its English digits mean', () => {
  const characters = fc.constantFrom(..."0123456789.,' -+eEx$\u00a0\uff11\u0663")
  holds(
    import.meta.filename,
    fc.property(fc.string({ unit: characters, maxLength: 24 }), fc.integer({ min: 0, max: 4 }), (text, decimals) => {
      const { value } = read(text, decimals)
      if (value === undefined) return
      assert.ok(Number.isFinite(value) && value >= 0)
      assert.equal(value, Number(text.trim().replaceAll(',', '')))
      assert.match(text.trim(), /^(\d+\.?\d*|\.\d+|[1-9]\d{0,2}(,\d{3})+(\.\d*)?)$/)
    }),
  )
})
