// The server as users run it: a process on free ports with a data folder, ended by real signals.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
/** Includes a start that first simulates a past. */
const START_MAX_MS = 120_000
const END_MAX_MS = 120_000
const PORT_RETRY_MS = 250
const PORTS = { first: 12_000, count: 18_000 }
const PORT_TRIES = 100
/** All clients of a test come from one address, and some send as fast as they can. */
export const NO_LIMITS = [
  ...['--account-burst', '0', '--address-sockets-max', '0'],
  ...['--commands-per-second', '1000', '--command-burst', '1000'],
]
export const NO_PAST = ['--past-minutes', '0', '--past-days', '0']
/** Tests start many servers: compiled code is shared between them. They also share two cores, which refuses nobody. */
export const SHARED_MACHINE = {
  PAPERTAPE_LOOP_LAG_MAX_MS: '0',
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/papertape-compiled', import.meta.url)),
}

export interface RunningServer {
  readonly url: string
  readonly secureUrl: string
  readonly port: number
  readonly tlsPort: number
  readonly dataFolder: string
  /** Of the present process. */
  readonly pid: number
  /** Ends it by a signal and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** Suspends it (SIGSTOP), as a debugger would, until `resume`. */
  suspend(): void
  resume(): void
  /** Restarts it on the same ports and folder; `flags` apply to this start only. */
  restart(flags?: readonly string[]): Promise<void>
  /** What it has written to both outputs since its first start. */
  output(): string
  /** Waits until it has written something to stderr. */
  wrote(words: RegExp): Promise<void>
  /** Waits until it has ended by itself. */
  ended(): Promise<{ readonly code: number | null; readonly stderr: string }>
  /** Kills it and removes its folder; for the end of a test. */
  dispose(): Promise<void>
}

export interface ServerSettings {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server; dispose of it at the end. Without a past the start is short. */
export async function startServer(settings: ServerSettings = {}): Promise<RunningServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'papertape-test-'))
  const flags = [...(settings.flags ?? [])]
  const start = (ports: readonly string[], more: readonly string[] = []) =>
    open([...ports, '--data', dataFolder, ...NO_PAST, ...flags, ...more], settings.env ?? {})
  let running = await start(['--port', '0', '--tls-port', '0'])
  let before = ''
  const { port, tlsPort } = running
  const kill = async (signal: NodeJS.Signals) => {
    if (running.child.exitCode === null && running.child.signalCode === null) {
      const exited = once(running.child, 'exit')
      running.child.kill(signal)
      await within(exited, 'the end of the server', END_MAX_MS)
    }
    return running.child.exitCode
  }
  return {
    url: `http://127.0.0.1:${port}`,
    secureUrl: `https://localhost:${tlsPort}`,
    port,
    tlsPort,
    dataFolder,
    get pid() {
      return running.child.pid!
    },
    kill,
    suspend: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    async restart(more = []) {
      before += running.output()
      running = await untilPortsAreFree(() => start(['--port', String(port), '--tls-port', String(tlsPort)], more))
    },
    output: () => before + running.output(),
    async wrote(words) {
      while (!words.test(running.stderr()))
        await within(once(running.child.stderr!, 'data'), `${words} on stderr`, END_MAX_MS)
    },
    async ended() {
      if (running.child.exitCode === null)
        await within(once(running.child, 'close'), 'the end of the server', END_MAX_MS)
      return { code: running.child.exitCode, stderr: running.stderr() }
    },
    async dispose() {
      await kill('SIGKILL')
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

/** While the server is away a connection of another test may have one of its ports. */
async function untilPortsAreFree(start: () => Promise<Opened>): Promise<Opened> {
  for (const untilMs = performance.now() + START_MAX_MS; ; await pause(PORT_RETRY_MS)) {
    try {
      return await start()
    } catch (error) {
      if (performance.now() > untilMs || !/port \d+ is in use/.test((error as Error).message)) throw error
    }
  }
}

interface Opened {
  readonly child: ChildProcess
  readonly output: () => string
  readonly stderr: () => string
  readonly port: number
  readonly tlsPort: number
}

async function open(flags: readonly string[], env: Readonly<Record<string, string>>): Promise<Opened> {
  const child = spawn(process.execPath, [MAIN, ...flags], {
    env: { ...process.env, ...SHARED_MACHINE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let stderr = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const opened = new Promise<Opened>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const ports = /http:\/\/localhost:(\d+) +https:\/\/localhost:(\d+)/.exec(output)
      if (ports !== null)
        resolve({
          child,
          output: () => output,
          stderr: () => stderr,
          port: Number(ports[1]),
          tlsPort: Number(ports[2]),
        })
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', code => reject(new Error(`the server ended with ${code} before it was open:\n${output}`)))
  })
  return within(opened, 'the start of the server', START_MAX_MS)
}

/** Runs the server's command to its end: for what it refuses to start with. */
export async function runServer(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...flags], { env: { ...process.env, ...SHARED_MACHINE, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const [code] = (await within(once(child, 'close'), 'the end of the command', END_MAX_MS)) as [number | null]
  return { code, stdout, stderr }
}

/**
 * A port that is free now, for a program that is given one, and started again there. Of those that systems do not give
 * to outgoing connections: one of another test may have such a port before the program has it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count)
    const probe = net.createServer()
    const isFree = await new Promise<boolean>(resolve => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error(`no port from ${PORTS.first} on is free`)
}
