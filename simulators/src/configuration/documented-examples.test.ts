// The examples of docs/configuration.md: each configuration is valid, each --set can be set, its scenario does what it
// says, and every part has its row.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { checkScenario } from '../analysis/scenarios/check.ts'
import { parseConfiguration } from './check-configuration.ts'
import { ConfigurationSchema, type GivenConfiguration } from './configuration-schema.ts'
import { setValue } from './set-value.ts'

const PAGE = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
const EXAMPLES = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => parseConfiguration(text!, 'example'))

test('each example is a configuration', () => {
  assert.equal(EXAMPLES.length, 3)
})

test('each --set can be set', () => {
  const assignments = [...PAGE.matchAll(/--set ('[^']+'|[^\s`']+=[^\s`']+)(?=[\s`,])/g)].map(([, word]) => word!)
  const values = assignments.map(word => word.replaceAll("'", '')).filter(word => !/^path=|activty/.test(word))
  assert.ok(values.length >= 6, values.join(' '))
  values.reduce(setValue, {} as GivenConfiguration)
})

test('its scenario meets its expectations', () => {
  const settings = EXAMPLES.find(({ scenarios }) => scenarios !== undefined)!
  const findings = checkScenario('sell-off', { seed: 3, settings })
  assert.equal(findings.length, 2)
  for (const { expectation, value, met } of findings) assert.ok(met, `${expectation.description}: ${value}`)
})

test('every part of the schema has a row', () => {
  const rows = PAGE.split('\n').filter(line => line.startsWith('| `'))
  for (const part of Object.keys(ConfigurationSchema.properties)) {
    if (part === '$schema') continue
    assert.ok(
      rows.some(row => row.split('|')[1]!.includes(`\`${part}\``)),
      part,
    )
  }
})
