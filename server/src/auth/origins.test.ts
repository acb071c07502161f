// CORS: same-origin and listed pages have all rights, other pages read what is public, and no origin that only looks
// like the own one counts as it.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'
import { isSameOrigin, parseOrigins } from './origins.ts'
import { parseTrustProxy } from './trusted-proxies.ts'

const ORDER = { clientOrderId: 'x', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }

describe('the same origin', () => {
  const CASES: readonly [name: string, origin: string, host: string, same: boolean, scheme?: string][] = [
    ['our own page', 'http://localhost:8080', 'localhost:8080', true],
    ['our own page over TLS', 'https://localhost:8443', 'localhost:8443', true],
    ['our own page on a standard port', 'https://tape.example', 'tape.example', true],
    ['a standard port that is written out', 'https://tape.example', 'tape.example:443', true],
    ['the standard port of the other scheme', 'https://tape.example', 'tape.example:80', false],
    ['a host in capitals', 'http://localhost:8080', 'LocalHost:8080', true],
    ['our own page by its address', 'http://127.0.0.1:8080', '127.0.0.1:8080', true],
    ['our own page by its IPv6 address', 'http://[::1]:8080', '[::1]:8080', true],
    ['the same IPv6 address in full', 'http://[::1]:8080', '[0:0:0:0:0:0:0:1]:8080', true],
    ['the scheme that a trusted proxy names', 'https://tape.example', 'tape.example', true, 'https'],
    ['another scheme than that', 'http://tape.example', 'tape.example', false, 'https'],
    ['another port of our host', 'http://localhost:3000', 'localhost:8080', false],
    ['our host without its port', 'http://localhost', 'localhost:8080', false],
    ['another name of the same machine', 'http://127.0.0.1:8080', 'localhost:8080', false],
    ['our name with a dot at its end', 'http://localhost.:8080', 'localhost:8080', false],
    ['a foreign page', 'https://evil.example', 'localhost:8080', false],
    ['a name that begins like ours', 'http://localhost:8080.evil.example', 'localhost:8080', false],
    ['a name that ends like ours', 'http://evil-localhost:8080', 'localhost:8080', false],
    ['a subdomain of ours', 'http://a.localhost:8080', 'localhost:8080', false],
    ['ours as the user of another', 'http://localhost:8080@evil.example', 'localhost:8080', false],
    ['another as the user of ours', 'http://evil.example@localhost:8080', 'localhost:8080', false],
    ['ours with a path, which no origin has', 'http://localhost:8080/x', 'localhost:8080', false],
    ['ours with a slash', 'http://localhost:8080/', 'localhost:8080', false],
    ['ours in capitals, which no browser sends', 'HTTP://LOCALHOST:8080', 'localhost:8080', false],
    ['an opaque origin', 'null', 'localhost:8080', false],
    ['an empty one', '', 'localhost:8080', false],
    ['two of them', 'http://localhost:8080, http://evil.example', 'localhost:8080', false],
    ['another scheme of our host', 'chrome-extension://localhost:8080', 'localhost:8080', false],
    ['a file, when no host was named', 'file://', '', false],
    ['an opaque origin, when no host was named', 'null', '', false],
    ['a host that ends another way', 'http://localhost:8080', 'localhost:8080/@evil.example', false],
  ]
  for (const [name, origin, host, same, scheme] of CASES) {
    test(`${name}: ${same ? 'is' : 'is not'}`, () => assert.equal(isSameOrigin(origin, host, scheme), same))
  }
})

test('a list of origins is scheme, host and port, and nothing else', () => {
  assert.deepEqual(parseOrigins(''), [])
  assert.deepEqual(parseOrigins('https://desk.example, http://localhost:3000,'), [
    'https://desk.example',
    'http://localhost:3000',
  ])
  assert.deepEqual(parseOrigins('HTTPS://Desk.Example:443'), ['https://desk.example'])
  assert.deepEqual(parseOrigins('http://[::1]:3000'), ['http://[::1]:3000'])
  for (const text of [
    'banana',
    '*',
    'null',
    'localhost:3000',
    'desk.example',
    '//desk.example',
    'http://x/app',
    'https://desk.example/',
    'https://desk.example?x',
    'https://desk.example#x',
    'https://user@desk.example',
    'https://*.desk.example',
    'https://desk.example:99999',
    'https://desk.example:0',
    'https://',
    'ws://desk.example',
    'file:///app',
    'chrome-extension://abc',
    'https://desk example',
    'https://a.example https://b.example',
    'https://a.example;https://b.example',
    'https://good.example,banana',
  ]) {
    assert.equal(parseOrigins(text), undefined, text)
  }
})

