// A market must be the same to the bit on every platform: scans the sources for what would make it differ, and tests
// exp.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { exp } from './deterministic-exp.ts'

const FOLDER = fileURLToPath(new URL('../..', import.meta.url))
const PORTABLE_MATH = 'abs|floor|ceil|round|min|max|sqrt|imul|clz32|fround'
const FORBIDDEN: readonly [what: string, pattern: RegExp][] = [
  ['a Math function that platforms round differently', new RegExp(`Math\\.(?!(${PORTABLE_MATH})\\b)\\w+`)],
  ['the power operator on anything but constants', /(?<![\d ]) \*\* |\*\* (?!\d)/],
  ['a node: module', /from 'node:/],
  ['the clock', /\bDate\b|performance\.now/],
  ['a timer', /\bset(Timeout|Interval|Immediate)\b/],
  ['the console, the process or the network', /\b(console|process|fetch)\b[.(]/],
]

/** Facts and report may differ in the last digit: no market depends on them. */
const MEASURES = /^analysis.(facts|report)\b/
const ARITHMETIC = 2

test('sources outside cli/ and input/ use nothing that differs between platforms', () => {
  const files = globSync('**/*.ts', { cwd: FOLDER }).filter(
    file => !/^(cli|input)\b|\btesting\b|\.test\.ts$/.test(file),
  )
  assert.ok(files.length > 15)
  for (const file of files) {
    // Without comments.
    const code = readFileSync(FOLDER + file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    const rules = FORBIDDEN.slice(MEASURES.test(file) ? ARITHMETIC : 0)
    for (const [what, pattern] of rules) assert.equal(pattern.exec(code)?.[0], undefined, `${file} uses ${what}`)
  }
})

test('exp agrees with Math.exp to twelve digits', () => {
  for (const x of [-20, -5.5, -1, -1e-9, 0, 1e-6, 0.5, 1, 3.25, 12, 20]) {
    assert.ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-12, `exp(${x}) is ${exp(x)}`)
  }
})
