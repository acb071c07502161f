// Errors of the HTTP parser, on both ports, and absolute request targets.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

describe('an error', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  test('of the parser is a problem, on both ports', async () => {
    const long = 'x'.repeat(20_000)
    for (const [text, status, code] of [
      ['FOO /\r\n\r\n', 400, 'bad-request'],
      ['GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400, 'bad-request'],
      ['GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n', 400, 'bad-request'],
      ['POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n', 400, 'bad-request'],
      [
        'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        400,
        'bad-request',
      ],
      [
        'POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
        400,
        'bad-request',
      ],
      [`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${long}\r\n\r\n`, 431, 'headers-too-large'],
      [`GET /${long} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431, 'headers-too-large'],
      ['GET /health HTTP/1.1\r\n\r\n', 400, 'bad-request'],
      ['GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n', 400, 'bad-request'],
      ['GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n', 417, 'unsupported-expectation'],
      ['CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n', 501, 'not-implemented'],
    ] as const) {
      for (const [port, secure] of [
        [server.port, false],
        [server.tlsPort, true],
      ] as const) {
        const answer = readRaw(await exchange(port, text, { secure, until: /\}/ }))
        assert.deepEqual([answer.status, answer.code], [status, code], `${text.slice(0, 60)} ${answer.head}`)
        assert.match(answer.type ?? '', /^application\/problem\+json/)
      }
    }
  })

  test('of a request behind a good one comes after its answer', async () => {
    const text = 'GET /v1/quotes HTTP/1.1\r\nHost: localhost\r\n\r\nFOO\r\n\r\n'
    const received = await exchange(server.port, text)
    assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 400'])
  })

  test('absolute form names the same thing (RFC 9112 3.2.2); OPTIONS * is answered', async () => {
    const text = `GET http://localhost:${server.port}/health HTTP/1.1\r\nHost: localhost\r\n\r\n`
    assert.equal(readRaw(await exchange(server.port, text, { until: /\}$/ })).status, 200)
    const foreign = 'GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n'
    assert.equal(readRaw(await exchange(server.port, foreign, { until: /\}$/ })).status, 421, 'its host counts')
    const options = readRaw(
      await exchange(server.port, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n', { until: /\r\n\r\n/ }),
    )
    assert.equal(options.status, 204)
  })
})
