// papertape-sim from its packed file, as npx installs and runs it: without a registry, in a folder and a home of its
// own, with no path to the checkout. What each command prints and writes is what the checkout's command does.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findOlderNode } from '../support/older-node.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** By their paths. */
type Files = ReadonlyMap<string, Buffer>

const LIMIT_MS = 120_000
const FILE_BYTES_MAX = 1_000_000
/** What each prints goes to a file of its name, and the exit code after it. */
const COMMANDS = {
  help: '--help',
  run: 'run --preset large-tick --symbols 1 --seed 7 --duration 1m --orders orders.ndjson --results results.parquet --out day.tape',
  verify: 'verify day.tape --orders orders.ndjson',
  replay: 'replay day.tape --at 09:30:30 --out part.tape',
  export: 'export day.tape --orders orders.ndjson --to parquet --truth --out day.parquet',
  report: 'report --preset large-tick --seeds 1 --duration 1m --out report',
  serve: 'serve < requests.ndjson',
  refused: 'run --sedd 7',
}
const INPUTS = {
  'requests.ndjson': `${JSON.stringify({ type: 'open', seed: 7, preset: 'large-tick', duration: '2m' })}\n`,
  'orders.ndjson': [
    { at: '09:30:30', accountId: 'me', type: 'account.open', cash: 100_000 },
    {
      ...{ at: '09:30:30.250', accountId: 'me', type: 'order.place', clientOrderId: 'a', symbol: 'VELTR' },
      ...{ side: 'buy', orderType: 'market', size: 100 },
    },
  ]
    .map(line => `${JSON.stringify(line)}\n`)
    .join(''),
}
const SCRIPT = Object.entries(COMMANDS)
  .map(([name, words]) => `papertape-sim ${words} > ${name}.out 2> ${name}.err; echo $? >> ${name}.out`)
  .join('\n')

