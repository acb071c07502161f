// Runs each case of engine/rulebook/*.md twice: as it is, and with the exchange saved and restored before each command.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { readRulebook } from './testing/rulebook/reader.ts'
import { runCase } from './testing/rulebook/runner.ts'

const FOLDER = new URL('../rulebook/', import.meta.url)
const FILES = readdirSync(FOLDER).filter(name => /^\d\d-.+\.md$/.test(name))

for (const file of FILES) {
  describe(`rulebook/${file}`, () => {
    for (const rulebookCase of readRulebook(file, readFileSync(new URL(file, FOLDER), 'utf8'))) {
      test(rulebookCase.rule, () => {
        runCase(rulebookCase, false)
        runCase(rulebookCase, true)
      })
    }
  })
}

test('there are two hundred rules, each said once', () => {
  const rules = FILES.flatMap(file => readRulebook(file, readFileSync(new URL(file, FOLDER), 'utf8')))
  assert.ok(rules.length >= 200, `${rules.length} rules`)
  assert.equal(new Set(rules.map(({ rule }) => rule)).size, rules.length)
})
