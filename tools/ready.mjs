// Makes the checkout ready for a command: dependencies installed, dashboard built, a browser found. Silent when nothing
// needs doing. Plain JavaScript without dependencies for the user's own Node, 20 or later: it runs before the install.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMP = join(ROOT, 'node_modules', '.papertape-ready')
const NODE_LEAST = 20

/** One line that says what to do, and no stack. */
function stop(line) {
  process.stderr.write(`papertape: ${line}\n`)
  process.exit(1)
}

function run(command, args, what) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: quietEnv(),
  })
  if (error !== undefined) stop(`${what} could not be started: ${error.message}`)
  if (status !== 0) stop(`${what} failed; the lines above say why`)
}

function quietEnv() {
  return { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' }
}

/** Changes when the locked dependencies, the platform, or the Node that installs do. */
function installKey() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex')
}

function install() {
  const key = installKey()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === key) return
  process.stdout.write('Installing dependencies…\n')
  const npm = process.env.npm_execpath
  if (npm === undefined) run('npm', ['ci'], 'npm ci')
  else run(process.execPath, [npm, 'ci'], 'npm ci')
  writeFileSync(STAMP, key)
}

function build() {
  const turbo = join(ROOT, 'tools', 'turbo.mjs')
  // Turbo knows by content whether the export is current; only a build that really runs has something to say.
  run(process.execPath, [turbo, 'run', 'build', '--output-logs=new-only', '--quiet-hits'], 'the build of the dashboard')
}

const [major] = process.versions.node.split('.').map(Number)
if (major < NODE_LEAST) stop(`this is Node ${process.versions.node}; install Node ${NODE_LEAST} or later`)
const wanted = process.argv.slice(2)
install()
if (wanted.includes('build')) build()
if (wanted.includes('browser')) {
  const { findBrowser } = await import('./browser.mjs')
  const { missing } = findBrowser()
  if (missing !== undefined) stop(missing)
}