const skip = process.platform === 'win32' && 'its commands are a shell script'
describe('the packed papertape-sim', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-packed-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  let expected: Files
  let packed: string
  let files: Files
  /** The node_modules that npx made. */
  let installed: string

  before(async () => {
    ;[expected, packed] = await Promise.all([runCheckout(), pack()])
    const { cwd, home, env } = emptyPlace('npx', process.execPath)
    const npx = ['exec', '--yes', '--offline', `--package=${packed}`, '-c', SCRIPT]
    const npm = process.env.npm_execpath
    const [command, args] = npm === undefined ? ['npm', npx] : [process.execPath, [npm, ...npx]]
    const { code, stderr } = await run(command, args, env, cwd)
    assert.equal(code, 0, stderr)
    files = filesOf(cwd)
    installed = globSync(join(home, '.npm/_npx/*/node_modules'))[0]!
  })

  async function runCheckout(): Promise<Files> {
    const { cwd, bin, env } = emptyPlace('checkout', process.execPath)
    const command = `#!/bin/sh\nexec '${process.execPath}' '${ROOT}simulators/src/cli/main.ts' "$@"\n`
    writeFileSync(join(bin, 'papertape-sim'), command, { mode: 0o755 })
    await run('sh', ['-c', SCRIPT], env, cwd)
    return filesOf(cwd)
  }

  async function pack(): Promise<string> {
    const script = join(ROOT, 'tools/pack-simulator.mjs')
    const args = ['--disable-warning=ExperimentalWarning', script, '--out', folder]
    const { stdout, stderr } = await run(process.execPath, args, process.env, folder)
    const file = /^file (.*\/papertape-sim-\d+\.\d+\.\d+\.tgz)\n$/.exec(stdout)?.[1]
    assert.ok(file !== undefined, stderr)
    return file
  }

  /** A folder to work in, a home, and a PATH on which there is the Node and nothing of the checkout. */
  function emptyPlace(name: string, node: string) {
    const [cwd, bin, home] = ['work', 'bin', 'home'].map(part => join(folder, name, part)) as [string, string, string]
    for (const each of [cwd, bin, home]) mkdirSync(each, { recursive: true })
    symlinkSync(node, join(bin, 'node'))
    for (const [file, text] of Object.entries(INPUTS)) writeFileSync(join(cwd, file), text)
    const elsewhere = (process.env.PATH ?? '').split(delimiter).filter(path => !path.startsWith(ROOT))
    const env = {
      PATH: [bin, ...elsewhere].join(delimiter),
      HOME: home,
      npm_config_prefix: home,
      npm_config_update_notifier: 'false',
      // Nothing answers there: what would ask a registry fails.
      npm_config_registry: 'http://127.0.0.1:9/',
    }
    return { cwd, bin, home, env }
  }

  it('gives the bytes of the checkout by npx', () => {
    compare(files, expected)
    assert.match(String(files.get('help.out')), /^papertape-sim <command>\n(.*\n)+0\n$/)
    assert.match(String(files.get('verify.out')), /^verified day\.tape\nsha256 [0-9a-f]{64}\n0\n$/m)
    assert.match(String(files.get('serve.out')), /^\{"type":"opened","protocol":1,[^\n]*\}\n0\n$/)
    for (const name of Object.keys(COMMANDS)) {
      // A minute is too short for the targets of a report.
      const code = { report: 1, refused: 2 }[name] ?? 0
      assert.match(String(files.get(`${name}.out`)), new RegExp(`(^|\n)${code}\n$`), name)
    }
    assert.match(String(files.get('refused.err')), /^papertape-sim: unknown flag --sedd[^\n]*\n$/)
    for (const name of ['results.parquet', 'day.parquet', 'part.tape', 'report/report.html']) {
      assert.ok(files.has(name), name)
    }
  })

  it('gives them in the oldest Node that it accepts', async t => {
    const older = findOlderNode()
    if (older === undefined) return t.skip('there is no Node 20 on the PATH')
    const { cwd, env } = emptyPlace('older', older.path)
    const PATH = [join(installed, '.bin'), env.PATH].join(delimiter)
    await run('sh', ['-c', SCRIPT], { ...env, PATH }, cwd)
    assert.ok(filesOf(cwd).has('report/report.html'))
    compare(withoutReport(filesOf(cwd)), withoutReport(expected))
  })

  it('is refused by an older one, in a line', async () => {
    const bin = join(installed, 'papertape-sim/bin/papertape-sim.mjs')
    const pretend = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"18.20.8"}})'
    const refused = await run(process.execPath, ['--import', pretend, bin, '--help'], {}, folder)
    const stderr = 'papertape-sim: Node 18.20.8 is too old; use Node 20 or later\n'
    assert.deepEqual(refused, { code: 1, stdout: '', stderr })
  })

  it('is small, without tests', () => {
    const shipped = globSync('papertape-sim/{src,node_modules/@papertape}/**', { cwd: installed })
    assert.ok(shipped.length > 300, 'the installed package was read')
    assert.deepEqual(
      shipped.filter(file => /\.ts$|\.test\.|[\\/]testing[\\/]/.test(file)),
      [],
    )
    assert.ok(statSync(packed).size < FILE_BYTES_MAX)
  })
})

/** Names the files that differ, and what their commands complained of. */
function compare(files: Files, expected: Files): void {
  const names = [...new Set([...files.keys(), ...expected.keys()])].filter(name => !name.endsWith('.err'))
  const different = names.filter(name => !(files.get(name) && expected.get(name)?.equals(files.get(name)!)))
  const complaints = different.map(name => `${name}: ${files.get(name.replace('.out', '.err')) ?? 'absent'}`)
  assert.equal(complaints.join('\n'), '')
}

/** What measures uses Math.log, whose last digit may differ between two Nodes. */
function withoutReport(files: Files): Files {
  return new Map([...files].filter(([name]) => !name.startsWith('report/')))
}

function filesOf(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = entries.map(entry => join(entry.parentPath, entry.name))
  return new Map(paths.map(path => [path.slice(folder.length + 1), readFileSync(path)]))
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string) {
  const options = { env, cwd, timeout: LIMIT_MS, encoding: 'utf8' as const }
  try {
    return { code: 0, ...(await promisify(execFile)(command, args, options)) }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}