describe('a page', () => {
  let server: TestServer
  let token: string
  before(async () => {
    server = await openTestServer({ access: { origins: ['https://desk.example', 'http://localhost:3000'] } })
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())

  for (const origin of ['https://desk.example', 'http://localhost:3000']) {
    test(`of a listed origin does over REST all that ours does: ${origin}`, async () => {
      const headers = { origin, authorization: `Bearer ${token}` }
      for (const [route, body] of [
        ['GET /v1/account', undefined],
        ['POST /v1/accounts', {}],
        ['POST /v1/orders', { ...ORDER, clientOrderId: origin.slice(-12) }],
        ['GET /v1/orders', undefined],
        ['GET /v1/fills', undefined],
        ['GET /v1/market', undefined],
        ['DELETE /v1/orders', undefined],
        ['GET /v1/quotes', undefined],
        ['GET /v1/orders/999', undefined],
        ['PUT /v1/orders', undefined],
        ['GET /v1/instruments/NOPE', undefined],
      ] as const) {
        const answer = await ask(server, route, { headers, ...(body && { body }) })
        assert.notEqual(answer.status, 403, route)
        assert.equal(answer.headers['access-control-allow-origin'], origin, route)
        assert.equal(answer.headers['access-control-allow-credentials'], 'true', route)
        assert.match(answer.headers['access-control-expose-headers'] ?? '', /retry-after.*traceparent/)
        assert.match(answer.headers.vary ?? '', /Origin/i, route)
      }
    })

    test(`of a listed origin is granted its preflights: ${origin}`, async () => {
      for (const [path, method, asked] of [
        ['/v1/orders', 'POST', 'authorization,content-type'],
        ['/v1/orders/1', 'PATCH', 'authorization,content-type'],
        ['/v1/orders/1', 'DELETE', 'authorization'],
        ['/v1/accounts', 'POST', 'content-type'],
        ['/v1/market', 'PATCH', 'authorization,content-type'],
        ['/v1/stream', 'GET', 'authorization,cache-control,last-event-id,x-requested-with'],
        ['/v1/orders', 'GET', 'authorization,traceparent,tracestate'],
      ] as const) {
        const headers = {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': asked,
        }
        const answer = await ask(server, `OPTIONS ${path}`, { headers })
        assert.equal(answer.status, 204)
        assert.equal(answer.headers['access-control-allow-origin'], origin)
        assert.equal(answer.headers['access-control-allow-credentials'], 'true')
        assert.ok(answer.headers['access-control-allow-methods']?.split(', ').includes(method), path)
        const allowed = answer.headers['access-control-allow-headers']?.split(', ') ?? []
        assert.deepEqual(
          asked.split(',').filter(name => !allowed.includes(name)),
          [],
        )
        assert.match(answer.headers.vary ?? '', /Origin/i)
      }
    })
  }

  test('of a listed origin has the stream and the long poll with credentials', async () => {
    const stream = await exchange(
      server.port,
      'GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nOrigin: https://desk.example\r\n\r\n',
      { until: /event: hello/ },
    )
    assert.match(readRaw(stream).head, /access-control-allow-origin: https:\/\/desk\.example/i)
    assert.match(readRaw(stream).head, /access-control-allow-credentials: true/i)
    const poll = await ask(server, 'GET /v1/poll', { headers: { origin: 'https://desk.example' } })
    assert.equal(poll.headers['access-control-allow-origin'], 'https://desk.example')
  })

  for (const origin of [
    'https://evil.example',
    'null',
    'http://desk.example',
    'https://desk.example:8443',
    'https://desk.example.',
    'https://DESK.example',
    'https://desk.example.evil.example',
    'https://evil-desk.example',
    'http://localhost:3001',
    'http://localhost',
    'http://[::1]:3000',
  ]) {
    test(`of ${origin} reads what is public and nothing else; nothing of its is executed`, async () => {
      const headers = { origin, authorization: `Bearer ${token}` }
      const order = { ...ORDER, clientOrderId: `${origin}`.slice(0, 60).replaceAll(' ', '') }
      const before = (await ask(server, 'GET /v1/orders', { headers: { authorization: `Bearer ${token}` } })).body
        .orders
      for (const [route, body] of [
        ['POST /v1/orders', order],
        ['DELETE /v1/orders', undefined],
        ['POST /v1/accounts', {}],
        ['GET /v1/account', undefined],
        ['GET /v1/market', undefined],
        ['OPTIONS /v1/orders', undefined],
      ] as const) {
        const answer = await ask(server, route, { headers, ...(body && { body }) })
        assert.deepEqual([answer.status, answer.body.code], [403, 'foreign-origin'], route)
        assert.equal(answer.headers['access-control-allow-origin'], undefined)
        assert.equal(answer.headers['set-cookie'], undefined)
        assert.match(answer.headers.vary ?? '', /Origin/i)
      }
      const after = (await ask(server, 'GET /v1/orders', { headers: { authorization: `Bearer ${token}` } })).body.orders
      assert.deepEqual(after, before)
      for (const path of ['/v1/quotes', '/v1/instruments', '/v1/transport', '/v1/poll', '/v1/instruments/NOPE']) {
        const read = await ask(server, `GET ${path}`, { headers: { origin } })
        assert.equal(read.headers['access-control-allow-origin'], '*')
        assert.equal(read.headers['access-control-allow-credentials'], undefined)
      }
      const preflight = await ask(server, 'OPTIONS /v1/stream', {
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'last-event-id' },
      })
      assert.equal(preflight.headers['access-control-allow-methods'], 'GET, HEAD, OPTIONS')
      assert.match(preflight.headers['access-control-allow-headers'] ?? '', /last-event-id.*traceparent, tracestate/)
      assert.doesNotMatch(preflight.headers['access-control-allow-headers'] ?? '', /authorization/)
    })
  }

  test('of another site that sends no Origin does nothing unsafe either', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site }
      assert.equal((await ask(server, 'POST /v1/accounts', { headers })).status, 403, site)
      assert.equal((await ask(server, 'GET /v1/market', { headers })).status, 200, 'a link that is followed')
    }
  })

  test('gets private answers that nobody keeps', async () => {
    const headers = { authorization: `Bearer ${token}` }
    for (const route of [
      'GET /v1/account',
      'GET /v1/orders',
      'GET /v1/fills',
      'GET /v1/positions',
      'POST /v1/accounts',
    ]) {
      assert.equal((await ask(server, route, { headers })).headers['cache-control'], 'no-store', route)
    }
    assert.equal((await ask(server, 'GET /v1/account')).headers['cache-control'], 'no-store', 'a refusal')
  })
})

