// Upgrades on both ports and over HTTP/2: a WebSocket at /v1/socket opens when its handshake is valid, any other is
// ignored.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

const HANDSHAKE = {
  Host: 'localhost',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': 'papertape.v1',
}

describe('an offer to upgrade', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ access: { origins: ['https://desk.example'] } })
  })
  after(() => server.close())

  const head = (line: string, headers: Record<string, string | undefined>) =>
    `${line}\r\n${Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`
  const both = async (text: string, until: RegExp) => [
    readRaw(await exchange(server.port, text, { until })),
    readRaw(await exchange(server.tlsPort, text, { until, secure: true })),
  ]

  for (const [what, upgrade, connection] of [
    ['h2c', 'h2c', 'Upgrade, HTTP2-Settings'],
    ['TLS/1.0', 'TLS/1.0', 'Upgrade'],
    ['an unknown protocol', 'foo/2', 'Upgrade'],
    ['a list', 'h2c, websocket', 'Upgrade'],
    ['a websocket elsewhere', 'websocket', 'Upgrade'],
    ['a websocket with another case', 'WebSocket', 'upgrade'],
  ] as const) {
    test(`of ${what} is ignored: GET and POST are answered as they are`, async () => {
      const headers = { ...HANDSHAKE, Upgrade: upgrade, Connection: connection, 'HTTP2-Settings': 'AAMAAABkAAQAoAAA' }
      for (const path of ['/health', '/v1/instruments', '/v1/transport', '/docs']) {
        for (const answer of await both(head(`GET ${path} HTTP/1.1`, headers), /\}$|<\/html>$|\]$/)) {
          assert.equal(answer.status, 200, path)
        }
      }
      const body = '{"cash":5}'
      const post = head('POST /v1/accounts HTTP/1.1', {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Length': String(body.length),
      })
      for (const answer of await both(post + body, /\}$/)) assert.equal(answer.status, 201, answer.body)
    })
  }

  test('leaves the stream a stream', async () => {
    const headers = { ...HANDSHAKE, Upgrade: 'h2c' }
    const text = await exchange(server.port, head('GET /v1/stream HTTP/1.1', headers), { until: /event: hello/ })
    assert.match(text, /^HTTP\/1\.1 200[\s\S]*event: hello/)
  })

  test('of a websocket at /v1/socket is taken', async () => {
    for (const path of ['/v1/socket', '/v1/socket?', 'http://localhost/v1/socket']) {
      for (const { status, head: answered } of await both(head(`GET ${path} HTTP/1.1`, HANDSHAKE), /welcome/)) {
        assert.equal(status, 101, path)
        assert.match(answered, /sec-websocket-protocol: papertape\.v1/i)
      }
    }
  })

  for (const [what, change, status, code, query = ''] of [
    ['version 8', { 'Sec-WebSocket-Version': '8' }, 426, 'upgrade-required'],
    ['version 12', { 'Sec-WebSocket-Version': '12' }, 426, 'upgrade-required'],
    ['version 013', { 'Sec-WebSocket-Version': '013' }, 426, 'upgrade-required'],
    ['version 14', { 'Sec-WebSocket-Version': '14' }, 426, 'upgrade-required'],
    ['no version', { 'Sec-WebSocket-Version': undefined }, 426, 'upgrade-required'],
    ['no key', { 'Sec-WebSocket-Key': undefined }, 400, 'bad-request'],
    ['a short key', { 'Sec-WebSocket-Key': 'YWJj' }, 400, 'bad-request'],
    ['a key that is no base64', { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }, 400, 'bad-request'],
    ['no subprotocol', { 'Sec-WebSocket-Protocol': undefined }, 400, 'bad-subprotocol'],
    ['another subprotocol', { 'Sec-WebSocket-Protocol': 'papertape.v2, chat' }, 400, 'bad-subprotocol'],
    ['an empty subprotocol beside ours', { 'Sec-WebSocket-Protocol': 'papertape.v1,,' }, 400, 'bad-subprotocol'],
    ['a subprotocol twice', { 'Sec-WebSocket-Protocol': 'papertape.v1, papertape.v1' }, 400, 'bad-subprotocol'],
    ['a subprotocol that is no token', { 'Sec-WebSocket-Protocol': 'papertape.v1, a(b)' }, 400, 'bad-subprotocol'],
    ['a foreign origin', { Origin: 'https://evil.example' }, 403, 'foreign-origin'],
    ['an opaque origin', { Origin: 'null' }, 403, 'foreign-origin'],
    ['a rebound host', { Host: 'evil.example', Origin: 'http://evil.example' }, 421, 'unknown-host'],
    ['no host', { Host: undefined }, 400, 'bad-request'],
    ['an unknown parameter', {}, 400, 'bad-parameter', '?symbols=x'],
    ['a token in its URL', {}, 400, 'token-in-url', '?token=x'],
  ] as const) {
    test(`with ${what} is refused with ${status}, as a problem`, async () => {
      for (const answer of await both(head(`GET /v1/socket${query} HTTP/1.1`, { ...HANDSHAKE, ...change }), /\}$/)) {
        assert.deepEqual([answer.status, answer.code], [status, code], answer.head)
        assert.match(answer.type ?? '', /^application\/problem\+json/)
        if (status === 426) assert.match(answer.head, /sec-websocket-version: 13/i)
      }
    })
  }

  test('in HTTP/1.0 is none (RFC 9110 7.8)', async () => {
    for (const answer of await both(head('GET /v1/socket HTTP/1.0', HANDSHAKE), /\}$/)) {
      assert.deepEqual([answer.status, answer.code], [426, 'upgrade-required'])
    }
  })

  test('is what /v1/socket wants: without one it is a 426', async () => {
    const { status, headers, body } = await ask(server, 'GET /v1/socket')
    assert.deepEqual([status, body.code], [426, 'upgrade-required'])
    assert.equal(headers.upgrade, 'websocket')
    assert.equal(headers['sec-websocket-version'], '13')
    assert.equal((await ask(server, 'HEAD /v1/socket')).status, 426)
    const posted = await ask(server, 'POST /v1/socket', { headers: { connection: 'upgrade', upgrade: 'websocket' } })
    assert.deepEqual([posted.status, posted.headers.allow], [405, 'GET, HEAD, OPTIONS'])
  })

  test('of curl --http2 changes nothing', async test => {
    const asked = ['-s', '--http2', '-m', '5', '-w', '%{http_code}', `${server.url}/health`]
    const curl = await promisify(execFile)('curl', asked).catch((error: Error) => error)
    if (curl instanceof Error && 'code' in curl && curl.code === 'ENOENT') test.skip('curl is not installed')
    else assert.match('stdout' in curl ? String(curl.stdout) : String(curl), /200$/)
  })

  describe('over HTTP/2', () => {
    let session: http2.ClientHttp2Session
    before(() => {
      session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
    })
    after(() => session.close())

    const connect = (headers: http2.OutgoingHttpHeaders) =>
      new Promise<{ status: number; headers: http2.IncomingHttpHeaders; text: string }>((resolve, reject) => {
        const stream = session.request(headers, { endStream: false })
        let answered: http2.IncomingHttpHeaders = {}
        let text = ''
        const done = () => {
          clearTimeout(timer)
          stream.close()
          resolve({ status: Number(answered[':status']), headers: answered, text })
        }
        const timer = setTimeout(done, 2_000)
        stream.on('error', reject)
        stream.on('response', given => {
          answered = given
        })
        stream.on('data', chunk => {
          text += chunk.toString('latin1')
          if (text.includes('welcome') || text.endsWith('}')) done()
        })
        stream.on('end', done)
      })
    const opening = {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/v1/socket',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'papertape.v1',
    }

    test('is taken when it is right', async () => {
      const { status, headers, text } = await connect(opening)
      assert.deepEqual([status, headers['sec-websocket-protocol']], [200, 'papertape.v1'])
      assert.match(text, /welcome/)
    })

    for (const [what, change, status, code] of [
      ['another version', { 'sec-websocket-version': '12' }, 426, 'upgrade-required'],
      ['no version', { 'sec-websocket-version': undefined }, 426, 'upgrade-required'],
      ['no subprotocol', { 'sec-websocket-protocol': undefined }, 400, 'bad-subprotocol'],
      ['a foreign origin', { origin: 'https://evil.example' }, 403, 'foreign-origin'],
      ['another path', { ':path': '/v1/stream' }, 404, 'not-found'],
      ['another protocol', { ':protocol': 'connect-udp' }, 501, 'not-implemented'],
      ['a rebound name', { ':authority': 'evil.example' }, 421, 'unknown-host'],
    ] as const) {
      test(`is refused with ${what}: ${status}, as a problem`, async () => {
        const answer = await connect({ ...opening, ...change })
        assert.equal(answer.status, status)
        assert.equal(JSON.parse(answer.text).code, code)
        assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
        assert.equal(answer.headers['sec-websocket-version'], status === 426 ? '13' : undefined)
      })
    }
  })
})
