// docs/data-files.md: its commands make the files, and each of its Python blocks reads them and prints the right
// number. Needs python3, and for most blocks pandas, polars or duckdb: skipped where they are not installed.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCUMENT = readFileSync(`${ROOT}/docs/data-files.md`, 'utf8')
const COMMAND = `${ROOT}/simulators/src/cli/main.ts`
const PYTHON = 'python3'
const LIBRARIES = ['pandas', 'polars', 'duckdb'] as const
const folder = mkdtempSync(join(tmpdir(), 'papertape-data-files-'))
const path = (name: string) => join(folder, name)
after(() => rmSync(folder, { recursive: true, force: true }))

interface Block {
  readonly section: string
  readonly code: string
}

function blocksOf(language: string): Block[] {
  return DOCUMENT.split(/^## /m).flatMap(section =>
    [...section.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => ({
      section: section.split('\n')[0]!,
      code: code!,
    })),
  )
}

/** Under npm, relative paths would be those of its caller. */
function withoutNpm({ npm_package_json: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env
}

/** Why a block cannot run here; false: it can. */
function reasonToSkip(code: string): string | false {
  const imported = LIBRARIES.filter(name => new RegExp(`^import ${name}\\b`, 'm').test(code))
  for (const name of [
    'sys',
    ...imported,
    ...(code.includes('read_parquet') && imported[0] === 'pandas' ? ['pyarrow'] : []),
  ]) {
    const { status } = spawnSync(PYTHON, ['-c', `import ${name}`], { stdio: 'ignore' })
    if (status !== 0) return name === 'sys' ? `no ${PYTHON} here` : `no ${name} for ${PYTHON} here`
  }
  return false
}

/** By section: what its blocks print last. */
const expected: Record<string, number> = {}

before(() => {
  const [orders] = blocksOf('json')
  const [commands] = blocksOf('sh')
  writeFileSync(path('mine.ndjson'), orders!.code)
  for (const line of commands!.code.trimEnd().split('\n')) {
    const [name, ...words] = line.split(' ')
    assert.equal(name, 'papertape-sim')
    execFileSync(process.execPath, [COMMAND, ...words], { cwd: folder, stdio: 'pipe', env: withoutNpm(process.env) })
  }
  const lines = (file: string) => readFileSync(path(file), 'utf8').trimEnd().split('\n')
  const trades = lines('day.tape').flatMap(line => (line.startsWith('trade ') ? [JSON.parse(line.slice(6))] : []))
  const sizeOf = (found: readonly { size: number }[]) => found.reduce((sum, { size }) => sum + size, 0)
  expected['A tape as NDJSON'] = sizeOf(trades)
  expected.Parquet = sizeOf(trades)
  expected.LOBSTER = sizeOf(trades.filter(({ symbol }) => symbol === 'VELTR'))
  expected["Results of users' orders"] = lines('fills.ndjson').reduce(
    (sum, line) => sum + (JSON.parse(line).lastSize ?? 0),
    0,
  )
})

describe('each Python block of docs/data-files.md prints the right number', () => {
  for (const [i, { section, code }] of blocksOf('python').entries()) {
    const name = /^import (pandas|polars|duckdb)/m.exec(code)?.[1] ?? 'Python alone'
    test(`${section}, block ${i + 1}: ${name}`, { skip: reasonToSkip(code), timeout: 60_000 }, () => {
      const printed = execFileSync(PYTHON, ['-'], { cwd: folder, input: code, encoding: 'utf8' })
      // The rebuilt book prints how many of its rows differ.
      assert.equal(Number(printed.trimEnd().split('\n').at(-1)), name === 'Python alone' ? 0 : expected[section])
    })
  }
})

test('the files of the page are those that its commands make', () => {
  assert.deepEqual(readdirSync(folder).sort(), [
    'day.ndjson',
    'day.parquet',
    'day.tape',
    'fills.ndjson',
    'fills.parquet',
    'lobster',
    'lobster-all',
    'mine.ndjson',
  ])
  assert.ok(Object.values(expected).every(size => size > 0))
  assert.equal(blocksOf('python').length, 16)
})
