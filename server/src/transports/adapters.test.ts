// What the adapters are mounted with: every request below a prefix is answered in the venue's form, sockets are held to
// the limits that the order channel has, and nothing is there when they are switched off.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { WebSocket } from 'ws'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const SOCKETS_MAX = 3

describe('an adapter', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ limits: { addressSocketsMax: SOCKETS_MAX } })
  })
  after(() => server.close())

  const connect = (path: string) => new WebSocket(`${server.url.replace('http', 'ws')}${path}`)
  const closed = async (socket: WebSocket) => (await within(once(socket, 'close'), 'the close'))[0] as number

  test('answers what it has not, and what is no request, in its venue’s form', async () => {
    const cases: [string, object, number, number][] = [
      ['GET /alpaca/v2/watchlists', {}, 404, 40_410_000],
      ['PUT /alpaca/v2/orders', {}, 404, 40_410_000],
      ['GET /alpaca/v2/account', {}, 401, 40_110_000],
      ['GET /alpaca/v2/account', { headers: { host: 'elsewhere.example' } }, 421, 42_110_000],
      ['POST /alpaca/v2/orders', { headers: { 'content-encoding': 'gzip' }, body: 'x' }, 415, 41_510_000],
      [
        'POST /alpaca/v2/orders',
        { headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(65 * 1024) },
        413,
        41_310_000,
      ],
    ]
    for (const [route, request, status, code] of cases) {
      const answer = await ask(server, route, request)
      assert.deepEqual([answer.status, answer.body.code, Object.keys(answer.body)], [status, code, ['code', 'message']])
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    }
  })

  test('answers so for each venue', async () => {
    const cases: [string, object, number, number][] = [
      ['GET /binance/fapi/v1/ping', {}, 404, -1020],
      ['POST /binance/api/v3/order', {}, 401, -2014],
      ['GET /binance/api/v3/time', { headers: { host: 'elsewhere.example' } }, 421, -1100],
    ]
    for (const [route, request, status, code] of cases) {
      const answer = await ask(server, route, request)
      assert.deepEqual([answer.status, answer.body.code, Object.keys(answer.body)], [status, code, ['code', 'msg']])
    }
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'symbol=VELTRUSD' }
    assert.equal((await ask(server, 'POST /binance/api/v3/order', form)).body.code, -2014)
  })

  test('has a body of any media type', async () => {
    const { token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const place = (type: string, body: string) =>
      ask(server, 'POST /alpaca/v2/orders', {
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body,
      })
    assert.equal((await place('text/plain', '{}')).body.message, 'symbol is required')
    const emptyType = await ask(server, 'DELETE /alpaca/v2/orders/1', {
      headers: { authorization: `Bearer ${token}`, 'content-type': '' },
    })
    assert.equal(emptyType.body.code, 40_410_000)
    const nested = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`
    assert.deepEqual((await place('application/json', nested)).status, 400)
  })

  test('refuses an upgrade where it has no stream, and a handshake that is none', async () => {
    const refused = (await within(once(connect('/alpaca/v2/orders'), 'error'), 'the refusal'))[0] as Error
    assert.equal(refused.message, 'Unexpected server response: 404')
    const plain = await ask(server, 'GET /alpaca/stream')
    assert.equal(plain.status, 404)
  })

  test('counts its sockets with those of the order channel, and bounds their frames', async () => {
    const sockets = Array.from({ length: SOCKETS_MAX }, () => connect('/alpaca/stream/v2/iex'))
    await within(Promise.all(sockets.map(socket => once(socket, 'message'))), 'the greetings')
    for (const path of ['/alpaca/stream', '/v1/socket']) {
      const one = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, 'papertape.v1')
      const [error] = (await within(once(one, 'error'), 'the refusal')) as [Error]
      assert.equal(error.message, 'Unexpected server response: 429', path)
    }
    sockets[0]!.send('x'.repeat(9 * 1024))
    assert.equal(await closed(sockets[0]!), 1009)
    for (const socket of sockets.slice(1)) {
      socket.close()
      await closed(socket)
    }
  })
})

test('a server that goes away closes the streams of adapters without a message of its own', async () => {
  const server = await openTestServer()
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/alpaca/stream/v2/iex`)
  const received: string[] = []
  socket.on('message', data => received.push(data.toString()))
  await within(once(socket, 'message'), 'the greeting')
  const closing = once(socket, 'close')
  await server.close()
  assert.equal((await within(closing, 'the close'))[0], 1001)
  assert.deepEqual(received, ['[{"T":"success","msg":"connected"}]'])
})

test('behind a proxy the adapters are below the base path', async test => {
  const server = await openTestServer({ access: { basePath: '/tape' } })
  test.after(() => server.close())
  const { status, body } = await ask(server, 'GET /tape/alpaca/v2/account')
  assert.deepEqual([status, body.code], [401, 40_110_000])
  const time = await ask(server, 'GET /tape/binance/api/v3/klines?symbol=VELTRUSD&interval=1m')
  assert.equal(time.status, 200)
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/tape/binance/stream?streams=veltrusd@bookTicker`)
  await within(once(socket, 'open'), 'the stream')
  socket.close()
  await within(once(socket, 'close'), 'the close')
})

test('with the adapters off there is nothing', async test => {
  const server = await openTestServer({ adapters: false })
  test.after(() => server.close())
  const { status, body } = await ask(server, 'GET /alpaca/v2/account')
  assert.deepEqual([status, body.code], [404, 'not-found'])
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/alpaca/stream`)
  const [error] = (await within(once(socket, 'error'), 'the refusal')) as [Error]
  assert.equal(error.message, 'Unexpected server response: 404')
})

test('Binance: a stream that is refused while timers are late is not open, and can be asked for again', async test => {
  const server = await openTestServer({ loopLagMaxMs: 40 })
  test.after(() => server.close())
  const { admission } = server.feed
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/binance/ws`)
  test.after(() => socket.terminate())
  await within(once(socket, 'open'), 'the handshake')
  const subscribe = async (id: number) => {
    socket.send(JSON.stringify({ id, method: 'SUBSCRIBE', params: ['veltrusd@bookTicker'] }))
    for (;;) {
      const [data] = await within(once(socket, 'message'), 'the answer')
      const message = JSON.parse(String(data)) as { readonly id?: number; readonly code?: number }
      if (message.id === id) return message.code
    }
  }
  for (let measured = 0; measured < 10; measured++) admission.addLag(60)
  assert.deepEqual([await subscribe(1), await subscribe(2), server.feed.readers], [2, 2, 0])
  for (let measured = 0; measured < 10; measured++) admission.addLag(0)
  assert.deepEqual([await subscribe(3), server.feed.readers], [undefined, 1])
})
