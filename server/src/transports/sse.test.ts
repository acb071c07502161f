// The first bytes of a stream over each HTTP version.

import assert from 'node:assert/strict'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { exchange, openTestServer, type TestServer } from '../testing/test-server.ts'

describe('the first frame of a stream', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())
  const RETRY_FIRST = /^retry: \d{4}\n\nevent: hello\ndata: .*\n\nid: .*\nevent: snapshot\n/

  for (const [version, secure] of [
    ['HTTP/1.1', false],
    ['HTTP/1.1', true],
    ['HTTP/1.0', false],
  ] as const) {
    test(`sets retry over ${version}${secure ? ' with TLS' : ''}`, async () => {
      const head = `GET /v1/stream ${version}\r\nHost: localhost\r\n\r\n`
      const port = secure ? server.tlsPort : server.port
      const received = await exchange(port, head, { secure, until: /event: snapshot\n/ })
      const body = received.slice(received.indexOf('\r\n\r\n') + 4)
      assert.match(body.replace(/^[0-9a-f]+\r\n|\r\n[0-9a-f]+\r\n/g, ''), RETRY_FIRST)
    })
  }

  test('sets retry over HTTP/2', async () => {
    const session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/v1/stream' })
    let body = ''
    for await (const chunk of stream) {
      body += chunk
      if (body.includes('event: snapshot\n')) break
    }
    session.destroy()
    assert.match(body, RETRY_FIRST)
  })
})
