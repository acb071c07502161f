// What an observer of frames is given: the text of each transport as sent and received, whole blocks alone, and nothing
// while nobody observes.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { SUBPROTOCOL } from '@papertape/protocol'
import { WebSocket, WebSocketServer } from 'ws'
import type { SocketConstructor } from './orders/channel-interface.ts'
import { openOrderChannel } from './orders/order-channel.ts'
import { describeBlock, type TappedFrame } from './platform/frame-tap.ts'
import { RequestError, Rest } from './rest/rest.ts'
import { hello, idOf, json, spin, startBadServer, stream, trade } from './testing/bad-server.ts'
import { watchFeed } from './testing/watched-feed.ts'

const LIMIT = { timeout: 120_000 }

function observe() {
  const frames: TappedFrame[] = []
  const tap: { onFrame: ((frame: TappedFrame) => void) | undefined } = { onFrame: frame => void frames.push(frame) }
  const seen = () => frames.map(({ direction, event, id, text }) => [direction, event, id, text])
  return { frames, tap, seen }
}

describe('frames are reported', LIMIT, () => {
  test('of a stream: the request, then each block as received, also one without an event', async t => {
    const { frames, tap, seen } = observe()
    const blocks = ['retry: 2500\n\n', hello, trade(1), ': still here\n\n', trade(2)]
    const { server, until, ids } = await watchFeed(t, (_, response) => void stream(response).write(blocks.join('')), {
      tap,
    })
    await until(() => ids.length === 2)
    assert.deepEqual(seen(), [
      ['out', 'GET', undefined, `GET ${server.baseUrl}/v1/stream${server.requests[0]!.search}`],
      ['in', 'retry', undefined, blocks[0]],
      ['in', 'hello', undefined, blocks[1]],
      ['in', 'trade', idOf(1), blocks[2]],
      ['in', 'comment', undefined, blocks[3]],
      ['in', 'trade', idOf(2), blocks[4]],
    ])
    assert.equal(
      frames.slice(1).reduce((sum, { bytes }) => sum + bytes, 0),
      Buffer.byteLength(blocks.join('')),
    )
  })

  test('from the first whole block after somebody observes, and no longer than that', async t => {
    const { tap, seen } = observe()
    const { onFrame } = tap
    tap.onFrame = undefined
    let response: ReturnType<typeof stream> | undefined
    const { until, ids } = await watchFeed(
      t,
      (_, answer) => {
        response = stream(answer)
        response.write(hello + trade(1) + trade(2).slice(0, 9))
      },
      { tap },
    )
    await until(() => ids.length === 1)
    tap.onFrame = onFrame
    response!.write(trade(2).slice(9) + trade(3))
    await until(() => ids.length === 3)
    tap.onFrame = undefined
    response!.write(trade(4))
    await until(() => ids.length === 4)
    assert.deepEqual(seen(), [['in', 'trade', idOf(3), trade(3)]])
  })

  test('of polls: the request and the body', async t => {
    const { tap, seen } = observe()
    const answer = { last: idOf(1), events: [{ id: idOf(1), event: 'trade', data: { seq: 1, price: '€' } }] }
    const { server, until, ids } = await watchFeed(
      t,
      (_, response, count) => {
        if (count === 1) json(response, 200, answer)
      },
      { transport: 'longPoll', tap },
    )
    await until(() => ids.length === 1)
    assert.deepEqual(seen().slice(0, 2), [
      ['out', 'GET', undefined, `GET ${server.baseUrl}/v1/poll${server.requests[0]!.search}`],
      ['in', '200', idOf(1), JSON.stringify(answer)],
    ])
  })

  test('of requests: line and body, the answer with its status, also a refusal', async t => {
    const { frames, tap, seen } = observe()
    const server = await startBadServer(t, (url, response) =>
      url.pathname === '/v1/quotes' ? json(response, 200, { quotes: ['€'] }) : json(response, 422, { code: 'no' }),
    )
    const rest = new Rest({ baseUrl: server.baseUrl, tap })
    await rest.quotes(['AAA'])
    await assert.rejects(rest.send('POST', '/v1/orders', { size: 1 }), RequestError)
    await spin(() => frames.length === 4)
    assert.deepEqual(seen(), [
      ['out', 'GET', '1', `GET ${server.baseUrl}/v1/quotes?symbols=AAA`],
      ['in', '200', '1', '{"quotes":["€"]}'],
      ['out', 'POST', '2', `POST ${server.baseUrl}/v1/orders\n\n{"size":1}`],
      ['in', '422', '2', '{"code":"no"}'],
    ])
    assert.equal(frames[1]!.bytes, 18)
  })

  test('of a socket: open, messages of both sides, close', async t => {
    const { tap, seen } = observe()
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    t.after(() => server.close())
    const logons: string[] = []
    server.on('connection', socket => {
      socket.on('message', data => {
        logons.push(String(data))
        socket.send('{"type":"heartbeat"}', () => socket.close(1008, 'policy'))
      })
    })
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/socket`
    const channel = openOrderChannel({ url, tap, WebSocket: WebSocket as unknown as SocketConstructor })
    t.after(() => channel.close())
    await spin(() => seen().some(([, event]) => event === 'close'))
    assert.deepEqual(seen(), [
      ['out', 'open', undefined, `GET ${url}\nSec-WebSocket-Protocol: ${SUBPROTOCOL}`],
      ['out', 'logon', undefined, logons[0]],
      ['in', 'heartbeat', undefined, '{"type":"heartbeat"}'],
      ['in', 'close', undefined, '1008 policy'],
    ])
  })
})

test('a block is named by its event, or by what it has', () => {
  assert.deepEqual(describeBlock('event: trade\nid: a-1\ndata: {}\n\n'), { event: 'trade', id: 'a-1' })
  assert.deepEqual(describeBlock('data: event: x\n\n'), { event: 'message', id: undefined })
  assert.deepEqual(describeBlock('retry: 1\n\n'), { event: 'retry', id: undefined })
  assert.deepEqual(describeBlock(':\n\n'), { event: 'comment', id: undefined })
})
