// A subscription of the order channel with the encoding binary, over real sockets: its handler gets what a text one
// gets, it resumes after the last event that it received, and what cannot be decoded ends the connection.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { BinaryEncoder, binaryHead } from '@papertape/protocol'
import { WebSocket, WebSocketServer } from 'ws'
import type { TappedFrame } from '../platform/frame-tap.ts'
import { spin } from '../testing/bad-server.ts'
import type { SocketConstructor } from './channel-interface.ts'
import { openOrderChannel } from './order-channel.ts'

const LIMIT = { timeout: 120_000 }
const TABLE = { epoch: 'k3f9', instruments: [{ symbol: 'VELTR', tickUnits: 100, lotSize: 1 }] }
const trade = (seq: number) => ({
  seq,
  ts: 1_767_605_400_250_000 + seq,
  time: 1_767_605_400_250,
  symbol: 'VELTR',
  tradeId: seq,
  price: 184.33,
  size: 120,
  aggressor: 'buy',
})

interface Subscribed {
  readonly connection: number
  readonly message: Readonly<Record<string, unknown>>
  /** Sends a hello and these trades, in one message. */
  greet(...seqs: readonly number[]): void
  /** Sends these bytes. */
  send(bytes: Uint8Array): void
  readonly socket: WebSocket
}

async function open(t: TestContext, onSubscribe: (subscribed: Subscribed) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  t.after(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const received: Record<string, unknown>[] = []
  let connection = 0
  server.on('connection', socket => {
    connection++
    socket.on('message', text => {
      const message = JSON.parse(String(text)) as Record<string, unknown>
      if (message.type !== 'subscribe') return
      received.push(message)
      socket.send(JSON.stringify({ type: 'ack', requestId: message.requestId }))
      const send = (bytes: Uint8Array) => socket.send(bytes)
      const greet = (...seqs: readonly number[]) => {
        const trades = seqs.map(seq => ({ id: `k3f9-${seq}`, event: 'trade', data: JSON.stringify(trade(seq)) }))
        const frames = [{ event: 'hello', data: '{"epoch":"k3f9"}' }, ...trades]
        for (const body of new BinaryEncoder(TABLE).encode(frames)) send(Buffer.concat([binaryHead('tape'), body]))
      }
      onSubscribe({ connection, message, greet, send, socket })
    })
  })
  const frames: TappedFrame[] = []
  const channel = openOrderChannel({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/socket`,
    logon: false,
    tap: { onFrame: frame => void frames.push(frame) },
    WebSocket: WebSocket as unknown as SocketConstructor,
  })
  t.after(() => channel.close())
  const events: unknown[] = []
  const subscribe = () =>
    channel.subscribe({ subscription: 'tape', events: ['trade'], encoding: 'binary' }, (event, id) =>
      events.push({ ...event, id }),
    )
  return { channel, events, frames, received, subscribe }
}

const asEvent = (seq: number) => ({ event: 'trade', data: trade(seq), id: `k3f9-${seq}` })
const HELLO = { event: 'hello', data: { epoch: 'k3f9' }, id: undefined }

describe('a binary subscription', LIMIT, () => {
  test('has the events of its messages, each once, and is sent again from the last one', async t => {
    const c = await open(t, ({ connection, greet, socket }) => {
      if (connection === 1) greet(1, 2, 2, 3)
      else greet(3, 4)
      if (connection === 1) setImmediate(() => socket.terminate())
    })
    await c.subscribe()
    await spin(() => c.events.length === 6)
    assert.deepEqual(c.events, [HELLO, asEvent(1), asEvent(2), asEvent(3), HELLO, asEvent(4)])
    assert.deepEqual(
      c.received.map(({ encoding, last }) => [encoding, last]),
      [
        ['binary', undefined],
        ['binary', 'k3f9-3'],
      ],
    )
  })

  test('is shown to an observer as JSON, with its share of the bytes', async t => {
    const c = await open(t, ({ greet }) => greet(1, 2))
    await c.subscribe()
    await spin(() => c.events.length === 3)
    const seen = c.frames.filter(({ event }) => event === 'event')
    const texts = seen.map(({ id, text }) => [id, JSON.parse(text)])
    const message = (seq: number) => {
      const id = `k3f9-${seq}`
      return [id, { type: 'event', subscription: 'tape', id, event: 'trade', data: trade(seq) }]
    }
    assert.deepEqual(texts.slice(1), [message(1), message(2)])
    assert.deepEqual(new Set(seen.map(({ bytes }) => bytes)).size, 1)
    assert.ok(seen[0]!.bytes < 100, `${seen[0]!.bytes} bytes`)
  })

  test('that cannot be decoded ends the connection, and resumes on the next one', async t => {
    const c = await open(t, ({ connection, greet, send }) => {
      greet(connection)
      if (connection === 1) send(Uint8Array.from([99, 0]))
    })
    await c.subscribe()
    await spin(() => c.events.length === 4)
    assert.deepEqual(c.events, [HELLO, asEvent(1), HELLO, asEvent(2)])
    assert.equal(c.received[1]!.last, 'k3f9-1')
  })
})
