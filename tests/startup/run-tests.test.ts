// The runner of these tests, over folders of small files: what it judges again, with which seed, and what it fails for.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const RUNNER = fileURLToPath(new URL('../run-tests.ts', import.meta.url))
const RUN_MAX_MS = 120_000

const PASSES = `it('passes', () => {})`
const FAILS = `it('fails', () => assert.fail())`
/** Not the first time, and then with the same seed only. */
const PASSES_AGAIN = `
  const seed = process.env.TEST_SEED
  const seedBefore = existsSync('seed') ? readFileSync('seed', 'utf8') : undefined
  writeFileSync('seed', seed)
  it('fails once', () => assert.equal(seed, seedBefore))`

function runFolder(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const imports = [
    `import assert from 'node:assert/strict'`,
    `import { existsSync, readFileSync, writeFileSync } from 'node:fs'`,
    `import { it } from 'node:test'`,
  ]
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), [...imports, text].join('\n'))
  }
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout } = spawnSync(process.execPath, [RUNNER, folder], {
    encoding: 'utf8',
    env,
    timeout: RUN_MAX_MS,
  })
  return { status, stdout }
}

describe('the runner of the tests', () => {
  it('passes what passes, and runs each file once', t => {
    const { status, stdout } = runFolder(t, { 'a/one.test.ts': PASSES, 'a/two.alone.test.ts': PASSES })
    assert.equal(status, 0, stdout)
    assert.equal(stdout.match(/✔ passes/g)?.length, 2)
  })

  it('judges a file that failed beside others once more, with its seed, and names it', t => {
    const { status, stdout } = runFolder(t, { 'a/one.test.ts': PASSES, 'b/two.test.ts': PASSES_AGAIN })
    assert.equal(status, 0, stdout)
    assert.match(stdout, /✖ fails once/)
    assert.match(stdout, /Failed beside others, passed by itself: b\/two\.test\.ts\n$/)
  })

  for (const [what, files] of Object.entries({
    'a test that fails again': { 'a/one.test.ts': FAILS },
    'a file that cannot be read': { 'a/one.test.ts': '}' },
    'a file that was to run alone': { 'a/one.alone.test.ts': PASSES_AGAIN },
    'a tree that is not tidy': { 'tidy/one.test.ts': FAILS, 'a/one.test.ts': PASSES },
    'more files than a busy machine explains': Object.fromEntries(
      [1, 2, 3, 4].map(number => [`a/${number}.test.ts`, PASSES_AGAIN.replaceAll(`'seed'`, `'seed-${number}'`)]),
    ),
  })) {
    it(`fails for ${what}`, t => {
      const { status, stdout } = runFolder(t, files)
      assert.equal(status, 1, stdout)
      assert.match(stdout, /✖/)
    })
  }
})
