// A reader cuts, stalls and slows down its own stream over real connections: what it sees, and that nobody else sees
// anything. Time is the test's.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http2 from 'node:http2'
import { after, before, describe, it } from 'node:test'
import { turns } from '@papertape/gateway/testing'
import { within } from '@papertape/protocol/testing/within'
import { openRawSocket, WAYS, type Way } from '../testing/raw-socket.ts'
import { openRawStream, type RawStream } from '../testing/raw-stream.ts'
import { ask, type TestApp, type TestRequest } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const UNKNOWN_KEY = 'A'.repeat(22)
const RAW = 'mode=raw&snapshot=false&events=quote,trade,book,candle,status,news'
/** How a stream ends for its reader when it is cut. */
const LOST: Readonly<Record<Way, RegExp>> = {
  'HTTP/1.1': /^ECONNRESET$/,
  'HTTP/1.1 over TLS': /^(lost|ECONNRESET)$/,
  'HTTP/2': /^RST_STREAM 2$/,
}

const control = (app: Pick<TestApp, 'app'>, name: string, body: object, request: TestRequest = {}) =>
  ask(app, `POST /v1/lab/${name}`, { ...request, body })

async function keyOf(stream: RawStream): Promise<string> {
  const { data } = await stream.until(({ event }) => event === 'hello')
  return JSON.parse(data).labKey
}

const seqsOf = ({ messages }: RawStream) =>
  messages.filter(({ event }) => event !== 'hello').map(({ lastEventId }) => Number(lastEventId.split('-')[1]))

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

for (const way of WAYS) {
  describe(`a stream over ${way}`, () => {
    let server: TestServer
    before(async () => {
      server = await openTestServer()
    })
    after(() => server.close())

    const open = (query = '') => openRawStream(way, server, query)
    /** Two readers of one class, at the head. */
    async function openTwo() {
      const streams = [await open(RAW), await open(RAW)] as const
      const keys = [await keyOf(streams[0]), await keyOf(streams[1])] as const
      return { stream: streams[0], other: streams[1], key: keys[0], otherKey: keys[1], from: server.feed.log.head + 1 }
    }
    const untilHead = ({ until }: RawStream) =>
      until(({ lastEventId }) => lastEventId === `${server.epoch}-${server.feed.log.head}`)

    it('has a key of its own, of 128 bits', async () => {
      const { stream, other, key, otherKey } = await openTwo()
      assert.match(key, /^[\w-]{22}$/)
      assert.notEqual(key, otherKey)
      stream.destroy()
      other.destroy()
    })

    it('that is cut is lost without an end; the other reader of its class goes on; the key is unknown then', async () => {
      const { stream, other, key, from } = await openTwo()
      assert.equal((await control(server, 'cut', { key })).status, 204)
      assert.match(await stream.ended, LOST[way])
      await server.pass(500)
      await untilHead(other)
      assert.deepEqual(seqsOf(other), upTo(from, server.feed.log.head))
      const again = await control(server, 'cut', { key })
      assert.deepEqual([again.status, again.body.code], [404, 'unknown-connection'])
      other.destroy()
    })

    it('that is stalled is written nothing for the time, then each event once; the other one goes on', async () => {
      const { stream, other, key, from } = await openTwo()
      assert.equal((await control(server, 'stall', { key, durationMs: 2_000 })).status, 204)
      await server.pass(1_900)
      await untilHead(other)
      assert.deepEqual(seqsOf(stream), [])
      await server.pass(200)
      await untilHead(stream)
      assert.deepEqual(seqsOf(stream), upTo(from, server.feed.log.head))
      stream.destroy()
      other.destroy()
    })

    it('that is slow is written so many bytes a second, and each event once', async () => {
      const { stream, other, key, from } = await openTwo()
      const startBytes = stream.bodyBytes
      const slow = { key, bytesPerSecond: 1_000, latencyMs: 400, durationMs: 600_000 }
      assert.equal((await control(server, 'slow', slow)).status, 204)
      await server.pass(5_400)
      await untilHead(other)
      const carried = 5_000
      await untilTrue(() => stream.bodyBytes - startBytes > carried - 1_400, 'five seconds of the link')
      assert.ok(stream.bodyBytes - startBytes <= carried, `${stream.bodyBytes - startBytes} bytes in five seconds`)
      assert.ok(other.bodyBytes > 2 * carried, 'more than the link carries')
      await control(server, 'slow', { ...slow, durationMs: 0 })
      await server.pass(20)
      await untilHead(stream)
      assert.deepEqual(seqsOf(stream), upTo(from, server.feed.log.head))
      stream.destroy()
      other.destroy()
    })

    it('that is stalled for longer than a reader may take nothing is sent lagging, and ended', async () => {
      const { stream, other, key } = await openTwo()
      await control(server, 'stall', { key, durationMs: 60_000 })
      await server.pass(server.feed.lagMaxMs + 500)
      assert.equal((await stream.until(({ event }) => event === 'lagging')).event, 'lagging')
      assert.equal(await stream.ended, 'ended')
      other.destroy()
    })
  })
}

