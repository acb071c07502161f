// A subscription that is changed while it runs: its rate, and back, each time from the last position that its client
// has. No event is lost between the two, and none is sent twice after the answer.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Message, openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const EVENTS = ['trade', 'quote', 'status']
const CHANGES = 8
const numberOf = (id: string) => Number(id.split('-')[1])

describe('a subscription of the same name', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  /** Subscribes from the last position that the client has; frames of before the hello are of the one before. */
  async function change(socket: RawSocket, fields: object, ids: number[]): Promise<Message[]> {
    // What arrives meanwhile is under way when the client asks: it comes again after the hello.
    await server.pass(500)
    const from = socket.messages.length
    const last = ids.length === 0 ? undefined : `${server.epoch}-${ids.at(-1)}`
    // While events are under way.
    const passing = server.pass(300)
    socket.sendMessage({ type: 'subscribe', subscription: 's', events: EVENTS, last, requestId: from, ...fields })
    await socket.until(({ requestId }) => requestId === from)
    await passing
    await server.pass(700)
    socket.sendMessage({ type: 'ping', requestId: `${from} read` })
    await socket.until(({ requestId }) => requestId === `${from} read`)
    const messages = socket.messages.slice(from)
    const own = messages.slice(messages.findIndex(({ event }) => event === 'hello'))
    const frames = own.filter(({ type }) => type === 'event')
    const durable = frames.filter(({ id, event }) => id !== undefined && EVENTS.includes(event))
    ids.push(...durable.map(({ id }) => numberOf(id)))
    return frames
  }

  const eventsOf = (from: number, to: number, kinds: readonly string[]) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => server.feed.log.inMemory(from + n, 1)![0]!)
      .filter(({ event }) => kinds.includes(event))
      .map(({ seq }) => seq)

  test('changes maxHz: what is never conflated is sent once, one snapshot has the rest', async () => {
    const socket = await openRawSocket('HTTP/1.1', server)
    const ids: number[] = []
    await change(socket, {}, ids)
    for (let n = 0; n < CHANGES && ids.length === 0; n++) await server.pass(1_000)
    for (let n = 0; n < CHANGES; n++) {
      const maxHz = n % 2 === 0 ? 1 : 60
      const frames = await change(socket, { maxHz }, ids)
      assert.deepEqual([frames[0]!.event, frames[0]!.data.maxHz], ['hello', maxHz])
      assert.equal(frames.filter(({ event }) => event === 'snapshot').length, 1)
    }
    assert.ok(ids.length > CHANGES, `${ids.length} trades`)
    assert.deepEqual(ids, eventsOf(ids[0]!, ids.at(-1)!, ['trade', 'status']))
    socket.stream.destroy()
  })

  test('in raw mode goes on with the next event, without a snapshot', async () => {
    const socket = await openRawSocket('HTTP/1.1', server)
    const ids: number[] = []
    await change(socket, { mode: 'raw', snapshot: false }, ids)
    for (let n = 0; n < CHANGES; n++) {
      const frames = await change(socket, { mode: 'raw' }, ids)
      assert.ok(frames.every(({ event }) => event !== 'snapshot'))
    }
    assert.ok(ids.length > 10 * CHANGES, `${ids.length} events`)
    assert.deepEqual(ids, eventsOf(ids[0]!, ids.at(-1)!, EVENTS))
    socket.stream.destroy()
  })
})
