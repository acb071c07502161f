// A binary subscription beside a text one on the same socket: the same events and ids, also after a resume and over a
// slow link.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BinaryDecoder } from '@papertape/protocol'
import { type Message, openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer, transportsOf } from '../testing/test-server.ts'

const EVERYTHING = ['quote', 'trade', 'book', 'candle', 'status', 'news']
const RAW = { events: EVERYTHING, mode: 'raw', snapshot: false }

/** A socket whose binary messages are decoded. */
async function open(server: TestServer) {
  const decoder = new BinaryDecoder()
  const sizes: number[] = []
  const decode = (bytes: Buffer): Message[] => {
    sizes.push(bytes.length)
    return decoder.decode(bytes)
  }
  const socket = await openRawSocket('HTTP/1.1', server, decode)
  const subscribe = async (subscription: string, fields: object) => {
    socket.sendMessage({ type: 'subscribe', subscription, ...fields })
    return socket.until(message => message.event === 'hello' && message.subscription === subscription)
  }
  return { ...socket, sizes, subscribe }
}

/** Without what a greeting says of the time. */
const eventsOf = ({ messages }: Pick<RawSocket, 'messages'>, subscription: string): Message[] =>
  messages
    .filter(message => message.type === 'event' && message.subscription === subscription && message.event !== 'hello')
    .map(({ subscription: _, ...event }) => event)

const headOf = ({ epoch, feed }: TestServer) => `${epoch}-${feed.log.head}`

