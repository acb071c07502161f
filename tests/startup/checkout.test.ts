// A fresh clone: LF in all text files, the two commands, and the search for a browser, which `npm start` does not run.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BINARY = /\.(png|webp|ico|gz)$/
const TIMEOUT_MS = 60_000

function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-checkout-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('a clone with core.autocrlf=true', () => {
  it('has LF in every text file', { skip: !existsSync(join(ROOT, '.git')) && 'this is no git checkout' }, t => {
    const clone = join(scratchFolder(t), 'clone')
    const git = (...args: string[]) =>
      execFileSync('git', args, { timeout: TIMEOUT_MS, stdio: 'pipe', encoding: 'utf8' })
    git('-c', 'core.autocrlf=true', 'clone', '--quiet', '--depth=1', `file://${ROOT}`, clone)
    const files = git('-C', clone, 'ls-files').trim().split('\n')
    const texts = files.filter(file => !BINARY.test(file))
    assert.ok(texts.length > 300, 'the clone was read')
    assert.deepEqual(
      texts.filter(file => readFileSync(join(clone, file)).includes('\r\n')),
      [],
    )
  })
})

describe('the commands', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>
  }

  it('install a browser only where they open one', () => {
    const withBrowser = Object.keys(scripts).filter(name => /ready\.mjs .*browser/.test(scripts[name]!))
    assert.deepEqual(withBrowser.sort(), ['prebench', 'prescreens', 'pretest'])
  })

  it('are all that CI runs', () => {
    const lines = readFileSync(join(ROOT, '.ci', 'run'), 'utf8')
      .trim()
      .split('\n')
    const commands = lines.filter(line => !/^(#|set |cd )/.test(line))
    assert.deepEqual(commands, ['npm test'])
  })
})

describe('tools/browser.mjs', { skip: process.platform === 'win32' && 'its stand-ins are shell scripts' }, () => {
  const FIND = `const { findBrowser } = await import(${JSON.stringify(join(ROOT, 'tools', 'browser.mjs'))})
    console.log(JSON.stringify(findBrowser()))`

  function find(env: Readonly<Record<string, string>>): { browser?: { path: string }; refused?: string } {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', FIND], {
      env,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    })
    assert.equal(stderr, '')
    return JSON.parse(stdout)
  }

  /** A stand-in for a browser that exits with `status`. */
  function standIn(folder: string, name: string, status = 0): string {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\nexit ${status}\n`)
    chmodSync(path, 0o755)
    return path
  }

  it('prefers CHROMIUM_PATH', t => {
    const folder = scratchFolder(t)
    standIn(folder, 'chromium')
    const named = standIn(folder, 'mine')
    assert.equal(find({ PATH: folder, CHROMIUM_PATH: named }).browser?.path, named)
  })

  it('reports a CHROMIUM_PATH that does not start', t => {
    const folder = scratchFolder(t)
    standIn(folder, 'chromium')
    for (const named of [standIn(folder, 'broken', 1), join(folder, 'absent'), folder]) {
      const { browser, refused } = find({ PATH: folder, CHROMIUM_PATH: named })
      assert.equal(browser, undefined)
      assert.match(refused ?? '', new RegExp(`CHROMIUM_PATH is ${named}`))
    }
  })

  it('takes the first browser on the path that starts', t => {
    const [first, second] = [scratchFolder(t), scratchFolder(t)]
    standIn(first, 'chromium', 1)
    const works = standIn(second, 'google-chrome')
    const PATH = [first, second].join(delimiter)
    assert.equal(find({ PATH }).browser?.path, works)
    assert.equal(find({ PATH, CHROMIUM_PATH: '' }).browser?.path, works)
  })
})

describe('tools/run.mjs', () => {
  it('prints nothing for a command that succeeds, and returns the last lines of one that fails', async () => {
    const { runQuietly } = (await import(join(ROOT, 'tools', 'run.mjs'))) as {
      runQuietly(
        command: string,
        args: readonly string[],
        options: { cwd: string; timeout?: number },
      ): string | undefined
    }
    const node = (script: string, timeout?: number) =>
      runQuietly(process.execPath, ['-e', script], { cwd: ROOT, ...(timeout !== undefined && { timeout }) })
    assert.equal(node('console.log("noise")'), undefined)
    const failure = node('for (let i = 0; i < 99; i++) console.log("line", i); process.exitCode = 3')
    assert.match(failure ?? '', /^ended with 3\n/)
    assert.match(failure ?? '', /line 98$/)
    assert.doesNotMatch(failure ?? '', /line 9\n/)
    assert.match(node('setTimeout(() => {}, 60_000)', 200) ?? '', /ETIMEDOUT|SIGTERM/)
  })
})

it('the browser package is unpacked whole or not at all', t => {
  const folder = scratchFolder(t)
  const target = join(folder, 'unpacked')
  const { status } = spawnSync(process.execPath, [join(ROOT, 'tools', 'chromium', 'unpack.mjs'), target], {
    // Without the package, or with a temporary folder that it cannot use: in each case nothing is left behind.
    env: { PATH: process.env.PATH ?? '', NODE_PATH: '' },
    cwd: folder,
    timeout: TIMEOUT_MS,
  })
  const isWhole = existsSync(join(target, 'chromium'))
  assert.equal(status === 0, isWhole)
  assert.deepEqual(readdirSync(folder), isWhole ? ['unpacked'] : [])
})
