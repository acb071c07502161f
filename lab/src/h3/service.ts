// The service of `npm start` as a process behind Caddy. Started by main.ts, which passes signals on to it.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Service {
  /** Where it takes plain HTTP; undefined when it ended without opening its ports. */
  readonly url: Promise<string | undefined>
  /** Settles with its exit code. */
  readonly ended: Promise<number>
  kill(signal: NodeJS.Signals): void
}

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))
const FAILED = 1
/** Caddy's addresses: only what it forwards is believed. */
const TRUSTED = '127.0.0.1,::1'

/** @param words the flags of `npm start`. */
export function startService(words: readonly string[]): Service {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { PAPERTAPE_TRUST_PROXY: TRUSTED, ...process.env },
    // A Ctrl-C reaches every process of the terminal's group; the service takes a second signal as impatience.
    detached: process.platform !== 'win32',
  })
  const ended = new Promise<number>(resolve => child.once('close', code => resolve(code ?? FAILED)))
  const opened = new Promise<string>(resolve => {
    let output: string | undefined = ''
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk)
      if (output === undefined) return
      output += chunk
      const url = readAddress(output)
      if (url === undefined) return
      output = undefined
      resolve(url)
    })
  })
  const url = Promise.race([opened, ended.then(() => undefined)])
  return { url, ended, kill: signal => void child.kill(signal) }
}

/** In the lines that it prints when its ports are open. Of the addresses of localhost it listens on one. */
function readAddress(output: string): string | undefined {
  return /^ {2}dashboard +(http:\S+)/m.exec(output)?.[1]?.replace('//localhost:', '//127.0.0.1:')
}
