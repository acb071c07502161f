// Custom properties of CSS are inherited, whatever module they are written in: each has one file that sets it, so that
// no panel gets the value of another one. Those of tokens.css are set anew on purpose, where data are stale.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const WEB = join(import.meta.dirname, '..')
const BUILT = /^(?:\.next|out|node_modules)[/\\]/

/** The names that a style sheet gives a value. */
function propertiesIn(css: string): string[] {
  return [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?:^|[{;\s])(--[\w-]+)\s*:/g)].map(([, name]) => name!)
}

test('the names that a style sheet sets are found, and none that it reads', () => {
  const css = ':root { --a: 1px }\n.b { --b-c: var(--a);\n  width: var(--d, 2px) }\n/* --e: 3px */'
  assert.deepEqual(propertiesIn(css), ['--a', '--b-c'])
})

test('each custom property that is no token is set in one file', () => {
  const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
    path => path.endsWith('.css') && !BUILT.test(path),
  )
  const owners = new Map<string, Set<string>>()
  for (const file of files) {
    for (const name of propertiesIn(readFileSync(join(WEB, file), 'utf8'))) {
      owners.set(name, (owners.get(name) ?? new Set()).add(file))
    }
  }
  const shared = [...owners]
    .filter(([, files]) => files.size > 1 && !files.has(join('styles', 'tokens.css')))
    .map(([name, of]) => `${name}: ${[...of].join(', ')}`)
  assert.deepEqual(shared, [])
})