describe('behind a proxy', () => {
  const forwarded = {
    'x-forwarded-host': 'tape.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '203.0.113.9',
  }
  const page = { origin: 'https://tape.example', 'sec-fetch-site': 'same-origin' }

  for (const [what, trust, status] of [
    ['that is trusted by its address', '127.0.0.1', 201],
    ['that is trusted by its network', '127.0.0.0/8', 201],
    ['that is trusted by a count', '1', 201],
    ['that is not trusted', '', 403],
    ['at another address than the trusted one', '10.0.0.1', 403],
  ] as const) {
    test(`${what}, our page gets ${status}`, async () => {
      const server = await openTestServer({ access: { trustProxy: parseTrustProxy(trust)!, hosts: ['tape.example'] } })
      const answer = await ask(server, 'POST /v1/accounts', { headers: { ...forwarded, ...page } })
      assert.equal(answer.status, status)
      const cookie = String(answer.headers['set-cookie'] ?? '')
      assert.equal(/; Secure/i.test(cookie), status === 201)
      const wrong = { ...forwarded, ...page, origin: 'http://tape.example' }
      assert.equal((await ask(server, 'POST /v1/accounts', { headers: wrong })).status, 403, 'the other scheme')
      const rebound = { ...forwarded, ...page, origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }
      const evil = await ask(server, 'POST /v1/accounts', { headers: rebound })
      assert.equal(evil.status, status === 201 ? 421 : 403, 'a rebound name')
      await server.close()
    })
  }

  test('that is not trusted and has ended TLS, our page is recognised by its host', async () => {
    const server = await openTestServer({ access: { hosts: ['tape.example'] } })
    const headers = { host: 'tape.example', origin: 'https://tape.example', 'x-forwarded-proto': 'https' }
    assert.equal((await ask(server, 'POST /v1/accounts', { headers })).status, 201)
    await server.close()
  })
})