describe('a binary subscription', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  /** Until a time of the minute. */
  async function passUntil(minuteMs: number): Promise<void> {
    for (let ms = (60_000 + minuteMs - (server.clock.wallMs() % 60_000)) % 60_000; ms > 0; ms -= 500) {
      await server.pass(Math.min(ms, 500))
    }
  }
  const untilHead = (socket: RawSocket, subscription: string) =>
    socket.until(message => message.subscription === subscription && message.id === headOf(server))

  for (const [name, fields] of [
    ['raw', RAW],
    ['conflated', { events: EVERYTHING, maxHz: 2 }],
  ] as const) {
    test(`has the events and ids of the text one, ${name}, and the same symbols and limits in its hello`, async () => {
      // A candle closes at the end of a minute; a socket that answers no pings is open for less than half of one.
      await passUntil(50_000)
      const socket = await open(server)
      const hellos = [
        await socket.subscribe('text', fields),
        await socket.subscribe('binary', { ...fields, encoding: 'binary' }),
      ]
      assert.deepEqual(hellos[0].data, hellos[1].data)
      await passUntil(5_000)
      // What was written before is received before the answer.
      socket.sendMessage({ type: 'ping', requestId: 1 })
      await socket.until(({ requestId }) => requestId === 1)
      const [text, binary] = [eventsOf(socket, 'text'), eventsOf(socket, 'binary')]
      assert.deepEqual(binary, text)
      const kinds = new Set(text.map(({ event }) => event))
      for (const kind of ['quote', 'trade', 'book', 'candle']) assert.ok(kinds.has(kind), `no ${kind} was sent`)
      assert.equal(
        text.some(({ data }) => 'folded' in data),
        name === 'conflated',
      )
      assert.ok(socket.sizes.length < binary.length, 'several events have one message')
      socket.stream.destroy()
    })
  }

  test('resumes from a position: each event after it once, by the same ids', async () => {
    const last = headOf(server)
    await server.pass(3_000)
    const socket = await open(server)
    await socket.subscribe('binary', { ...RAW, encoding: 'binary', last })
    await socket.subscribe('text', { ...RAW, last })
    for (const name of ['binary', 'text']) await untilHead(socket, name)
    const binary = eventsOf(socket, 'binary')
    const first = Number(last.split('-')[1]) + 1
    assert.deepEqual(
      binary.map(({ id }) => id),
      binary.map((_, index) => `${server.epoch}-${first + index}`),
    )
    assert.deepEqual(binary, eventsOf(socket, 'text'))
    socket.stream.destroy()
  })

  test('that cannot resume is reset and gets a snapshot', async () => {
    const socket = await open(server)
    await socket.subscribe('binary', { ...RAW, encoding: 'binary', last: 'other-5' })
    const { data } = await socket.until(({ event }) => event === 'snapshot')
    assert.deepEqual(
      data.instruments,
      server.feed.view.all().map(one => one.snapshot(true)),
    )
    assert.deepEqual(
      eventsOf(socket, 'binary').map(({ event }) => event),
      ['reset', 'snapshot'],
    )
    socket.stream.destroy()
  })

  test('changes to text and back under its name, and nothing is lost or sent twice', async () => {
    const socket = await open(server)
    await socket.subscribe('tape', { ...RAW, encoding: 'binary' })
    const first = server.feed.log.head + 1
    for (const fields of [{}, { encoding: 'json' }, { encoding: 'binary' }]) {
      await server.pass(1_000)
      await untilHead(socket, 'tape')
      socket.sendMessage({
        type: 'subscribe',
        requestId: 1,
        subscription: 'tape',
        ...RAW,
        ...fields,
        last: headOf(server),
      })
    }
    await server.pass(1_000)
    await untilHead(socket, 'tape')
    const ids = eventsOf(socket, 'tape').map(({ id }) => id)
    assert.deepEqual(
      ids,
      ids.map((_, index) => `${server.epoch}-${first + index}`),
    )
    assert.ok(socket.sizes.length > 2)
    socket.stream.destroy()
  })

  test('whose link is slow has each event once; a conflated one each that is never conflated', async () => {
    const socket = await open(server)
    const { labKey: key } = await socket.until(({ type }) => type === 'welcome')
    await socket.subscribe('raw', { ...RAW, encoding: 'binary' })
    await socket.subscribe('conflated', { events: EVERYTHING, encoding: 'binary', snapshot: false })
    const first = server.feed.log.head + 1
    const link = { bytesPerSecond: 2_000, latencyMs: 100, durationMs: 60_000 }
    await ask(server, 'POST /v1/lab/slow', { body: { key, ...link } })
    for (let passed = 0; passed < 4_000; passed += 250) await server.pass(250)
    await ask(server, 'POST /v1/lab/slow', { body: { key, ...link, durationMs: 0 } })
    for (let passed = 0; passed < 1_000; passed += 250) await server.pass(250)
    await untilHead(socket, 'raw')
    const raw = eventsOf(socket, 'raw')
    assert.deepEqual(
      raw.map(({ data }) => data.seq),
      raw.map((_, index) => first + index),
    )
    const isConflated = ({ event }: Message) => event === 'quote' || event === 'book'
    assert.deepEqual(
      eventsOf(socket, 'conflated').filter(event => !isConflated(event)),
      raw.filter(event => !isConflated(event)),
    )
    socket.stream.destroy()
  })

  test('of a peer that does not read waits in the log, and has each event once when it reads again', async () => {
    const socket = await open(server)
    const names = Array.from({ length: 12 }, (_, index) => `raw-${index}`)
    for (const name of names) await socket.subscribe(name, { ...RAW, encoding: 'binary' })
    const first = server.feed.log.head + 1
    const transport = transportsOf(server).at(-1)!
    transport.cork()
    // For less than an event may wait for a raw reader.
    for (let passed = 0; passed < 5_000; passed += 250) await server.pass(250)
    const events = server.feed.log.head + 1 - first
    const waiting = transport.writableLength
    assert.ok(waiting > 64 * 1024 && waiting < 28 * events * names.length, `${waiting} bytes wait, of ${events} events`)
    transport.uncork()
    for (let passed = 0; passed < 1_000; passed += 250) await server.pass(250)
    for (const name of names) {
      await untilHead(socket, name)
      const seqs = eventsOf(socket, name).map(({ data }) => data.seq)
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => first + index),
      )
    }
    socket.stream.destroy()
  })

  test('in another encoding is refused with the ones that there are; the one that there is goes on', async () => {
    const socket = await open(server)
    await socket.subscribe('tape', { ...RAW, encoding: 'binary' })
    socket.sendMessage({ type: 'subscribe', requestId: 7, subscription: 'tape', ...RAW, encoding: 'cbor' })
    const { code, text } = await socket.until(({ requestId }) => requestId === 7)
    assert.equal(code, 'bad-request')
    assert.match(text, /encoding.*json.*binary/)
    await server.pass(1_000)
    await untilHead(socket, 'tape')
    socket.stream.destroy()
  })
})
