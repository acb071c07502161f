// The texts of the settings: --help and docs/settings.md are complete and up to date.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { helpText, settingsPage } from './help.ts'
import { SETTING_LIST } from './settings.ts'

const PAGE = fileURLToPath(new URL('../../../docs/settings.md', import.meta.url))

test('--help lists each flag, its variable, the values it takes and its default', () => {
  const entries = helpText().split(/\n(?= {2}--)/)
  for (const [, { flag, env, takes, description, default: standard }] of SETTING_LIST) {
    const entry = entries.find(text => text.startsWith(`  --${flag} `))
    assert.ok(entry !== undefined, flag)
    for (const part of [env, takes, description]) assert.ok(entry.includes(part), `${flag}: ${part}`)
    if (standard !== '') assert.ok(entry.includes(`[${standard}]`), `${flag}: ${standard}`)
  }
})

test('docs/settings.md is what the schema gives; UPDATE_DOCS=1 npm test -w server writes it', () => {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, settingsPage())
  assert.equal(readFileSync(PAGE, 'utf8'), settingsPage())
})

test('flags, variables and descriptions are unique and present', () => {
  for (const key of ['flag', 'env', 'description'] as const) {
    const values = SETTING_LIST.map(([, setting]) => setting[key])
    assert.equal(new Set(values).size, values.length, key)
    assert.ok(values.every(value => value.length > 2))
  }
})