async function untilTrue(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    assert.ok(tries < 10_000, what)
    await turns(1)
  }
}

describe('a control', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  it('is refused in words when the body is wrong', async () => {
    const key = UNKNOWN_KEY
    const slow = { key, bytesPerSecond: 50_000, latencyMs: 400, durationMs: 1_000 }
    for (const [name, body, words] of [
      ['cut', {}, /key/],
      ['cut', { key: '' }, /key must not have fewer than 1/],
      ['cut', { labKey: key }, /unknown field labKey; did you mean key\?/],
      ['stall', { key }, /durationMs/],
      ['stall', { key, durationMs: 60_001 }, /durationMs must be <= 60000/],
      ['stall', { key, durationMs: 1.5 }, /durationMs must be integer/],
      ['stall', { key, ms: 1_000 }, /unknown field ms/],
      ['slow', { ...slow, bytesPerSecond: 999 }, /bytesPerSecond must be >= 1000/],
      ['slow', { ...slow, bytesPerSecond: 10_000_001 }, /bytesPerSecond must be <= 10000000/],
      ['slow', { ...slow, latencyMs: -1 }, /latencyMs must be >= 0/],
      ['slow', { ...slow, durationMs: 600_001 }, /durationMs must be <= 600000/],
    ] as const) {
      const answer = await control(server, name, body)
      assert.deepEqual([answer.status, answer.body.code], [400, 'bad-request'], JSON.stringify(body))
      assert.match(answer.body.detail, words)
    }
  })

  it('of a key that nobody has is a 404 that says where keys come from', async () => {
    const { status, body } = await control(server, 'cut', { key: UNKNOWN_KEY })
    assert.deepEqual([status, body.code], [404, 'unknown-connection'])
    assert.match(body.detail, /hello or welcome/)
  })

  it('is for pages of this origin, whichever port the stream is on', async () => {
    const stream = await openRawStream('HTTP/2', server)
    const key = await keyOf(stream)
    const foreign = await control(server, 'cut', { key }, { headers: { origin: 'https://elsewhere.example' } })
    assert.deepEqual([foreign.status, foreign.body.code], [403, 'foreign-origin'])
    const own = await control(server, 'cut', { key }, { headers: { origin: 'http://localhost:8080' } })
    assert.equal(own.status, 204)
    assert.match(await stream.ended, LOST['HTTP/2'])
  })

  it('cuts one stream of an HTTP/2 connection, and leaves the others', async () => {
    const session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
    const [stream, other] = [openOverSession(session), openOverSession(session)]
    await control(server, 'cut', { key: await stream.key })
    await within(stream.closed, 'the end of the stream')
    assert.equal(stream.request.rstCode, http2.constants.NGHTTP2_INTERNAL_ERROR)
    await other.key
    const more = once(other.request, 'data')
    await server.pass(500)
    await within(more, 'an event of the other stream')
    session.destroy()
  })

  it('is not for subscriptions: the key of a socket is in its welcome', async () => {
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'subscribe', subscription: 'tape' })
    const { data } = await socket.until(({ event }) => event === 'hello')
    assert.equal(data.labKey, undefined)
    socket.stream.destroy()
  })

  it('comes forty times at once from an address, then ten times a second', async () => {
    await server.pass(5_000)
    const statuses: number[] = []
    for (let n = 0; n < 41; n++) statuses.push((await control(server, 'cut', { key: UNKNOWN_KEY })).status)
    assert.deepEqual([statuses.at(-2), statuses.at(-1)], [404, 429])
    await server.pass(100)
    assert.equal((await control(server, 'cut', { key: UNKNOWN_KEY })).status, 404)
  })
})

function openOverSession(session: http2.ClientHttp2Session) {
  const request = session.request({ ':path': '/v1/stream' })
  request.on('error', () => {})
  const key = new Promise<string>(resolve => {
    let text = ''
    request.on('data', chunk => {
      text += chunk
      const found = /"labKey":"([^"]+)"/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return { request, key, closed: new Promise(resolve => request.once('close', resolve)) }
}

describe('with the laboratory off', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ lab: false })
  })
  after(() => server.close())

  it('a stream has no key, and a control is refused in words', async () => {
    const stream = await openRawStream('HTTP/1.1', server)
    assert.equal(await keyOf(stream), undefined)
    stream.destroy()
    const { status, body } = await control(server, 'cut', { key: UNKNOWN_KEY })
    assert.deepEqual([status, body.code], [403, 'lab-off'])
    assert.match(body.detail, /--lab off/)
  })
})
