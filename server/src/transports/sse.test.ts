// The first bytes of a stream over each HTTP version, and a stream whose reader declares its rate.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http2 from 'node:http2'
import net from 'node:net'
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

describe('the rate that a reader declares', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const open = (path: string, until: RegExp) =>
    exchange(server.port, `GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`, { secure: false, until })

  test('is in hello', async () => {
    const received = await open('/v1/stream?maxBytesPerSecond=20000', /event: hello\ndata: .*\n/)
    assert.match(received, /"mode":"conflated","maxBytesPerSecond":20000,/)
    assert.doesNotMatch(await open('/v1/stream', /event: hello\ndata: .*\n/), /maxBytesPerSecond/)
  })

  test('is refused when it is none, and of a poll', async () => {
    const bad = await open('/v1/stream?maxBytesPerSecond=1', /"code":.*/)
    assert.match(bad, /^HTTP\/1\.1 400[\s\S]*maxBytesPerSecond is a number from 1000 to 1000000000, not 1/)
    const poll = await open('/v1/poll?maxBytesPerSecond=20000', /"code":.*/)
    assert.match(poll, /^HTTP\/1\.1 400[\s\S]*unknown parameter maxBytesPerSecond/)
  })

  test('is not exceeded', async () => {
    const socket = net.connect(server.port, '127.0.0.1')
    let bytes = 0
    socket.on('data', chunk => {
      bytes += chunk.length
    })
    socket.write(
      'GET /v1/stream?snapshot=false&events=quote,book&maxBytesPerSecond=1000 HTTP/1.0\r\nHost: localhost\r\n\r\n',
    )
    while (bytes === 0) await once(socket, 'data')
    for (let s = 0; s < 100; s++) {
      await server.pass(300)
      await new Promise(setImmediate)
    }
    socket.destroy()
    // Thirty seconds, and the head.
    assert.ok(bytes > 5_000 && bytes < 30_000, `${bytes} bytes`)
  })
})
