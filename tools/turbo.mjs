// Runs turbo without telemetry and update notices, which it has no setting for, and without its banner when every task
// was a hit: `--quiet-hits` prints only when something is really run.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const quietHits = args.includes('--quiet-hits')
const turbo = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'turbo.cmd' : 'turbo')
const bin = join(ROOT, 'node_modules', '.bin')
const env = {
  ...process.env,
  PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
}
const child = spawn(
  turbo,
  args.filter(arg => arg !== '--quiet-hits'),
  {
    cwd: ROOT,
    env,
    stdio: ['inherit', quietHits ? 'pipe' : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  },
)

if (quietHits) {
  let held = ''
  let isMiss = false
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', text => {
    if (isMiss) {
      process.stdout.write(text)
      return
    }
    held += text
    if (!held.includes('cache miss')) return
    isMiss = true
    process.stdout.write(`Building the dashboard…\n${held}`)
  })
  child.on('close', status => {
    if (status !== 0 && !isMiss) process.stdout.write(held)
  })
}
child.on('close', (status, signal) => process.exit(status ?? (signal === 'SIGINT' ? 130 : 1)))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
