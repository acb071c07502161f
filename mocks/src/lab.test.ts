// The controls of one connection in a mocked market: a stream and a socket are cut, stalled, slowed down and closed as
// on the server, by their keys, and no other one is.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createSseParser, LAB_CLOSE_CODES, type SseMessage } from '@papertape/protocol'
import { askMarket, type MockedMarket, openMockedChannel, openMockedMarket, until } from './testing/mocked-market.ts'

const RAW = { mode: 'raw', snapshot: false, events: ['quote', 'trade', 'book', 'candle', 'status', 'news'] }

const control = (name: string, body: object) => askMarket(`POST /v1/lab/${name}`, { body })
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

/** A stream of every event, and how it ended. */
function openStream() {
  const messages: SseMessage[] = []
  const parser = createSseParser({ onMessage: message => messages.push(message) })
  const stream = { messages, ended: undefined as string | undefined, bytes: 0 }
  const abort = new AbortController()
  const read = async () => {
    const query = `mode=raw&snapshot=false&events=${RAW.events}`
    const response = await fetch(`http://papertape.test/v1/stream?${query}`, { signal: abort.signal })
    for await (const chunk of response.body!) {
      stream.bytes += chunk.length
      parser.push(new TextDecoder().decode(chunk))
    }
  }
  read().then(
    () => {
      stream.ended = 'ended'
    },
    () => {
      stream.ended = 'lost'
    },
  )
  return Object.assign(stream, {
    key: () => until(() => messages[0] && (JSON.parse(messages[0].data).labKey as string), 'hello'),
    seqs: () => messages.slice(1).map(({ lastEventId }) => Number(lastEventId.split('-')[1])),
    close: () => abort.abort(),
  })
}

describe('a mocked stream', () => {
  let mocked: MockedMarket
  before(async () => {
    mocked = await openMockedMarket()
  })
  after(() => mocked.close())

  test('that is cut is lost; another one goes on, and the key is unknown then', async () => {
    const [stream, other] = [openStream(), openStream()]
    const key = await stream.key()
    assert.notEqual(key, await other.key())
    const from = mocked.market.head + 1
    assert.equal((await control('cut', { key })).status, 204)
    await until(() => stream.ended, 'end')
    assert.equal(stream.ended, 'lost')
    await mocked.market.advance('1s')
    await until(() => other.seqs().at(-1) === mocked.market.head, 'newest event')
    assert.deepEqual(other.seqs(), upTo(from, mocked.market.head))
    const again = await control('cut', { key })
    assert.deepEqual([again.status, again.body.code], [404, 'unknown-connection'])
    other.close()
  })

  test('that is stalled and then slow has each event once', async () => {
    const stream = openStream()
    const key = await stream.key()
    const from = mocked.market.head + 1
    await control('stall', { key, durationMs: 2_000 })
    await mocked.market.advance('1900ms')
    assert.deepEqual(stream.seqs(), [])
    const startBytes = stream.bytes
    await control('slow', { key, bytesPerSecond: 2_000, latencyMs: 0, durationMs: 600_000 })
    await mocked.market.advance('5s')
    assert.ok(stream.bytes - startBytes <= 10_000, `${stream.bytes - startBytes} bytes in five seconds`)
    assert.ok(stream.bytes - startBytes > 8_000, `${stream.bytes - startBytes} bytes in five seconds`)
    await control('slow', { key, bytesPerSecond: 2_000, latencyMs: 0, durationMs: 0 })
    await mocked.market.advance(20)
    await until(() => stream.seqs().at(-1) === mocked.market.head, 'newest event')
    assert.deepEqual(stream.seqs(), upTo(from, mocked.market.head))
    stream.close()
  })
})

describe('a mocked socket', () => {
  let mocked: MockedMarket
  before(async () => {
    mocked = await openMockedMarket()
  })
  after(() => mocked.close())

  test('that is cut reports 1006', async () => {
    const channel = await openMockedChannel()
    await control('cut', { key: channel.messages[0].labKey })
    assert.equal((await until(() => channel.closed, 'end')).code, 1006)
  })

  test('that is stalled gets answers but no events for the time, then each event once', async () => {
    const channel = await openMockedChannel()
    channel.send({ type: 'subscribe', subscription: 'tape', ...RAW })
    await until(() => channel.messages.some(({ event }) => event === 'hello'), 'hello')
    const from = mocked.market.head + 1
    const seqs = () =>
      channel.messages
        .filter(({ id, event }) => id !== undefined && event !== 'hello')
        .map(({ id }) => Number(id.split('-')[1]))
    await control('stall', { key: channel.messages[0].labKey, durationMs: 2_000 })
    await mocked.market.advance('1900ms')
    channel.send({ type: 'ping', requestId: 1 })
    await channel.next('pong')
    assert.deepEqual(seqs(), [])
    await mocked.market.advance('200ms')
    await until(() => seqs().at(-1) === mocked.market.head, 'newest event')
    assert.deepEqual(seqs(), upTo(from, mocked.market.head))
    channel.socket.close()
  })

  test('is closed at its request with each code that the server may send; 1001 after a notice', async () => {
    for (const code of LAB_CLOSE_CODES) {
      const channel = await openMockedChannel()
      assert.equal((await control('close', { key: channel.messages[0].labKey, code })).status, 204)
      assert.deepEqual(await until(() => channel.closed, 'end'), { code, reason: 'at your request' })
      const notices = channel.messages.filter(({ type }) => type === 'notice')
      assert.equal(notices.length, code === 1001 ? 1 : 0)
    }
  })
})
