// Which connections are taken from node:http, on a real server: a stream alone on its connection is, and no other. It
// also shows that this version of Node names its listeners as take-socket.ts knows them.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { after, before, describe, test } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const STREAM = 'GET /v1/stream?events=status&snapshot=false HTTP/1.1\r\nHost: localhost\r\n\r\n'
const HEALTH = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'

describe('the connection of a stream', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  async function open(text: string) {
    const accepted = once(server.app.server, 'connection') as Promise<[net.Socket & { parser?: object | null }]>
    const client = net.connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    const [transport] = await within(accepted, 'a connection')
    let received = ''
    client.setEncoding('latin1').on('data', chunk => {
      received += chunk
    })
    client.write(text)
    while (!received.includes('event: hello')) await within(once(client, 'data'), 'hello')
    await new Promise(setImmediate)
    return { client, transport, received: () => received }
  }

  test('is taken, and says that it has no further request', async () => {
    const { client, transport, received } = await open(STREAM)
    assert.match(received(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nconnection: close\r\n/i)
    assert.equal(transport.parser, null)
    assert.equal(server.feed.readers, 1)
    client.write(HEALTH)
    client.end()
    await within(once(transport, 'close'), 'its end')
    assert.equal(server.feed.readers, 0)
    assert.equal(received().match(/HTTP\/1\.1/g)!.length, 1)
  })

  test('ends with the body, whose last chunk is sent', async () => {
    const { client, transport, received } = await open(STREAM)
    const ended = Promise.all([once(client, 'end'), once(transport, 'close')])
    server.feed.close(() => 1_000)
    await within(ended, 'the end')
    assert.match(received(), /event: drain[\s\S]*\r\n0\r\n\r\n$/)
    client.end()
  })

  test('ends with the body also where the client reads everything and does not close', async () => {
    const { client, transport } = await open(STREAM)
    const closed = once(transport, 'close')
    const startMs = performance.now()
    server.feed.close(() => 1_000)
    await within(closed, 'its close')
    // The time that a peer has which does not read is five seconds.
    assert.ok(performance.now() - startMs < 4_000)
    client.destroy()
  })

  test('is ended when the client sends on and on', async () => {
    const { client, transport } = await open(STREAM)
    client.on('error', () => {})
    const closed = once(transport, 'close')
    client.write('x'.repeat(1_000))
    await new Promise(resolve => setTimeout(resolve, 50))
    assert.equal(transport.destroyed, false, 'a little is dropped')
    client.write('x'.repeat(100_000))
    await within(closed, 'its close')
    client.destroy()
  })

  test('is not taken with a request before the stream', async () => {
    const { client, transport, received } = await open(HEALTH + STREAM)
    assert.notEqual(transport.parser, null)
    assert.equal(received().match(/HTTP\/1\.1 200/g)!.length, 2)
    client.destroy()
    await within(once(transport, 'close'), 'its close')
  })

  test('is not taken with a request behind the stream', async () => {
    const { client, transport } = await open(STREAM + HEALTH)
    assert.notEqual(transport.parser, null)
    client.destroy()
    await within(once(transport, 'close'), 'its close')
    assert.equal(server.feed.readers, 0)
  })
})
