// Each mutant can still be planted: what it edits stands in the source, once. Whether the tests catch it is for run.ts.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { plant } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

describe('there is exactly one place for a mutant', () => {
  for (const mutant of MUTANTS) {
    test(mutant.breaks, () => {
      const source = readFileSync(new URL(`../src/${mutant.file}`, import.meta.url), 'utf8')
      assert.notEqual(plant(mutant, source), source)
    })
  }
})

test('each mutant is another bug, and there are at least eighteen', () => {
  assert.ok(MUTANTS.length >= 18)
  assert.equal(new Set(MUTANTS.map(({ breaks }) => breaks)).size, MUTANTS.length)
})
