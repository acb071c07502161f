// A stream whose peer does not read: what waits for it is bounded, it is ended after the time that a reader has, and a
// peer that reads again in time loses nothing.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const LAG_MAX_MS = 2_000
/** As in sse.ts. */
const BUFFERED_BYTES_MAX = 64 * 1024
const STATUS_BYTES_MAX = 1_024
/** As in feed.ts. */
const CHUNK_GAP_MS = 10

describe('back-pressure', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await openTestServer({ lagMaxMs: LAG_MAX_MS })
  })
  afterEach(() => server.close())

  /** A stream of status events, of which the market itself has none, and the server's end of its connection. */
  async function openStream() {
    const accepted = once(server.app.server, 'connection') as Promise<[net.Socket]>
    const client = net.connect(server.port, '127.0.0.1')
    const [transport] = await within(accepted, 'a connection')
    let received = ''
    client.setEncoding('latin1').on('data', chunk => {
      received += chunk
    })
    client.write('GET /v1/stream?mode=raw&events=status&snapshot=false HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const receives = async (text: string) => {
      while (!received.includes(text)) await within(once(client, 'data'), text)
    }
    await receives('event: hello')
    return { client, transport, receives, received: () => received }
  }

  async function publishStatus(n: number): Promise<void> {
    const phase = n % 2 === 0 ? 'halted' : 'continuous'
    const symbol = server.feed.view.symbols[0]!
    const reason = `${n} `.padEnd(200, '.')
    await server.venue.submit({ type: 'phase.set', symbol, phase, reason, until: null }).answer
    // One batch is one chunk: it gathers no other.
    await server.pass(CHUNK_GAP_MS)
  }

  /** Publishes until the stream has no room; returns how many events that took. */
  async function fill(transport: net.Socket): Promise<number> {
    transport.cork()
    let published = 0
    while (transport.writableLength <= BUFFERED_BYTES_MAX) {
      assert.ok(published < 2_000)
      await publishStatus(published++)
    }
    return published
  }

  describe('a stream whose peer does not read', () => {
    test('is written no more than the buffer and the event that filled it', async () => {
      const { client, transport } = await openStream()
      const published = await fill(transport)
      for (let n = 0; n < 20; n++) await publishStatus(published + n)
      assert.ok(transport.writableLength < BUFFERED_BYTES_MAX + STATUS_BYTES_MAX, `${transport.writableLength} bytes`)
      client.destroy()
    })

    test('is ended after the time that a reader has, counted from the event that filled the buffer', async () => {
      const { client, transport, receives, received } = await openStream()
      await fill(transport)
      assert.equal(server.feed.readers, 1)
      await server.pass(LAG_MAX_MS)
      transport.uncork()
      await receives('event: lagging')
      // The last chunk of a body (RFC 9112 section 7.1).
      await receives('\r\n0\r\n\r\n')
      const end = received().slice(received().indexOf('event: lagging'))
      assert.match(end, /\nretry: \d{4}\n\n\r\n0\r\n\r\n$/, 'after how long to come back')
      assert.equal(server.feed.readers, 0)
      client.destroy()
    })

    test('loses and repeats nothing when it reads again in time', async () => {
      const { client, transport, receives, received } = await openStream()
      const published = await fill(transport)
      for (let n = 0; n < 20; n++) await publishStatus(published + n)
      await server.pass(LAG_MAX_MS / 2)
      transport.uncork()
      await receives(`"reason":"${published + 19} `)
      const reasons = [...received().matchAll(/"reason":"(\d+) /g)].map(([, n]) => Number(n))
      assert.deepEqual(
        reasons,
        Array.from({ length: published + 20 }, (_, n) => n),
      )
      assert.ok(!received().includes('event: lagging'))
      client.destroy()
    })
  })
})
