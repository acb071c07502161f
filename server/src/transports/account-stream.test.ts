// The stream of an account over each HTTP version: who may open it, how it starts, goes on from a position, is reset,
// and what a full or closing server says. A peer that does not read gets the reason and can go on.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { HEARTBEAT_MS } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { WAYS, type Way } from '../testing/raw-socket.ts'
import { openRawStream } from '../testing/raw-stream.ts'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, type TestServer } from '../testing/test-server.ts'

const LAG_MAX_MS = 2_000
/** As in sse-response.ts. */
const BUFFERED_BYTES_MAX = 64 * 1024
/** Of an account. */
const STREAMS_MAX = 10

describe('the stream of an account', () => {
  let server: TestServer
  let token: string
  let accountId: string
  let orders = 0
  beforeEach(async () => {
    server = await openTestServer({ lagMaxMs: LAG_MAX_MS })
    ;({ token, accountId } = await server.accounts.open())
    orders = 0
  })
  afterEach(() => server.close())

  const open = (way: Way = 'HTTP/1.1', position = '', query = '') => {
    const headers = { authorization: `Bearer ${token}`, ...(position !== '' && { 'last-event-id': position }) }
    return openRawStream(way, server, query, { route: '/v1/account/stream', headers })
  }
  /** Rests far below the market: two private events, the execution and the buying power. */
  async function place(): Promise<void> {
    const order = {
      clientOrderId: `o${++orders}`,
      symbol: server.feed.view.symbols[0]!,
      side: 'buy',
      size: 1,
      price: 1,
    }
    const terms = { orderType: 'limit', timeInForce: 'GTC', postOnly: false } as const
    const placed = server.venue.submit({ type: 'order.place', accountId, ...order, ...terms, side: 'buy' }).answer
    await server.pass(20)
    await placed
  }
  const lastSeq = async () => (await server.venue.query('privateRange', { accountId }))!.lastSeq
  const numbers = (messages: readonly { readonly lastEventId: string; readonly event: string }[]) =>
    messages
      .filter(({ event }) => ['execution', 'balance', 'queue', 'position'].includes(event))
      .map(({ lastEventId }) => Number(lastEventId.split('-')[1]))
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

  for (const way of WAYS) {
    test(`over ${way} starts with hello and a snapshot, goes on live, and resumes exactly`, async () => {
      await place()
      const first = await open(way)
      const snapshot = await first.until(({ event }) => event === 'snapshot')
      assert.deepEqual(
        first.messages.map(({ event }) => event),
        ['hello', 'snapshot'],
      )
      const hello = JSON.parse(first.messages[0]!.data)
      const { seq, ...account } = JSON.parse(snapshot.data)
      assert.deepEqual(
        [account.accountId, account.orders.length, snapshot.lastEventId],
        [accountId, 1, `${hello.privateEpoch}-${seq}`],
      )
      assert.deepEqual([hello.accountId, hello.lastSeq, hello.oldest], [accountId, seq, 1])
      await place()
      const head = await lastSeq()
      await first.until(({ lastEventId }) => lastEventId === `${hello.privateEpoch}-${head}`)
      assert.deepEqual(numbers(first.messages), range(seq + 1, head))
      first.destroy()
      const again = await open(way, `${hello.privateEpoch}-1`)
      await again.until(({ lastEventId }) => lastEventId === `${hello.privateEpoch}-${head}`)
      assert.deepEqual(numbers(again.messages), range(2, head))
      assert.equal(again.messages.filter(({ event }) => event === 'snapshot').length, 0)
      again.destroy()
    })
  }

  test('answers a position that it cannot go on from with one reset and a snapshot', async () => {
    await place()
    const head = await lastSeq()
    for (const [requested, reason] of [
      ['nonsense', 'bad-id'],
      ['zzzz0000-1', 'epoch'],
      [`${server.epoch}-${head + 1}`, 'ahead'],
    ] as const) {
      const stream = await open('HTTP/1.1', '', `last=${requested}`)
      await stream.until(({ event }) => event === 'snapshot')
      assert.deepEqual(
        stream.messages.map(({ event }) => event),
        ['hello', 'reset', 'snapshot'],
      )
      const reset = JSON.parse(stream.messages[1]!.data)
      assert.deepEqual(reset, { reason, requested, epoch: server.epoch, oldest: 1, head })
      stream.destroy()
    }
    // The header wins over the parameter.
    const stream = await open('HTTP/1.1', `${server.epoch}-${head}`, 'last=nonsense')
    await place()
    await stream.until(({ event }) => event === 'execution')
    assert.deepEqual(
      stream.messages.slice(0, 2).map(({ event }) => event),
      ['hello', 'execution'],
    )
    stream.destroy()
  })

  test('sends a heartbeat with the last number after 15 s without an event', async () => {
    const stream = await open()
    await stream.until(({ event }) => event === 'snapshot')
    await server.pass(HEARTBEAT_MS)
    const heartbeat = await stream.until(({ event }) => event === 'heartbeat')
    assert.equal(JSON.parse(heartbeat.data).lastSeq, await lastSeq())
    assert.equal(heartbeat.lastEventId, `${server.epoch}-${await lastSeq()}`)
    stream.destroy()
  })

  test('is refused without a token, with an unknown one, and to pages of other origins', async () => {
    const asked = (headers: Record<string, string>) => ask(server, 'GET /v1/account/stream', { headers })
    assert.deepEqual([(await asked({})).status, (await asked({})).body.code], [401, 'not-logged-on'])
    assert.equal((await asked({ authorization: 'Bearer pt_of-nobody' })).body.code, 'bad-token')
    const foreign = await asked({ authorization: `Bearer ${token}`, origin: 'https://evil.example' })
    assert.deepEqual([foreign.status, foreign.body.code], [403, 'foreign-origin'])
    const head = `HEAD /v1/account/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`
    assert.match(await exchange(server.port, head, { until: /\r\n\r\n/ }), /^HTTP\/1.1 200 .*text\/event-stream/s)
  })

  test('is busy above the streams that an account may have, never an error status', async () => {
    const streams = []
    for (let n = 0; n < STREAMS_MAX; n++) streams.push(await open())
    const full = await open()
    assert.ok(JSON.parse((await full.until(({ event }) => event === 'busy')).data).retryMs >= 1_000)
    assert.equal(await full.ended, 'ended')
    for (const stream of streams) {
      stream.destroy()
      await stream.ended
    }
  })

  test('is busy above the streams of the server, and open again when one has ended', async () => {
    await server.close()
    server = await openTestServer({ streamsMax: 1 })
    token = (await server.accounts.open()).token
    const first = await open('HTTP/2')
    await first.until(({ event }) => event === 'snapshot')
    const second = await open()
    await second.until(({ event }) => event === 'busy')
    first.destroy()
    await first.ended
    // The server learns of the end a moment later.
    let answer = ''
    for (let tries = 0; answer !== 'snapshot'; tries++) {
      assert.ok(tries < 1_000)
      const third = await open()
      answer = (await third.until(({ event }) => event === 'busy' || event === 'snapshot')).event
      third.destroy()
    }
  })

  test('ends with drain when the server goes away', async () => {
    const stream = await open()
    await stream.until(({ event }) => event === 'snapshot')
    const closed = server.app.close()
    assert.ok(JSON.parse((await stream.until(({ event }) => event === 'drain')).data).retryMs > 0)
    assert.equal(await stream.ended, 'ended')
    await closed
  })

  test('holds a bounded part for a peer that does not read, ends it, and loses nothing', async () => {
    const accepted = once(server.app.server, 'connection') as Promise<[net.Socket]>
    const client = net.connect(server.port, '127.0.0.1')
    const [transport] = await within(accepted, 'a connection')
    let received = ''
    client.setEncoding('latin1').on('data', chunk => {
      received += chunk
    })
    client.write(`GET /v1/account/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`)
    const receives = async (text: string) => {
      while (!received.includes(text)) await within(once(client, 'data'), text)
    }
    await receives('event: snapshot')
    transport.cork()
    while (transport.writableLength <= BUFFERED_BYTES_MAX) await place()
    for (let n = 0; n < 20; n++) await place()
    assert.ok(transport.writableLength < BUFFERED_BYTES_MAX + 1_024, `${transport.writableLength} bytes`)
    const held = /id: \w+-(\d+)\nevent: (?!snapshot)/g
    await server.pass(LAG_MAX_MS)
    transport.uncork()
    await receives('event: lagging')
    await receives('\r\n0\r\n\r\n')
    const seen = [...received.matchAll(held)].map(([, seq]) => Number(seq))
    assert.deepEqual(seen, range(seen[0]!, seen.at(-1)!))
    client.destroy()
    const again = await open('HTTP/1.1', `${server.epoch}-${seen.at(-1)}`)
    const head = await lastSeq()
    assert.ok(head > seen.at(-1)!, 'events that it did not have yet')
    await again.until(({ lastEventId }) => lastEventId === `${server.epoch}-${head}`)
    assert.deepEqual(numbers(again.messages), range(seen.at(-1)! + 1, head))
    again.destroy()
  })
})
