// A client cuts, stalls, slows down and closes its own WebSocket over real connections: what it sees, and that no other
// client sees anything. Time is the test's.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { turns } from '@papertape/gateway/testing'
import { LAB_CLOSE_CODES } from '@papertape/protocol'
import { openRawSocket, type RawSocket, WAYS } from '../testing/raw-socket.ts'
import { openRawStream } from '../testing/raw-stream.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

/** Less than two heartbeats, which the clients here do not answer. */
const LAG_MAX_MS = 12_000
const EVERYTHING = ['quote', 'trade', 'book', 'candle', 'status', 'news']

const keyOf = async (socket: RawSocket): Promise<string> =>
  (await socket.until(({ type }) => type === 'welcome')).labKey

const seqsOf = ({ messages }: RawSocket, subscription: string) =>
  messages
    .filter(message => message.subscription === subscription && message.event !== 'hello' && message.id !== undefined)
    .map(({ id }) => Number(id.split('-')[1]))

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

async function subscribe(socket: RawSocket, subscription = 'tape'): Promise<void> {
  socket.sendMessage({ type: 'subscribe', subscription, mode: 'raw', snapshot: false, events: EVERYTHING })
  await socket.until(message => message.event === 'hello' && message.subscription === subscription)
}

for (const way of WAYS) {
  describe(`a socket over ${way}`, () => {
    let server: TestServer
    before(async () => {
      server = await openTestServer({ lagMaxMs: LAG_MAX_MS })
    })
    after(() => server.close())

    const control = (name: string, body: object) => ask(server, `POST /v1/lab/${name}`, { body })
    /** Two clients with the same subscription, at the head. */
    async function openTwo() {
      const socket = await openRawSocket(way, server)
      const other = await openRawSocket(way, server)
      await subscribe(socket)
      await subscribe(other)
      return { socket, other, key: await keyOf(socket), from: server.feed.log.head + 1 }
    }
    const untilHead = ({ until }: RawSocket, subscription = 'tape') =>
      until(
        ({ id, ...message }) =>
          id === `${server.epoch}-${server.feed.log.head}` && message.subscription === subscription,
      )

    it('that is cut is lost without a close frame; the other one goes on; the key is unknown then', async () => {
      const { socket, other, key, from } = await openTwo()
      assert.equal((await control('cut', { key })).status, 204)
      assert.equal(await socket.closed, 0)
      await server.pass(500)
      await untilHead(other)
      assert.deepEqual(seqsOf(other, 'tape'), upTo(from, server.feed.log.head))
      assert.equal((await control('cut', { key })).body.code, 'unknown-connection')
      other.stream.destroy()
    })

    it('that is stalled as a whole is mute for the time, then gets everything in order; the other goes on', async () => {
      const { socket, other, key } = await openTwo()
      assert.equal((await control('stall', { key, durationMs: 2_000, scope: 'all' })).status, 204)
      for (const one of [socket, other]) one.sendMessage({ type: 'ping', requestId: 'mute' })
      await other.until(({ requestId }) => requestId === 'mute')
      const before = socket.messages.length
      await server.pass(1_900)
      assert.equal(socket.messages.length, before)
      await server.pass(200)
      await socket.until(({ requestId }) => requestId === 'mute')
      for (const { stream } of [socket, other]) stream.destroy()
    })

    it('that is slow as a whole and closed gets what waits before the close', async () => {
      const { socket, other, key } = await openTwo()
      const link = { bytesPerSecond: 1_000, latencyMs: 5_000, jitterMs: 100, seed: 7, durationMs: 60_000, scope: 'all' }
      assert.equal((await control('slow', { key, ...link })).status, 204)
      socket.sendMessage({ type: 'ping', requestId: 'slow' })
      other.sendMessage({ type: 'ping', requestId: 'fast' })
      await other.until(({ requestId }) => requestId === 'fast')
      await control('close', { key, code: 1000 })
      assert.equal(await socket.closed, 1000)
      assert.ok(socket.messages.some(({ requestId }) => requestId === 'slow'))
      other.stream.destroy()
    })

    it('that is stalled gets answers but no events for the time, then each event once; the other goes on', async () => {
      const { socket, other, key, from } = await openTwo()
      assert.equal((await control('stall', { key, durationMs: 2_000 })).status, 204)
      await server.pass(1_900)
      await untilHead(other)
      socket.sendMessage({ type: 'ping', requestId: 'p' })
      await socket.until(({ requestId }) => requestId === 'p')
      assert.deepEqual(seqsOf(socket, 'tape'), [])
      await server.pass(200)
      await untilHead(socket)
      assert.deepEqual(seqsOf(socket, 'tape'), upTo(from, server.feed.log.head))
      socket.stream.destroy()
      other.stream.destroy()
    })

    it('that is slow shares its bytes a second among its subscriptions, and each event comes once', async () => {
      const { socket, other, key, from } = await openTwo()
      await subscribe(socket, 'second')
      const slow = { key, bytesPerSecond: 10_000, latencyMs: 400, durationMs: 600_000 }
      await control('slow', slow)
      // Longer, and what they were not sent would be too old.
      await server.pass(4_400)
      await untilHead(other)
      await turns(50)
      const received = { tape: seqsOf(socket, 'tape'), second: seqsOf(socket, 'second') }
      const bytes = Buffer.byteLength(
        socket.messages
          .filter(({ id }) => id !== undefined)
          .map(message => JSON.stringify(message))
          .join(''),
      )
      assert.ok(bytes <= 40_000, `${bytes} bytes in four seconds`)
      for (const seqs of Object.values(received)) assert.ok(seqs.length > 20, JSON.stringify(received))
      await control('slow', { ...slow, durationMs: 0 })
      await server.pass(20)
      for (const name of ['tape', 'second']) {
        await untilHead(socket, name)
        assert.deepEqual(seqsOf(socket, name), upTo(from, server.feed.log.head), name)
      }
      socket.stream.destroy()
      other.stream.destroy()
    })

    it('that is stalled for longer than a reader may take nothing is sent lagging, and closed with 4408', async () => {
      const { socket, other, key } = await openTwo()
      await control('stall', { key, durationMs: 60_000 })
      await server.pass(LAG_MAX_MS + 500)
      assert.equal((await socket.until(({ event }) => event === 'lagging')).subscription, 'tape')
      assert.equal(await socket.closed, 4408)
      other.stream.destroy()
    })

    for (const code of LAB_CLOSE_CODES) {
      it(`is closed with ${code} at its request`, async () => {
        const socket = await openRawSocket(way, server)
        const other = await openRawSocket(way, server)
        const key = await keyOf(socket)
        assert.equal((await control('close', { key, code })).status, 204)
        assert.deepEqual([await socket.closed, socket.closeReason], [code, 'at your request'])
        const notices = socket.messages.filter(({ type }) => type === 'notice')
        assert.deepEqual(
          notices.map(notice => notice.code),
          code === 1001 ? ['closing'] : [],
          'the notice of a server that goes away',
        )
        assert.equal((await control('close', { key, code })).body.code, 'unknown-connection')
        other.sendMessage({ type: 'ping', requestId: 'p' })
        await other.until(({ requestId }) => requestId === 'p')
        other.stream.destroy()
        // An address may send ten requests a second.
        await server.pass(500)
      })
    }
  })
}

