// Every close code that the server sends, as a peer receives it, over each way that a socket can come: without its
// code a client does not know whether to reconnect.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { frame, openRawSocket, type RawSocket, WAYS } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer, transportsOf } from '../testing/test-server.ts'

const LAG_MAX_MS = 2_000

for (const way of WAYS) {
  describe(`over ${way}`, () => {
    let server: TestServer
    before(async () => {
      server = await openTestServer({ lagMaxMs: LAG_MAX_MS })
    })
    after(() => server.close())

    const open = () => openRawSocket(way, server)
    const newToken = async () => (await ask(server, 'POST /v1/accounts', { body: {} })).body.token as string

    const CASES: readonly [name: string, code: number, provoke: (socket: RawSocket) => void][] = [
      ['a reserved opcode', 1002, socket => socket.send('', 3)],
      ['a frame without a mask', 1002, socket => socket.stream.write(frame(1, '{}', { mask: false }))],
      ['a continuation of nothing', 1002, socket => socket.send('{}', 0)],
      ['a fragmented ping', 1002, socket => socket.stream.write(frame(9, '', { fin: false }))],
      ['a close frame of one byte', 1002, socket => socket.send('x', 8)],
      ['a binary frame', 1003, socket => socket.send(Buffer.from([1, 2, 3]), 2)],
      ['text that is not UTF-8', 1007, socket => socket.send(Buffer.from([0xff, 0xfe]))],
      ['a close reason that is not UTF-8', 1007, socket => socket.send(Buffer.from([0x03, 0xe8, 0xff]), 8)],
      ['a message of 9,000 bytes', 1009, socket => socket.send('x'.repeat(9_000))],
      ['a message of a megabyte', 1009, socket => socket.send('x'.repeat(1_000_000))],
      ['a message of 10 MB', 1009, socket => socket.send('x'.repeat(10_000_000))],
      ['a message in two thousand fragments', 1008, socket => fragments(socket, 2_000)],
      ['eight malformed messages', 4400, socket => repeat(8, () => socket.send('{'))],
      ['a bad token', 4401, socket => socket.sendMessage({ type: 'logon', token: 'pt_none' })],
      ['a logon without a token', 4401, socket => socket.sendMessage({ type: 'logon' })],
      ['three hundred messages at once', 4429, socket => repeat(300, () => socket.sendMessage({ type: 'ping' }))],
      ['three hundred pings at once', 4429, socket => repeat(300, () => socket.send('', 9))],
      ['three hundred unsolicited pongs', 4429, socket => repeat(300, () => socket.send('', 10))],
    ]
    for (const [name, code, provoke] of CASES) {
      it(`${name} is closed with ${code}`, async () => {
        const socket = await open()
        await socket.until(({ type }) => type === 'welcome')
        provoke(socket)
        assert.equal(await socket.closed, code)
        await socket.ended
      })
    }

    it('a logout is closed with 1000', async () => {
      const socket = await loggedOn(await open(), await newToken())
      socket.sendMessage({ type: 'logout' })
      assert.equal(await socket.closed, 1000)
    })

    it('a session that is taken over is closed with 4409', async () => {
      const token = await newToken()
      const older = await loggedOn(await open(), token, { sessionId: 'desk' })
      const newer = await loggedOn(await open(), token, { sessionId: 'desk' })
      assert.equal(await older.closed, 4409)
      newer.stream.destroy()
    })

    it('an eleventh session gets a time to retry, and is closed with 4429', async () => {
      const token = await newToken()
      const ten: RawSocket[] = []
      for (let i = 0; i < 10; i++) ten.push(await loggedOn(await open(), token))
      const socket = await open()
      socket.sendMessage({ type: 'logon', token })
      const reject = await socket.until(({ type }) => type === 'logon.reject')
      assert.deepEqual([reject.code, reject.retryMs > 0], ['too-many-sessions', true])
      assert.equal(await socket.closed, 4429)
      for (const { stream } of ten) stream.destroy()
    })

    it('an internal error is closed with 1011', async test => {
      test.mock.method(server.venue, 'query', () => Promise.reject(new Error('the query failed')))
      const socket = await open()
      socket.sendMessage({ type: 'logon', token: 'pt_any' })
      assert.equal(await socket.closed, 1011)
    })

    it('a subscription that lags is sent its age, and the socket is closed with 4408', async () => {
      const socket = await open()
      const events = ['quote', 'trade', 'book', 'candle', 'status', 'news']
      socket.sendMessage({ type: 'subscribe', subscription: 's', mode: 'raw', events })
      await socket.until(({ event }) => event === 'hello')
      const transport = transportsOf(server).at(-1)!
      transport.cork()
      for (let s = 0; s < 60 && transport.writableLength <= 64 * 1024; s++) await server.pass(1_000)
      assert.equal(server.feed.readers, 1)
      await server.pass(LAG_MAX_MS)
      assert.equal(server.feed.readers, 0, 'the subscription was ended')
      transport.uncork()
      const lagging = await socket.until(({ event }) => event === 'lagging')
      assert.ok(lagging.data.ageMs >= LAG_MAX_MS && lagging.data.ageMs < LAG_MAX_MS + 100, JSON.stringify(lagging))
      assert.deepEqual([lagging.data.folded, lagging.data.maxHz], [0, null])
      assert.equal(socket.messages.at(-1), lagging, 'nothing follows')
      assert.equal(await socket.closed, 4408)
    })

    it('a shutdown is closed with 1001, after a notice', async () => {
      const socket = await open()
      const closing = await openTestServer()
      const other = await openRawSocket(way, closing)
      await other.until(({ type }) => type === 'welcome')
      await closing.close()
      assert.equal(await other.closed, 1001)
      const { code, retryMs } = other.messages.at(-1)
      assert.deepEqual([code, retryMs > 0], ['closing', true])
      socket.stream.destroy()
    })
  })
}

async function loggedOn(socket: RawSocket, token: string, more: object = {}): Promise<RawSocket> {
  socket.sendMessage({ type: 'logon', token, ...more })
  await socket.until(({ type }) => type === 'logon.ok')
  return socket
}

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work()
}

function fragments(socket: RawSocket, count: number): void {
  socket.stream.write(frame(1, '{', { fin: false }))
  repeat(count, () => socket.stream.write(frame(0, ' ', { fin: false })))
}
