// A proxy as docs/proxies.md configures it: its block of the guide with the test's ports and certificate, and what lets
// an unprivileged user run it. Changes nothing else, so that the guide is what is tested.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { provideProgram } from '../support/programs/provide-program.ts'
import { freePort, type RunningServer } from '../support/server.ts'

const GUIDE = readFileSync(fileURLToPath(new URL('../../docs/proxies.md', import.meta.url)), 'utf8')
const START_TRIES = 100

interface Proxy {
  /** What runs in the foreground, with its files in the folder. */
  readonly command: (folder: string) => readonly string[]
  /** Settings that let an unprivileged user run it. */
  readonly adapt: (config: string, folder: string) => string
}

const PROXIES = {
  nginx: {
    command: folder => ['-p', folder, '-c', 'config', '-e', 'error.log', '-g', 'daemon off; pid nginx.pid;'],
    adapt: config => {
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const folders = kinds.map(kind => `${kind}_temp_path ${kind};`).join(' ')
      return config.replace('http {', `http { access_log off; ${folders}`)
    },
  },
  haproxy: {
    command: folder => ['-db', '-f', join(folder, 'config')],
    adapt: (config, folder) =>
      config.replace('both.pem', join(folder, 'both.pem')).replaceAll('bind :', 'bind 127.0.0.1:'),
  },
  caddy: {
    command: folder => ['run', '--config', join(folder, 'config'), '--adapter', 'caddyfile'],
    adapt: (config, folder) =>
      config.replace('cert.pem', join(folder, 'cert.pem')).replace('key.pem', join(folder, 'key.pem')),
  },
} as const satisfies Readonly<Record<string, Proxy>>

export type ProxyName = keyof typeof PROXIES
export const PROXY_NAMES = Object.keys(PROXIES) as readonly ProxyName[]

/** At the root over TLS, or below /tape without. */
export type ProxiedPlace = 'root' | 'path'

/**
 * Starts one in front of the server until the end of the test.
 * @param change of the guide's configuration, where the guide names an alternative.
 * @returns its origin; undefined when there is no such program, and the test is skipped.
 */
export async function startDocumentedProxy(
  test: TestContext,
  { name, place, server }: { readonly name: ProxyName; readonly place: ProxiedPlace; readonly server: RunningServer },
  change: (config: string) => string = config => config,
): Promise<string | undefined> {
  const program = provideProgram(test, name)
  if (program === undefined) return undefined
  const { command, adapt }: Proxy = PROXIES[name]
  const folder = mkdtempSync(join(tmpdir(), `papertape-${name}-`))
  const [cert, key] = ['tls-cert.pem', 'tls-key.pem'].map(file => readFileSync(join(server.dataFolder, file), 'utf8'))
  writeFileSync(join(folder, 'cert.pem'), cert!)
  writeFileSync(join(folder, 'key.pem'), key!)
  writeFileSync(join(folder, 'both.pem'), `${cert}\n${key}`)
  const port = await freePort()
  const config = change(readGuide(name, place))
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${server.port}`)
    .replaceAll('8000', `${port}`)
  writeFileSync(join(folder, 'config'), adapt(config, folder))
  const env = { ...program.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(program.path, [...command(folder)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  test.after(async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  })
  await untilOpen(child, port)
  return `${place === 'root' ? 'https' : 'http'}://localhost:${port}`
}

/** The code block of the guide with this mark. */
function readGuide(language: ProxyName, place: ProxiedPlace): string {
  const block = new RegExp(`\`\`\`${language}\\n# ${place}\\n([\\s\\S]*?)\`\`\``).exec(GUIDE)
  assert.ok(block !== null, `docs/proxies.md has no ${language} for ${place}`)
  return block[1]!
}

async function untilOpen(child: ChildProcess, port: number): Promise<void> {
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', chunk => (output += chunk))
  for (let tries = 0; tries < START_TRIES; tries++) {
    if (child.exitCode !== null) break
    if (await isOpen(port)) return
    await delay(50)
  }
  throw new Error(`${child.spawnfile} did not start:\n${output}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await exited
  clearTimeout(killer)
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
