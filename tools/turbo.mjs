// Runs turbo without telemetry and update notices, which it has no setting for. With `--quiet` it prints one line when
// something is really built, and turbo's own output only when that fails. Every Node below it shares compiled code:
// tests start hundreds.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const isQuiet = args.includes('--quiet')
const turbo = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'turbo.cmd' : 'turbo')
const bin = join(ROOT, 'node_modules', '.bin')
const env = {
  ...process.env,
  PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'papertape-compiled'),
  TURBO_NO_UPDATE_NOTIFIER: '1',
}
const child = spawn(
  turbo,
  args.filter(arg => arg !== '--quiet'),
  {
    cwd: ROOT,
    env,
    stdio: ['inherit', isQuiet ? 'pipe' : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  },
)

if (isQuiet) {
  let output = ''
  let isAnnounced = false
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', text => {
    output += text
    if (isAnnounced || !output.includes('cache miss')) return
    isAnnounced = true
    process.stdout.write('Building the dashboard…\n')
  })
  child.on('close', status => {
    if (status !== 0) process.stdout.write(output)
  })
}
child.on('close', (status, signal) => process.exit(status ?? (signal === 'SIGINT' ? 130 : 1)))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
