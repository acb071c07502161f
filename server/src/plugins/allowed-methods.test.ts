// The methods of each path: 405 with Allow, OPTIONS, HEAD, and a redirect where only the trailing slash is wrong.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

describe('an answer', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  describe('of a method', () => {
    for (const [path, allow] of [
      ['/v1/instruments', 'GET, HEAD'],
      ['/v1/instruments/VELTR', 'GET, HEAD'],
      ['/v1/instruments/VELTR/book', 'GET, HEAD'],
      ['/v1/instruments/VELTR/trades', 'GET, HEAD'],
      ['/v1/instruments/VELTR/candles', 'GET, HEAD'],
      ['/v1/quotes', 'GET, HEAD'],
      ['/v1/stream', 'GET, HEAD'],
      ['/v1/poll', 'GET, HEAD'],
      ['/v1/transport', 'GET, HEAD'],
      ['/v1/socket', 'GET, HEAD'],
      ['/v1/accounts', 'POST'],
      ['/v1/account', 'GET, HEAD'],
      ['/v1/positions', 'GET, HEAD'],
      ['/v1/fills', 'GET, HEAD'],
      ['/v1/orders', 'GET, HEAD, POST, DELETE'],
      ['/v1/orders/1', 'GET, HEAD, PATCH, DELETE'],
      ['/v1/market', 'GET, HEAD, PATCH'],
      ['/v1/operator', 'POST, DELETE'],
      ['/v1/session', 'GET, HEAD, POST'],
      ['/v1/session/accounts/p1', 'DELETE'],
      ['/v1/session/accounts/p1/reset', 'POST'],
      ['/v1/candles', 'GET, HEAD'],
      ['/v1/news', 'GET, HEAD'],
      ['/v1/orders/1/executions', 'GET, HEAD'],
      ['/health', 'GET, HEAD'],
      ['/docs', 'GET, HEAD'],
    ] as const) {
      test(`that ${path} does not take is a 405 with Allow, and OPTIONS says the same`, async () => {
        const expected = `${allow}, OPTIONS`.split(', ').sort()
        for (const method of ['PUT', 'TRACE', 'PROPFIND', ...(allow.includes('POST') ? [] : ['POST'])]) {
          const { status, headers, body } = await ask(server, `${method} ${path}`)
          assert.deepEqual([status, body.code], [405, 'method-not-allowed'], method)
          assert.deepEqual(headers.allow?.split(', ').sort(), expected)
        }
        const options = await ask(server, `OPTIONS ${path}`)
        assert.deepEqual([options.status, options.headers.allow?.split(', ').sort()], [204, expected])
      })
    }
  })

  for (const [type, encoding, body] of [
    ['application/json', 'identity', '{'],
    ['text/plain', 'identity', 'x'],
    ['application/json', 'gzip', 'x'],
    ['', 'identity', '{}'],
  ] as const) {
    test(`of a missing address or method does not mind a body of ${type || 'no type'}, ${encoding}: ${body}`, async () => {
      const headers = { ...(type !== '' && { 'content-type': type }), 'content-encoding': encoding }
      for (const [route, status] of [
        ['POST /v1/nothing', 404],
        ['DELETE /nothing', 404],
        ['QUERY /nothing', 404],
        ['POST /v1/instruments', 405],
        ['PUT /v1/account', 405],
        ['QUERY /v1/stream', 405],
      ] as const) {
        assert.equal((await ask(server, route, { headers, body })).status, status, route)
      }
    })
  }

  describe('HEAD', () => {
    for (const path of ['/v1/instruments', '/v1/quotes', '/v1/transport', '/health', '/docs', '/v1/market']) {
      test(`of ${path} has what GET has, without the body`, async () => {
        const [head, get] = [await ask(server, `HEAD ${path}`), await ask(server, `GET ${path}`)]
        assert.deepEqual([head.status, head.text], [200, ''])
        for (const name of ['content-type', 'cache-control', 'access-control-allow-origin', 'vary'] as const) {
          assert.equal(head.headers[name], get.headers[name], name)
        }
      })
    }

    test('of the stream has its headers and ends at once', async () => {
      const text = 'HEAD /v1/stream?symbols=VELTR HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
      const { status, head, body } = readRaw(await exchange(server.port, text))
      assert.deepEqual([status, body], [200, ''])
      assert.match(head, /^content-type: text\/event-stream; charset=utf-8$/m)
      assert.match(head, /^cache-control: no-store, no-transform$/m)
      assert.match(head, /^x-accel-buffering: no$/m)
      assert.equal((await ask(server, 'GET /health')).body.streams, 0)
    })

    test('of a long poll does not wait', async () => {
      const { body } = await ask(server, 'GET /v1/quotes')
      const startMs = performance.now()
      const { status, headers } = await ask(server, `HEAD /v1/poll?last=${body.id}&events=news&wait=30`)
      assert.deepEqual([status, headers['cache-control']], [200, 'no-store'])
      assert.ok(performance.now() - startMs < 2_000)
    })
  })

  test('is none where only the slash at the end is too much', async () => {
    for (const [path, location] of [
      ['/v1/quotes/?symbols=VELTR', '/v1/quotes?symbols=VELTR'],
      ['/v1/instruments/', '/v1/instruments'],
      ['/v1/instruments/VELTR/', '/v1/instruments/VELTR'],
      ['/v1/orders/', '/v1/orders'],
      ['/docs/', '/docs'],
      ['/docs/errors/?x', '/docs/errors?x'],
    ] as const) {
      const { status, headers } = await ask(server, `GET ${path}`)
      assert.deepEqual([status, headers.location], [308, location])
      assert.equal((await ask(server, `DELETE ${path}`)).status, 404)
    }
  })
})
