// The server and other programs of a benchmark in processes of their own, and the folders that they write to. All that
// was started ends with the benchmark, also after an error or Ctrl-C. Used by the benchmarks that measure from outside.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Opening a market with its past takes 12 s on a quiet machine. */
const START_MS_MAX = 120_000

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Asks it to end (SIGTERM), and waits until it is gone. */
  end(): Promise<void>
  /** Kills it and waits until it is gone. */
  stop(): Promise<void>
}

export interface SpawnOptions {
  /**
   * The only core that it may run on, where there are two and `taskset`, or all, whichever this process has; the cores
   * of this process when absent.
   */
  readonly core?: number | 'all' | undefined
  /** A pipe, for its owner to read; this process's own when absent. */
  readonly stderr?: 'pipe'
  /** Of Node.js, before the file. */
  readonly nodeFlags?: readonly string[] | undefined
  /** Beside those of this process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** @param flags of the server, beside those for its ports and its log. */
export async function spawnServer(flags: readonly string[], options: SpawnOptions = {}): Promise<ServerProcess> {
  // A benchmark loads the event loop on purpose, and counts on each of its readers.
  const standard = ['--port', '0', '--tls-port', '0', '--log', 'silent', '--loop-lag-max-ms', '0']
  const child = spawnNode('../../server/src/main.ts', [...standard, ...flags], options)
  const limit = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX)
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /dashboard +http:\/\/[^:]+:(\d+)/.exec(line)?.[1]
    if (port !== undefined) {
      clearTimeout(limit)
      child.stdout!.resume()
      return {
        url: `http://127.0.0.1:${port}`,
        pid: child.pid!,
        end: () => killProcess(child, 'SIGTERM'),
        stop: () => killProcess(child),
      }
    }
  }
  clearTimeout(limit)
  throw new Error('the server exited before it listened')
}

/** @param file relative to this folder, or absolute. */
export function spawnNode(file: string | URL, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return spawnProgram(process.execPath, [...(options.nodeFlags ?? []), path, ...args], options)
}

export function spawnProgram(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const { core, stderr = 'inherit', environment } = options
  const cores = core === 'all' ? `0-${cpus().length - 1}` : String(core)
  const command = core === undefined || !canPin() ? [program] : ['taskset', '-c', cores, program]
  const env = { ...process.env, ...environment }
  const child = spawn(command[0]!, [...command.slice(1), ...args], { env, stdio: ['pipe', 'pipe', stderr] })
  // It may end before what is written to it was read.
  child.stdin!.on('error', () => {})
  started().children.add(child)
  child.once('exit', () => started().children.delete(child))
  return child
}

/** Keeps this process, and what it starts without a core of its own, off the core of the server. */
export function pinThisProcess(core: number): void {
  if (canPin()) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(process.pid)], { timeout: 5_000 })
}

let hasTaskset: boolean | undefined

function canPin(): boolean {
  hasTaskset ??= cpus().length > 1 && spawnSync('taskset', ['--version'], { timeout: 5_000 }).status === 0
  return hasTaskset
}

export async function killProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** A new folder for what a benchmark writes, which goes with this process at the latest. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-bench-'))
  started().folders.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  started().folders.delete(folder)
}

interface Started {
  readonly children: Set<ChildProcess>
  readonly folders: Set<string>
}

let theStarted: Started | undefined

/** What is to end with this process. The first call listens for its end. */
function started(): Started {
  if (theStarted !== undefined) return theStarted
  const { children, folders } = { children: new Set<ChildProcess>(), folders: new Set<string>() }
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL')
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  })
  theStarted = { children, folders }
  return theStarted
}

/** The seq of the newest public event. */
export async function readHead(url: string): Promise<number> {
  const { position } = (await (await fetch(`${url}/health`)).json()) as { position: string }
  return Number(position.split('-')[1])
}
