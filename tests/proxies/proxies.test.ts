// Pages, streams, the socket, cookies and the operator through the proxies of docs/proxies.md, at the root over TLS and
// under a path. A proxy that cannot be had is skipped. What programs see is tested by contract.test.ts.

import assert from 'node:assert/strict'
import http from 'node:http'
import https from 'node:https'
import { after, before, describe, it } from 'node:test'
import { openChannel } from '../support/channel.ts'
import { readOperatorToken } from '../support/market.ts'
import { PROXY_NAMES } from '../support/proxies/proxy.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { startDocumentedProxy } from './documented-proxy.ts'

const WAIT_MS = 10_000

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

    for (const name of PROXY_NAMES) {
      it(name, { timeout: 60_000 }, async test => {
        const origin = await startDocumentedProxy(test, { name, place, server })
        if (origin !== undefined) await tryAll(origin, basePath, token)
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
