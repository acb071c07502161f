// Runs the proxies with the configurations of docs/proxies.md: pages, streams, the socket, cookies and the operator
// through each, at the root over TLS and under a path. A program that is not installed is skipped.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openChannel } from '../support/channel.ts'
import { readOperatorToken } from '../support/market.ts'
import { freePort, type RunningServer, startServer } from '../support/server.ts'

const GUIDE = readFileSync(fileURLToPath(new URL('../../docs/proxies.md', import.meta.url)), 'utf8')
const START_TRIES = 100
const WAIT_MS = 10_000

interface Proxy {
  readonly program: string
  readonly version: readonly string[]
  /** What runs in the foreground, with its files in the folder. */
  readonly command: (folder: string) => readonly string[]
  /** Settings that let an unprivileged user run it. */
  readonly adapt?: (config: string, folder: string) => string
}

const PROXIES: Readonly<Record<string, Proxy>> = {
  nginx: {
    program: 'nginx',
    version: ['-v'],
    command: folder => ['-p', folder, '-c', 'config', '-e', 'error.log', '-g', 'daemon off; pid nginx.pid;'],
    adapt: config => {
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const folders = kinds.map(kind => `${kind}_temp_path ${kind};`).join(' ')
      return config.replace('http {', `http { access_log off; ${folders}`)
    },
  },
  haproxy: {
    program: 'haproxy',
    version: ['-v'],
    command: folder => ['-db', '-f', join(folder, 'config')],
    adapt: (config, folder) =>
      config.replace('both.pem', join(folder, 'both.pem')).replaceAll('bind :', 'bind 127.0.0.1:'),
  },
  caddy: {
    program: 'caddy',
    version: ['version'],
    command: folder => ['run', '--config', join(folder, 'config'), '--adapter', 'caddyfile'],
    adapt: (config, folder) =>
      config.replace('cert.pem', join(folder, 'cert.pem')).replace('key.pem', join(folder, 'key.pem')),
  },
}

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

for (const [place, basePath] of [
  ['root', ''],
  ['path', '/tape'],
] as const) {
  describe(`behind a proxy, ${basePath === '' ? 'at the root over TLS' : `under ${basePath}`}`, () => {
    let server: RunningServer
    let token: string
    before(async () => {
      const flags = ['--symbols', '2', '--pace', '4x', '--trust-proxy', '127.0.0.1', '--hosts', 'exchange.example']
      server = await startServer({ flags: [...flags, '--base-path', basePath] })
      token = readOperatorToken(server)
    })
    after(() => server.dispose())

    for (const [name, proxy] of Object.entries(PROXIES)) {
      it(name, { timeout: 60_000 }, async test => {
        if (spawnSync(proxy.program, [...proxy.version]).error !== undefined) {
          test.skip(`${proxy.program} is not installed`)
          return
        }
        const port = await freePort()
        const running = await startProxy(name, place, port, server)
        test.after(() => running.stop())
        const origin = `${basePath === '' ? 'https' : 'http'}://localhost:${port}`
        await tryAll(origin, basePath, token)
      })
    }
  })
}

