// Runs Caddy for HTTP/3, which Node does not speak: QUIC in front, HTTP/1.1 to a server behind. On loopback only.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { LocalCertificate } from './local-certificate.ts'
import { LOOPBACK } from './lossy-link.ts'

export interface CaddySettings {
  readonly certificate: LocalCertificate
  /** Scheme, host and port of the server behind. */
  readonly target: string
  /** Undefined for a free one. */
  readonly port?: number | undefined
}

export interface Caddy {
  /** Of HTTP/3 over UDP, and of HTTP/2 and HTTP/1.1 over TCP. */
  readonly port: number
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>
  close(): Promise<void>
}

/** To be continued with the command that the user started. */
export const NO_CADDY = 'Caddy is not installed. Install it (apt install caddy, brew install caddy) and start'
const START_MAX_MS = 15_000
const END_MAX_MS = 3_000
const LOOK_AGAIN_MS = 50

/** Undefined when Caddy is not installed. */
export async function caddyVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('caddy', ['version'])
    return stdout.trim().split(' ')[0]!.replace(/^v/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** @throws {Error} with what Caddy said last when it does not start. */
export async function startCaddy({ certificate, target, port: asked }: CaddySettings): Promise<Caddy> {
  const port = asked ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'papertape-caddy-'))
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), config: join(folder, 'Caddyfile') }
  writeFileSync(files.cert, certificate.cert)
  writeFileSync(files.key, certificate.key, { mode: 0o600 })
  writeFileSync(files.config, caddyfile(port, target, files))
  const child = spawn('caddy', ['run', '--config', files.config, '--adapter', 'caddyfile'], {
    cwd: folder,
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    // A Ctrl-C reaches every process of the terminal's group: Caddy goes on until what is behind it has ended.
    detached: process.platform !== 'win32',
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  const close = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  let failure: Error | undefined
  child.once('error', error => (failure = error))

  const giveUpMs = performance.now() + START_MAX_MS
  while (performance.now() < giveUpMs && failure === undefined && child.exitCode === null) {
    if (await isOpen(port)) {
      // What it logs from now on is not kept.
      for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data').resume()
      return { port, ended, close }
    }
    await delay(LOOK_AGAIN_MS)
  }
  await close()
  throw new Error(`Caddy did not start: ${failure?.message ?? output.trim().split('\n').at(-1)}`)
}

function caddyfile(port: number, target: string, files: { readonly cert: string; readonly key: string }): string {
  return `{
  admin off
  auto_https disable_redirects
  skip_install_trust
  default_bind ${LOOPBACK}
  default_sni ${LOOPBACK}
}
https://localhost:${port}, https://${LOOPBACK}:${port} {
  tls ${files.cert} ${files.key}
  reverse_proxy ${target}
}
`
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS)
  await exited
  clearTimeout(killer)
}

/** Caddy takes the same port of TCP and UDP, and none that it picks itself. */
async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, LOOPBACK)
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** @throws {Error} EADDRINUSE, or why else the port cannot be had. */
export async function requireFreePort(port: number): Promise<void> {
  const tcp = net.createServer().listen(port, LOOPBACK)
  await once(tcp, 'listening')
  tcp.close()
  const udp = dgram.createSocket('udp4').bind(port, LOOPBACK)
  await once(udp, 'listening')
  udp.close()
  await Promise.all([once(tcp, 'close'), once(udp, 'close')])
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, LOOPBACK)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
