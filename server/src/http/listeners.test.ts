// Connections that send requests without waiting for answers: a few are answered, thousands cost the connection, and
// others do not wait for them.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http2 from 'node:http2'
import net from 'node:net'
import { after, before, describe, it } from 'node:test'
import tls from 'node:tls'
import { within } from '@papertape/protocol/testing/within'
import { measureOthers } from '../testing/other-clients.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

/** On a machine that does other things too. */
const OTHERS_WAIT_MAX_MS = 2_000

describe('connections', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  describe('pipelined requests of HTTP/1.1', () => {
    const pipelined = (head: string, count: number) => Buffer.from(`${head}\r\nHost: localhost\r\n\r\n`.repeat(count))
    const connect = () => net.connect(server.port, '127.0.0.1').on('error', () => {})

    it('are answered in their order when they are few', async () => {
      const socket = connect()
      socket.setTimeout(2_000, () => socket.destroy())
      socket.write(pipelined('GET /v1/quotes HTTP/1.1', 50))
      let answers = 0
      for await (const chunk of socket) {
        answers += `${chunk}`.split('HTTP/1.1 200 OK').length - 1
        if (answers === 50) break
      }
      assert.equal(answers, 50)
    })

    for (const head of ['GET /v1/quotes HTTP/1.1', 'GET /nothing HTTP/1.1', 'DELETE /v1/orders HTTP/1.1']) {
      it(`cost their connection when they are thousands, and nobody waits for them: ${head}`, async () => {
        const others = measureOthers(server)
        const socket = connect()
        const closed = closeOf(socket)
        socket.resume().write(pipelined(head, 40_000))
        await within(closed, 'the end of the connection')
        const worstMs = await others.worstMs()
        assert.ok(worstMs < OTHERS_WAIT_MAX_MS, `others waited ${worstMs} ms`)
      })
    }
  })

  describe('streams of HTTP/2', () => {
    it('are answered when as many are opened at once as may be', async () => {
      const session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
      session.on('error', () => {})
      await within(once(session, 'remoteSettings'), 'the settings')
      const statuses = Array.from({ length: 250 }, async () => {
        const stream = session.request({ ':path': '/nothing' })
        const [headers] = (await within(once(stream, 'response'), 'an answer')) as [http2.IncomingHttpHeaders]
        stream.resume()
        return Number(headers[':status'])
      })
      assert.deepEqual(new Set(await Promise.all(statuses)), new Set([404]))
      session.destroy()
    })

    // In HPACK: :scheme https and :path / are indexed, the rest is literal.
    const AUTHORITY = '\x01\x09localhost'
    const HEADERS: Readonly<Record<string, string>> = {
      requests: `\x82\x87\x84${AUTHORITY}`,
      WebSockets: `\x02\x07CONNECT\x00\x09:protocol\x09websocket\x87\x04\x0a/v1/socket${AUTHORITY}`,
    }
    for (const [kind, header] of Object.entries(HEADERS)) {
      it(`cost their connection when it opens and resets hundreds of ${kind} at once`, async () => {
        const others = measureOthers(server)
        // Node's client does not send what it resets at once.
        const socket = tls.connect({
          host: '127.0.0.1',
          port: server.tlsPort,
          ALPNProtocols: ['h2'],
          rejectUnauthorized: false,
        })
        const closed = once(
          socket.on('error', () => {}),
          'close',
        )
        socket.resume()
        const headers = Buffer.from(header, 'latin1')
        const streams = Array.from({ length: 900 }, (_, i) => [
          http2Frame(1, kind === 'requests' ? 5 : 4, 2 * i + 1, headers),
          http2Frame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8])),
        ])
        const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
        socket.write(Buffer.concat([preface, http2Frame(4, 0, 0, Buffer.alloc(0)), ...streams.flat()]))
        await within(closed, 'the end of the connection')
        const worstMs = await others.worstMs()
        assert.ok(worstMs < OTHERS_WAIT_MAX_MS, `others waited ${worstMs} ms`)
      })
    }
  })

  function closeOf(socket: net.Socket): Promise<unknown> {
    return new Promise(resolve => socket.once('close', resolve))
  }

  /** RFC 9113 section 4.1. */
  function http2Frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
    const head = Buffer.alloc(9)
    head.writeUIntBE(payload.length, 0, 3)
    head.writeUInt8(type, 3)
    head.writeUInt8(flags, 4)
    head.writeUInt32BE(streamId, 5)
    return Buffer.concat([head, payload])
  }
})