/** Requests of a page, a program and the operator at one public address. */
async function tryAll(origin: string, basePath: string, token: string): Promise<void> {
  const base = `${origin}${basePath}`
  const page = { origin, 'sec-fetch-site': 'same-origin' }
  const isSecure = origin.startsWith('https')

  // The dashboard: page, script, redirects.
  const home = await ask(base, 'GET /', { headers: { 'accept-encoding': 'identity' } })
  assert.equal(home.status, 200)
  assert.match(String(home.headers['content-security-policy']), /script-src 'self' 'sha256-/)
  assert.doesNotMatch(home.text, /__base_path__/)
  const script = /src="([^"]+\.js)"/.exec(home.text)![1]!
  assert.ok(script.startsWith(`${basePath}/_next/`), script)
  const loaded = await ask(origin, `GET ${script}`, { headers: { 'accept-encoding': 'br, gzip' } })
  assert.deepEqual([loaded.status, loaded.headers['content-encoding']], [200, 'br'])
  const slash = await ask(base, 'GET /transports?x=1')
  assert.equal(slash.status, 308)
  assert.equal(new URL(slash.headers.location!, base).href, `${base}/transports/?x=1`)
  const root = await ask(origin, `GET ${basePath || '/'}`)
  if (basePath !== '') assert.equal(new URL(root.headers.location!, origin).pathname, `${basePath}/`)

  // The stream is not buffered.
  const startMs = performance.now()
  const text = await firstOf(base, 'GET /v1/stream?events=trade,quote&maxHz=20', 5)
  assert.ok(performance.now() - startMs < WAIT_MS)
  assert.match(text, /event: hello[\s\S]*event: snapshot[\s\S]*event: quote/)

  // Pages of our own origin have an account by cookie; foreign pages do not, whatever headers are forwarded.
  const opened = await ask(base, 'POST /v1/accounts', { headers: page })
  assert.equal(opened.status, 201, opened.text)
  const line = opened.headers['set-cookie']![0]!
  assert.equal(/; Secure/.test(line), isSecure)
  assert.match(line, new RegExp(`; Path=${basePath || '/'};`))
  const cookie = line.split(';')[0]!
  assert.equal((await ask(base, 'GET /v1/account', { headers: { cookie } })).status, 200)
  const evil = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  assert.notEqual((await ask(base, 'POST /v1/accounts', { headers: evil })).status, 201)

  // The socket, by the cookie.
  const channel = await openChannel(base, { origin, cookie })
  const logon = await channel.ask({ type: 'logon' })
  assert.deepEqual([logon.type, logon.accountId], ['logon.ok', JSON.parse(opened.text).accountId])
  const order = { clientOrderId: 'a', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }
  assert.equal((await channel.ask({ type: 'order.place', ...order })).execType, 'new')
  channel.socket.close()
  await channel.closed
  await assert.rejects(openChannel(base, { origin: 'https://evil.example' }), /403/)

  // Only the token makes a client the operator, not a local address.
  for (const headers of [
    {},
    page,
    { origin: 'http://localhost', host: 'localhost' },
    { origin: 'http://127.0.0.1:8080' },
  ]) {
    const refused = await ask(base, 'PATCH /v1/market', { headers, body: { pace: '4x' } })
    assert.notEqual(refused.status, 200, JSON.stringify(headers))
  }
  const bearer = { authorization: `Bearer ${token}` }
  assert.equal((await ask(base, 'PATCH /v1/market', { headers: bearer, body: { pace: '4x' } })).status, 200)
  const traded = await ask(base, 'POST /v1/operator', { headers: page, body: { token } })
  assert.equal(traded.status, 204)
  const operator = traded.headers['set-cookie']![0]!.split(';')[0]!
  const steered = await ask(base, 'PATCH /v1/market', { headers: { ...page, cookie: operator }, body: { pace: '4x' } })
  assert.equal(steered.status, 200)
  const missing = await ask(base, 'GET /v1/nothing')
  assert.deepEqual([missing.status, JSON.parse(missing.text).docs], [404, `${basePath}/docs/errors#not-found`])
}

interface Asked {
  readonly headers?: http.OutgoingHttpHeaders
  readonly body?: object
}

function open(base: string, route: string, { headers = {}, body }: Asked = {}): Promise<http.IncomingMessage> {
  const [method, path] = route.split(' ') as [string, string]
  const { request } = base.startsWith('https') ? https : http
  const sent = body === undefined ? headers : { 'content-type': 'application/json', ...headers }
  return new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, { method, headers: sent, agent: false, rejectUnauthorized: false }, resolve)
    asked.setTimeout(WAIT_MS, () => asked.destroy(new Error(`no answer to ${route}`)))
    asked.once('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function ask(base: string, route: string, asked?: Asked): Promise<Answer> {
  const response = await open(base, route, asked)
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode!, headers: response.headers, text }
}

/** The first frames of a stream, as they come. */
async function firstOf(base: string, route: string, frames: number): Promise<string> {
  const response = await open(base, route, { headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(response.headers['content-encoding'], undefined)
  let text = ''
  for await (const chunk of response) {
    text += chunk
    if (text.split('\n\n').length > frames) break
  }
  response.destroy()
  return text
}

async function startProxy(name: string, place: string, port: number, server: RunningServer) {
  const { program, command, adapt = (config: string) => config } = PROXIES[name]!
  const folder = mkdtempSync(join(tmpdir(), `papertape-${name}-`))
  const [cert, key] = ['tls-cert.pem', 'tls-key.pem'].map(file => readFileSync(join(server.dataFolder, file), 'utf8'))
  writeFileSync(join(folder, 'cert.pem'), cert!)
  writeFileSync(join(folder, 'key.pem'), key!)
  writeFileSync(join(folder, 'both.pem'), `${cert}\n${key}`)
  const config = readGuide(name, place)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${server.port}`)
    .replaceAll('8000', `${port}`)
  writeFileSync(join(folder, 'config'), adapt(config, folder))
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(program, [...command(folder)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; tries < START_TRIES; tries++) {
    if (child.exitCode !== null) break
    if (await isOpen(port)) return { stop }
    await delay(50)
  }
  await stop()
  throw new Error(`${program} did not start:\n${output}`)
}

/** The code block of the guide with this mark. */
function readGuide(language: string, place: string): string {
  const block = new RegExp(`\`\`\`${language}\\n# ${place}\\n([\\s\\S]*?)\`\`\``).exec(GUIDE)
  assert.ok(block !== null, `docs/proxies.md has no ${language} for ${place}`)
  return block[1]!
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
