// Makes the checkout ready for a command: dependencies installed, dashboard built, a browser found. A line for each
// step that has something to do, its output only when it fails. Plain JavaScript without dependencies for the user's
// own Node, 20 or later: it runs before the install.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideBrowser } from './provide-browser.mjs'
import { runNpm } from './run.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMP = join(ROOT, 'node_modules', '.papertape-ready')
const NODE_LEAST = 20

function stop(text) {
  process.stderr.write(`papertape: ${text}\n`)
  process.exit(1)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

/** Changes when the locked dependencies or the platform do. */
function installKey() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex')
}

function install() {
  const key = installKey()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === key) return
  say('Installing dependencies…')
  const failure = runNpm(['ci'], { cwd: ROOT })
  if (failure !== undefined) stop(`npm ci ${failure}`)
  writeFileSync(STAMP, key)
}

/** Turbo knows by content whether the export is current, and says so when it is not. */
function build() {
  const turbo = join(ROOT, 'tools', 'turbo.mjs')
  const args = [turbo, 'run', 'build', '--output-logs=new-only', '--quiet']
  const { status, error } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error !== undefined) stop(`the build of the dashboard could not be started: ${error.message}`)
  if (status !== 0) stop('the build of the dashboard failed; the lines above say why')
}

const [major] = process.versions.node.split('.').map(Number)
if (major < NODE_LEAST) stop(`this is Node ${process.versions.node}; install Node ${NODE_LEAST} or later`)
const wanted = process.argv.slice(2)
install()
if (wanted.includes('build')) build()
if (wanted.includes('browser')) {
  const missing = provideBrowser(say)
  if (missing !== undefined) stop(missing)
}
