// Each mutant can be planted: the text that it replaces occurs in the source exactly once. run.ts finds out whether a
// test catches it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { MUTANTS } from './lists/index.ts'
import { packageOfMutant, plant } from './mutant.ts'

describe('the text of a mutant occurs once', () => {
  for (const mutant of MUTANTS) {
    test(`${packageOfMutant(mutant)}: ${mutant.breaks}`, () => {
      const source = readFileSync(new URL(`../../${mutant.file}`, import.meta.url), 'utf8')
      assert.notEqual(plant(mutant, source), source)
    })
  }
})

test('all mutants differ', () => {
  assert.equal(new Set(MUTANTS.map(({ breaks }) => breaks)).size, MUTANTS.length)
})
