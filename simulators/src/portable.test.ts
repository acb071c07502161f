// A market must be the same to the bit wherever it runs. This reads the sources for what would make it differ.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const PORTABLE_MATH = 'abs|floor|ceil|round|min|max|sqrt|imul|clz32|fround'
const FORBIDDEN: readonly [what: string, pattern: RegExp][] = [
  ['a Math function that platforms round differently', new RegExp(`Math\\.(?!(${PORTABLE_MATH})\\b)\\w+`)],
  ['the power operator on anything but constants', /(?<![\d ]) \*\* |\*\* (?!\d)/],
  ['a node: module', /from 'node:/],
  ['the clock', /\bDate\b|performance\.now/],
  ['a timer', /\bset(Timeout|Interval|Immediate)\b/],
  ['the outside', /\b(console|process|fetch)\b[.(]/],
]

test('sources outside cli/ use nothing that differs between platforms', () => {
  const files = globSync('**/*.ts', { cwd: FOLDER }).filter(
    file => !file.startsWith('cli') && !file.endsWith('.test.ts'),
  )
  assert.ok(files.length > 15)
  for (const file of files) {
    // Comments may name what is forbidden.
    const code = readFileSync(FOLDER + file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    for (const [what, pattern] of FORBIDDEN) assert.equal(pattern.exec(code)?.[0], undefined, `${file} uses ${what}`)
  }
})
