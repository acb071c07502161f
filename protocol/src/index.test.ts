// What the entry of the package loads at run time.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

const LIST_LOADED = `
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ load(url, context, next) { urls.push(url); return next(url, context) } })
  await import(process.argv[1])
  console.log(JSON.stringify(urls))
`

function loadedBy(file: string): readonly string[] {
  const url = import.meta.resolve(file)
  const run = ['--input-type=module', '--eval', LIST_LOADED, url]
  return JSON.parse(execFileSync(process.execPath, run, { encoding: 'utf8', timeout: 120_000 }))
}

test('the main entry loads no schema and no dependency', () => {
  const urls = loadedBy('./index.ts')
  assert.ok(urls.length > 10, 'the modules of the package are listed')
  assert.deepEqual(
    urls.filter(url => /\/schemas\/|\/node_modules\//.test(url)),
    [],
  )
  assert.ok(loadedBy('./schemas/index.ts').some(url => url.includes('/typebox/')))
})