describe('a close', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  it('with a code that the server sends to nobody is refused in words', async () => {
    const socket = await openRawSocket('HTTP/1.1', server)
    const key = await keyOf(socket)
    for (const code of [1005, 1006, 1009, 4000, '1000', undefined]) {
      const { status, body } = await ask(server, 'POST /v1/lab/close', { body: { key, code } })
      assert.deepEqual([status, body.code], [400, 'bad-request'], String(code))
      assert.match(body.detail, code === undefined ? /code/ : /code must be .*1000, 1001, 1008, 1011, 4400/)
    }
    socket.stream.destroy()
  })

  it('of a stream is refused in words', async () => {
    const stream = await openRawStream('HTTP/1.1', server)
    const { data } = await stream.until(({ event }) => event === 'hello')
    const answer = await ask(server, 'POST /v1/lab/close', { body: { key: JSON.parse(data).labKey, code: 1000 } })
    assert.deepEqual([answer.status, answer.body.code], [400, 'bad-request'])
    assert.match(answer.body.detail, /stream, which has no close codes/)
    stream.destroy()
  })
})

describe('a socket with the laboratory off', () => {
  it('has no key', async () => {
    const server = await openTestServer({ lab: false })
    const socket = await openRawSocket('HTTP/1.1', server)
    assert.equal(await keyOf(socket), undefined)
    socket.stream.destroy()
    await server.close()
  })
})
