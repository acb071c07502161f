// Errors as problems (RFC 9457): the code, the status and the headers that RFC 9110 names, also over HTTP/2; and what
// is logged.

import assert from 'node:assert/strict'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { ask, openTestApp } from '../testing/test-app.ts'
import { exchange, openTestServer, type TestServer } from '../testing/test-server.ts'

test('malformed requests and frames are not logged', async () => {
  const logLines: string[] = []
  const server = await openTestServer({ logLines })
  const host = 'Host: localhost\r\n'
  const upgrade = `${host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`
  const socket = `${upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: papertape.v1\r\n`
  for (const text of [
    'FOO\r\n\r\n',
    `GET /% HTTP/1.1\r\n${host}\r\n`,
    `GET /v1/instruments/NOPE HTTP/1.1\r\n${host}\r\n`,
    'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    `POST /v1/accounts HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
    `GET /v1/socket HTTP/1.1\r\n${upgrade}\r\n`,
    // Frames with reserved bits, and one that is not masked.
    `GET /v1/socket HTTP/1.1\r\n${socket}\r\n\xf1\x80\x00\x00\x00\x00`,
    `GET /v1/socket HTTP/1.1\r\n${socket}\r\n\x81\x01{`,
  ]) {
    await exchange(server.port, text, { until: /\}$|\x88/ })
  }
  await server.close()
  assert.deepEqual(logLines, [])
})

test('an internal error is logged, ten at once, and its answer does not contain the cause', async test => {
  const logLines: string[] = []
  const app = await openTestApp({ logLines })
  test.mock.method(app.venue, 'query', () => {
    throw new Error('no such table: secrets')
  })
  for (let i = 0; i < 12; i++) {
    const { status, body, text } = await ask(app, 'GET /v1/market')
    assert.deepEqual([status, body.code], [500, 'internal'])
    assert.doesNotMatch(text, /secrets/)
  }
  assert.equal(logLines.filter(line => line.includes('no such table: secrets')).length, 10)
  test.mock.restoreAll()
  await app.close()
})

describe('an error', () => {
  let server: TestServer
  let token: string
  before(async () => {
    server = await openTestServer()
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())
  const bearer = () => ({ authorization: `Bearer ${token}` })

  for (const [route, status, code] of [
    ['GET /%', 400, 'bad-request'],
    ['GET /%zz', 400, 'bad-request'],
    ['GET /v1/instruments/%zz', 400, 'bad-request'],
    ['GET /v1/instruments/%ff', 400, 'bad-request'],
    [`GET /v1/instruments/${'X'.repeat(200)}`, 414, 'uri-too-long'],
    ['GET /v1/instruments/NOPE', 404, 'not-found'],
    ['GET /v1/nothing', 404, 'not-found'],
    ['POST /v1/nothing', 404, 'not-found'],
    ['DELETE /nothing', 404, 'not-found'],
    ['PROPFIND /nothing', 404, 'not-found'],
    ['OPTIONS /v1/nothing', 404, 'not-found'],
    ['GET /v1/account', 401, 'not-logged-on'],
    ['GET /v1/quotes?symbols=NOPE', 400, 'unknown-symbol'],
    ['GET /v1/instruments/VELTR/book?depth=0', 400, 'bad-request'],
    ['GET /v1/stream?maxHz=100', 400, 'bad-parameter'],
  ] as const) {
    test(`of ${route.slice(0, 60)} is ${status} ${code}`, async () => {
      const { status: answered, headers, body } = await ask(server, route)
      assert.deepEqual([answered, body.code, body.status], [status, code, status])
      assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
      assert.ok(body.title.length > 5 && body.detail.length > 10 && body.docs.startsWith('/docs/errors#'))
    })
  }

  test('over HTTP/2 is the same problem', async () => {
    const session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
    const request = (headers: http2.OutgoingHttpHeaders, body?: string) =>
      new Promise<{ headers: http2.IncomingHttpHeaders; text: string }>((resolve, reject) => {
        const stream = session.request(headers, { endStream: body === undefined })
        let answered: http2.IncomingHttpHeaders = {}
        let text = ''
        stream.setTimeout(3_000, () => reject(new Error('no answer')))
        stream.on('error', reject)
        stream.on('response', given => {
          answered = given
        })
        stream.on('data', chunk => {
          text += chunk
        })
        stream.on('end', () => resolve({ headers: answered, text }))
        if (body !== undefined) stream.end(body)
      })
    for (const [path, method, status, code, body, extra] of [
      ['/%', 'GET', 400, 'bad-request'],
      ['/v1/quotes', 'PUT', 405, 'method-not-allowed'],
      ['/v1/nothing', 'GET', 404, 'not-found'],
      ['/v1/account', 'GET', 401, 'not-logged-on'],
      ['/v1/accounts', 'POST', 415, 'unsupported-media-type', '{}'],
      ['/v1/accounts', 'POST', 400, 'bad-json', '{', { 'content-type': 'application/json' }],
      ['/health', 'GET', 421, 'unknown-host', undefined, { ':authority': 'evil.example' }],
    ] as const) {
      const answer = await request({ ':path': path, ':method': method, ...extra }, body)
      assert.equal(answer.headers[':status'], status, `${method} ${path}`)
      assert.equal(JSON.parse(answer.text).code, code)
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    }
    session.close()
  })

  test('without a token names the scheme; with a bad one says that it is bad', async () => {
    for (const [route, headers, pattern] of [
      ['GET /v1/account', {}, /^Bearer realm="papertape"$/],
      ['GET /v1/orders/1', {}, /^Bearer /],
      ['DELETE /v1/orders', {}, /^Bearer /],
      ['GET /v1/account', { authorization: 'Bearer pt_nobody' }, /error="invalid_token"/],
      ['GET /v1/account', { authorization: 'Basic cHQ6cHQ=' }, /^Bearer /],
    ] as const) {
      const answer = await ask(server, route, { headers })
      assert.equal(answer.status, 401)
      assert.match(answer.headers['www-authenticate'] ?? '', pattern)
    }
  })

  test('of an order that is not there is a 404, whichever the method', async () => {
    for (const [route, body] of [
      ['GET /v1/orders/999', undefined],
      ['DELETE /v1/orders/999', undefined],
      ['PATCH /v1/orders/999', { clientOrderId: 'y', size: 2 }],
      [`GET /v1/orders/${'9'.repeat(33)}`, undefined],
      [`DELETE /v1/orders/${'x'.repeat(100)}`, undefined],
      [`PATCH /v1/orders/${'9'.repeat(64)}`, { clientOrderId: 'y', size: 2 }],
    ] as const) {
      const answer = await ask(server, route, { headers: bearer(), ...(body && { body }) })
      assert.deepEqual([answer.status, answer.body.code], [404, 'unknown-order'], route)
    }
  })
})
