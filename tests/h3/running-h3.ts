// The command `npm run h3` as users run it: a process that starts the service and Caddy, ended by a signal.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'
import type { Program } from '../support/programs/provide-program.ts'
import { NO_PAST, SHARED_MACHINE } from '../support/server.ts'

const MAIN = fileURLToPath(new URL('../../lab/src/h3/main.ts', import.meta.url))
/** A small market, soon open, on free ports. */
export const SMALL_SERVICE = ['--port', '0', '--tls-port', '0', '--memory', '--symbols', '2', ...NO_PAST]

export interface RunningH3 {
  /** Of HTTP/3. */
  readonly url: string
  /** Of the service behind. */
  readonly serviceUrl: string
  /** With which a Chromium speaks HTTP/3 to it, as they are printed. */
  readonly browserFlags: readonly string[]
  /** Ends it by a signal, and answers its exit code when it and what it started are gone. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export async function startH3(caddy: Program): Promise<RunningH3> {
  const child = spawn(process.execPath, [MAIN, '--h3-port', '0', ...SMALL_SERVICE], {
    env: { ...caddy.env, ...SHARED_MACHINE, PATH: `${dirname(caddy.path)}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const closed = once(child, 'close')
  while (!/^ {2}browser .*\n/m.test(output)) {
    await within(Promise.race([once(child.stdout, 'data'), closed]), 'the start of the service and Caddy')
    if (child.exitCode !== null) throw new Error(`the command ended with ${child.exitCode}: ${output}`)
  }
  const [, service] = /dashboard +(\S+)/.exec(output)!
  const [, url] = /HTTP\/3 +(\S+),/.exec(output)!
  const [, words] = /browser +chromium (.*)/.exec(output)!
  return {
    url: url!,
    serviceUrl: service!,
    browserFlags: words!.split(' ').filter(word => /^--(ignore|origin)/.test(word)),
    async end(signal) {
      child.kill(signal)
      const [code] = await within(closed, 'the end of the command', 20_000)
      return code as number | null
    },
  }
}

/** Runs the command to its end. */
export async function runH3(words: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { ...SHARED_MACHINE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', chunk => (texts[name] += chunk))
  const [code] = await within(once(child, 'close'), 'the end of the command', 20_000)
  return { code: code as number | null, ...texts }
}
