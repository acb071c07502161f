// Runs Caddy for HTTP/3, which Node does not speak: QUIC in front, HTTP/1.1 to the event streams behind.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { LabCertificate } from './lab-certificate.ts'
import { LOOPBACK } from './lossy-link.ts'

export interface Caddy {
  /** Of HTTP/3, over UDP. */
  readonly port: number
  close(): Promise<void>
}

const START_MAX_MS = 15_000
const END_MAX_MS = 3_000
const LOOK_AGAIN_MS = 50

/**
 * Undefined when Caddy is not installed.
 * @throws {Error} with Caddy's own messages when it does not start.
 */
export async function startCaddy({ cert, key }: LabCertificate, targetPort: number): Promise<Caddy | undefined> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'papertape-lab-'))
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), config: join(folder, 'Caddyfile') }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key, { mode: 0o600 })
  writeFileSync(files.config, caddyfile(port, targetPort, files))
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn('caddy', ['run', '--config', files.config, '--adapter', 'caddyfile'], { cwd: folder, env })
  const close = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  let failure: NodeJS.ErrnoException | undefined
  child.once('error', error => (failure = error))

  const giveUpMs = performance.now() + START_MAX_MS
  while (performance.now() < giveUpMs && failure === undefined && child.exitCode === null) {
    if (await isOpen(port)) return { port, close }
    await delay(LOOK_AGAIN_MS)
  }
  await close()
  if (failure?.code === 'ENOENT') return undefined
  throw new Error(`Caddy did not start: ${failure?.message ?? output.trim()}`)
}

function caddyfile(port: number, targetPort: number, files: { readonly cert: string; readonly key: string }): string {
  return `{
  admin off
  auto_https disable_redirects
  skip_install_trust
  default_bind ${LOOPBACK}
  default_sni ${LOOPBACK}
}
https://${LOOPBACK}:${port} {
  tls ${files.cert} ${files.key}
  reverse_proxy ${LOOPBACK}:${targetPort} {
    flush_interval -1
  }
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
