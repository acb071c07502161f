// The enforcement checklist of SPEC.md: every file and every test that it names exists.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

test('the enforcement checklist names existing tests', () => {
  const spec = readFileSync(join(PACKAGE, 'SPEC.md'), 'utf8')
  const rows = spec.slice(spec.indexOf('## Enforcement checklist')).split('\n').slice(4)
  const checks = rows.filter(row => row.startsWith('|')).map(row => row.split('|')[2]!)
  assert.ok(checks.length > 10)
  for (const check of checks) {
    const files = [...check.matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, name]) =>
      name!.startsWith('tests/') ? join(PACKAGE, '..', name!) : join(PACKAGE, 'src', name!),
    )
    for (const file of files) assert.ok(existsSync(file), file)
    const titles = [...check.matchAll(/"([^"]+)"/g)].map(([, title]) => title!.replace(/ …$/, ''))
    const sources = files.map(file => readFileSync(file, 'utf8')).join('\n')
    for (const title of titles) assert.ok(sources.includes(title), title)
    assert.ok(files.length > 0 || check.includes('type'), check)
  }
})

test('every file that SPEC.md and README.md name exists', () => {
  for (const document of ['SPEC.md', 'README.md']) {
    const text = readFileSync(join(PACKAGE, document), 'utf8')
    const names = [...text.matchAll(/`((?:feed|orders|views|rest|tabs|platform)\/[\w/.-]*)`/g)].map(([, name]) => name!)
    assert.ok(names.length > 5, document)
    for (const name of names) assert.ok(existsSync(join(PACKAGE, 'src', name)), `${document}: ${name}`)
  }
})
