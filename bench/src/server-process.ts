// The server in a process of its own, started as users start it, on free ports. Used by the benchmarks that measure it
// or its page from outside.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ServerProcess {
  readonly url: string
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>
}

/** @param flags of the server, beside those for its ports and its log. */
export async function spawnServer(flags: readonly string[]): Promise<ServerProcess> {
  // A benchmark loads the event loop on purpose, and counts on each of its readers.
  const standard = ['--port', '0', '--tls-port', '0', '--log', 'silent', '--loop-lag-max-ms', '0']
  const child = spawnNode('../../server/src/main.ts', [...standard, ...flags])
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /dashboard +http:\/\/[^:]+:(\d+)/.exec(line)?.[1]
    if (port !== undefined) {
      child.stdout!.resume()
      return { url: `http://127.0.0.1:${port}`, stop: () => killProcess(child) }
    }
  }
  throw new Error('the server exited before it listened')
}

/** @param file relative to this folder, or absolute. */
export function spawnNode(file: string | URL, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

export async function killProcess(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** The seq of the newest public event. */
export async function readHead(url: string): Promise<number> {
  const { position } = (await (await fetch(`${url}/health`)).json()) as { position: string }
  return Number(position.split('-')[1])
}
