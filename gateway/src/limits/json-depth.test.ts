// Nesting is judged as a parser would, and before one runs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JSON_DEPTH_MAX } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { requireShallowJson } from './json-depth.ts'

const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
const isTooDeep = (text: string) => {
  try {
    requireShallowJson(text)
    return false
  } catch {
    return true
  }
}

test('the deepest JSON that is accepted passes, one level more does not', () => {
  assert.equal(isTooDeep(nested(JSON_DEPTH_MAX)), false)
  assert.equal(isTooDeep(`[${nested(JSON_DEPTH_MAX)}]`), true)
  assert.throws(() => requireShallowJson('['.repeat(8_192)), { code: 'too-deep' })
})

test('brackets in strings are text, also after escapes', () => {
  for (const text of [`"${'['.repeat(99)}"`, `"\\"${'{'.repeat(99)}"`, `{"\\\\": "${'['.repeat(99)}"}`]) {
    assert.equal(isTooDeep(text), false, text)
  }
  assert.equal(isTooDeep(`"\\\\"${'['.repeat(99)}`), true)
})

test('of any JSON it says what counting in the parsed value says', () => {
  const depthOf = (value: unknown): number =>
    typeof value !== 'object' || value === null ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf))
  // Small values in many arrays and objects: values that are deep by themselves take minutes to make.
  const anyJson = fc.jsonValue({ maxDepth: 4 })
  holds(
    import.meta.filename,
    fc.property(anyJson, fc.integer({ min: 0, max: 40 }), (value, around) => {
      let wrapped: unknown = value
      for (let level = 0; level < around; level++) wrapped = level % 2 === 0 ? [wrapped] : { '"]': wrapped }
      assert.equal(isTooDeep(JSON.stringify(wrapped)), depthOf(wrapped) > JSON_DEPTH_MAX)
    }),
  )
})
