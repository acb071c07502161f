// A proxy as a process of a test: a configuration as the documents have it, with what lets an unprivileged user run it
// on this machine; reloaded as its operator would, ended at the end. Knows no configuration.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import type { Program } from '../programs/provide-program.ts'

const START_TRIES = 100
const RELOAD_MAX_MS = 10_000
const END_MAX_MS = 3_000

interface ProxyKind {
  /** What runs in the foreground, with its files in the folder. */
  readonly command: (folder: string) => readonly string[]
  /** Settings that let an unprivileged user run it. */
  readonly adapt: (config: string, folder: string, program: Program) => string
  /** What takes the configuration in the folder: a signal, or words of the program. */
  readonly reload: NodeJS.Signals | readonly string[]
}

const KINDS = {
  nginx: {
    command: folder => ['-p', folder, '-c', 'config', '-e', 'error.log', '-g', 'daemon off; pid nginx.pid;'],
    adapt: (config, _folder, { path }) => {
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const folders = kinds.map(kind => `${kind}_temp_path ${kind};`).join(' ')
      const modules = join(dirname(path), '../lib/nginx/modules')
      return config
        .replace('http {', `http { access_log off; ${folders}`)
        .replace('load_module modules', `load_module ${modules}`)
    },
    reload: 'SIGHUP',
  },
  haproxy: {
    command: folder => ['-W', '-db', '-f', join(folder, 'config')],
    adapt: (config, folder) =>
      config.replace('both.pem', join(folder, 'both.pem')).replaceAll('bind :', 'bind 127.0.0.1:'),
    reload: 'SIGUSR2',
  },
  caddy: {
    command: folder => ['run', '--config', join(folder, 'config'), '--adapter', 'caddyfile'],
    adapt: (config, folder) =>
      config.replace('cert.pem', join(folder, 'cert.pem')).replace('key.pem', join(folder, 'key.pem')),
    // Taken also when nothing has changed.
    reload: ['reload', '--config', 'config', '--adapter', 'caddyfile', '--force', '--address'],
  },
} as const satisfies Readonly<Record<string, ProxyKind>>

export type ProxyName = keyof typeof KINDS
export const PROXY_NAMES = Object.keys(KINDS) as readonly ProxyName[]

export interface ProxySettings {
  readonly name: ProxyName
  readonly program: Program
  /** With its ports, on which it listens at 127.0.0.1. */
  readonly config: string
  readonly port: number
  /** Has the certificate that it shows: tls-cert.pem and tls-key.pem. */
  readonly certificateFolder: string
  /** Of Caddy: where it takes commands. */
  readonly adminAddress?: string
}

export interface RunningProxy {
  readonly port: number
  /** Settles when new connections are served by what the reload has started. */
  reload(): Promise<void>
  output(): string
  /** Ends it, and removes its folder. */
  dispose(): Promise<void>
}

/** Settles when it listens. */
export async function startProxy(settings: ProxySettings): Promise<RunningProxy> {
  const { name, program, config, port, certificateFolder, adminAddress = '' } = settings
  const { command, adapt, reload }: ProxyKind = KINDS[name]
  const folder = mkdtempSync(join(tmpdir(), `papertape-${name}-`))
  const [cert, key] = ['tls-cert.pem', 'tls-key.pem'].map(file => readFileSync(join(certificateFolder, file), 'utf8'))
  writeFileSync(join(folder, 'cert.pem'), cert!)
  writeFileSync(join(folder, 'key.pem'), key!)
  writeFileSync(join(folder, 'both.pem'), `${cert}\n${key}`)
  writeFileSync(join(folder, 'config'), adapt(config, folder, program))
  const env = { ...program.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const run = (words: readonly string[]) =>
    spawn(program.path, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const child = run(command(folder))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const dispose = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilOpen(child, port)
  } catch (error) {
    await dispose()
    throw new Error(`${(error as Error).message}\n${output}${config}`)
  }
  return {
    port,
    async reload() {
      if (typeof reload === 'string') {
        const before = workersOf(child.pid!)
        child.kill(reload)
        await untilWorker(child.pid!, before)
        return
      }
      const reloading = run([...reload, adminAddress])
      const [code] = await within(once(reloading, 'exit'), `the reload of ${name}`, RELOAD_MAX_MS)
      if (code !== 0) throw new Error(`the reload of ${name} ended with ${code}\n${output}`)
    },
    output: () => output,
    dispose,
  }
}

async function untilOpen(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries++) {
    if (child.exitCode !== null) break
    if (await isOpen(port)) return
    await delay(50)
  }
  throw new Error(`${child.spawnfile} did not start`)
}

/** The processes that serve: children of the one that was started. */
function workersOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
}

async function untilWorker(pid: number, before: readonly string[]): Promise<void> {
  for (const untilMs = performance.now() + RELOAD_MAX_MS; performance.now() < untilMs; await delay(20)) {
    if (workersOf(pid).some(worker => !before.includes(worker))) return
  }
  throw new Error('no new worker was started')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const workers = process.platform === 'linux' ? workersOf(child.pid!) : []
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS)
  await exited
  clearTimeout(killer)
  // Those of before a reload serve on, and would outlive it.
  for (const worker of workers) {
    try {
      if (worker !== '') process.kill(Number(worker), 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
