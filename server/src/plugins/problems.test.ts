// Errors by the book (RFC 9110, 9457): every one a problem with a code, the status and headers that the standard names, also
// those of the HTTP parser and over HTTP/2; unknown names are refused with the one that was meant.

import assert from 'node:assert/strict'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

const ORDER = { clientOrderId: 'x', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }

test('what strangers send leaves no line in the log', async () => {
  const logLines: string[] = []
  const server = await openTestServer({ logLines })
  const host = 'Host: localhost\r\n'
  const upgrade = `${host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`
  const socket = `${upgrade}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: papertape.v1\r\n`
  for (const text of [
    'FOO\r\n\r\n',
    `GET /% HTTP/1.1\r\n${host}\r\n`,
    `GET /v1/instruments/NOPE HTTP/1.1\r\n${host}\r\n`,
    'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    `POST /v1/accounts HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
    `GET /v1/socket HTTP/1.1\r\n${upgrade}\r\n`,
    // Frames with reserved bits, and one that is not masked.
    `GET /v1/socket HTTP/1.1\r\n${socket}\r\n\xf1\x80\x00\x00\x00\x00`,
    `GET /v1/socket HTTP/1.1\r\n${socket}\r\n\x81\x01{`,
  ]) {
    await exchange(server.port, text, { until: /\}$|\x88/ })
  }
  await server.close()
  assert.deepEqual(logLines, [])
})

describe('an error', () => {
  let server: TestServer
  let token: string
  before(async () => {
    server = await openTestServer()
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())
  const bearer = () => ({ authorization: `Bearer ${token}` })

  test('of the parser is a problem, on both ports', async () => {
    const long = 'x'.repeat(20_000)
    for (const [text, status, code] of [
      ['FOO /\r\n\r\n', 400, 'bad-request'],
      ['GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400, 'bad-request'],
      ['GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n', 400, 'bad-request'],
      ['POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n', 400, 'bad-request'],
      [
        'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        400,
        'bad-request',
      ],
      [
        'POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
        400,
        'bad-request',
      ],
      [`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${long}\r\n\r\n`, 431, 'headers-too-large'],
      [`GET /${long} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431, 'headers-too-large'],
      ['GET /health HTTP/1.1\r\n\r\n', 400, 'bad-request'],
      ['GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n', 400, 'bad-request'],
      ['GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n', 417, 'unsupported-expectation'],
      ['CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n', 501, 'not-implemented'],
    ] as const) {
      for (const [port, secure] of [
        [server.port, false],
        [server.tlsPort, true],
      ] as const) {
        const answer = readRaw(await exchange(port, text, { secure, until: /\}/ }))
        assert.deepEqual([answer.status, answer.code], [status, code], `${text.slice(0, 60)} ${answer.head}`)
        assert.match(answer.type ?? '', /^application\/problem\+json/)
      }
    }
  })

  for (const [route, status, code] of [
    ['GET /%', 400, 'bad-request'],
    ['GET /%zz', 400, 'bad-request'],
    ['GET /v1/instruments/%zz', 400, 'bad-request'],
    ['GET /v1/instruments/%ff', 400, 'bad-request'],
    [`GET /v1/instruments/${'X'.repeat(200)}`, 414, 'uri-too-long'],
    ['GET /v1/instruments/NOPE', 404, 'not-found'],
    ['GET /v1/nothing', 404, 'not-found'],
    ['POST /v1/nothing', 404, 'not-found'],
    ['DELETE /nothing', 404, 'not-found'],
    ['PROPFIND /nothing', 404, 'not-found'],
    ['OPTIONS /v1/nothing', 404, 'not-found'],
    ['GET /v1/account', 401, 'not-logged-on'],
    ['GET /v1/quotes?symbols=NOPE', 400, 'unknown-symbol'],
    ['GET /v1/instruments/VELTR/book?depth=0', 400, 'bad-request'],
    ['GET /v1/stream?maxHz=100', 400, 'bad-parameter'],
  ] as const) {
    test(`of ${route.slice(0, 60)} is ${status} ${code}`, async () => {
      const { status: answered, headers, body } = await ask(server, route)
      assert.deepEqual([answered, body.code, body.status], [status, code, status])
      assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
      assert.ok(body.title.length > 5 && body.detail.length > 10 && body.docs.startsWith('/docs/errors#'))
    })
  }

  test('over HTTP/2 is the same problem', async () => {
    const session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
    const request = (headers: http2.OutgoingHttpHeaders, body?: string) =>
      new Promise<{ headers: http2.IncomingHttpHeaders; text: string }>((resolve, reject) => {
        const stream = session.request(headers, { endStream: body === undefined })
        let answered: http2.IncomingHttpHeaders = {}
        let text = ''
        stream.setTimeout(3_000, () => reject(new Error('no answer')))
        stream.on('error', reject)
        stream.on('response', given => {
          answered = given
        })
        stream.on('data', chunk => {
          text += chunk
        })
        stream.on('end', () => resolve({ headers: answered, text }))
        if (body !== undefined) stream.end(body)
      })
    for (const [path, method, status, code, body, extra] of [
      ['/%', 'GET', 400, 'bad-request'],
      ['/v1/quotes', 'PUT', 405, 'method-not-allowed'],
      ['/v1/nothing', 'GET', 404, 'not-found'],
      ['/v1/account', 'GET', 401, 'not-logged-on'],
      ['/v1/accounts', 'POST', 415, 'unsupported-media-type', '{}'],
      ['/v1/accounts', 'POST', 400, 'bad-json', '{', { 'content-type': 'application/json' }],
      ['/health', 'GET', 421, 'unknown-host', undefined, { ':authority': 'evil.example' }],
    ] as const) {
      const answer = await request({ ':path': path, ':method': method, ...extra }, body)
      assert.equal(answer.headers[':status'], status, `${method} ${path}`)
      assert.equal(JSON.parse(answer.text).code, code)
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    }
    session.close()
  })

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
      ['/v1/session', 'GET, HEAD'],
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

  test('without a token names the scheme; with a bad one says that it is bad', async () => {
    for (const [route, headers, pattern] of [
      ['GET /v1/account', {}, /^Bearer realm="papertape"$/],
      ['GET /v1/orders/1', {}, /^Bearer /],
      ['DELETE /v1/orders', {}, /^Bearer /],
      ['GET /v1/account', { authorization: 'Bearer pt_nobody' }, /error="invalid_token"/],
      ['GET /v1/account', { authorization: 'Basic cHQ6cHQ=' }, /^Bearer /],
    ] as const) {
      const answer = await ask(server, route, { headers })
      assert.equal(answer.status, 401)
      assert.match(answer.headers['www-authenticate'] ?? '', pattern)
    }
  })

  for (const [what, headers] of [
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['something like JSON', { 'content-type': 'application/jsonx' }],
    ['nothing that it says', { 'content-type': '' }],
    ['compressed JSON', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ] as const) {
    test(`of a body that is ${what} is a 415`, async () => {
      for (const route of ['POST /v1/orders', 'POST /v1/accounts', 'PATCH /v1/orders/1', 'POST /v1/operator']) {
        const answer = await ask(server, route, { headers: { ...bearer(), ...headers }, body: '{"cash":1}' })
        assert.deepEqual([answer.status, answer.body.code], [415, 'unsupported-media-type'], route)
        assert.equal(answer.headers.accept, 'application/json')
      }
    })
  }

  test('of a body without a media type is a 415, chunked too; JSON with a parameter is read', async () => {
    const { port } = server
    for (const framing of ['Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n']) {
      const text = `POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\n${framing}`
      assert.equal(readRaw(await exchange(port, text, { until: /\}$/ })).status, 415, framing)
    }
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    assert.equal((await ask(server, 'POST /v1/accounts', { headers, body: '{}' })).status, 201)
  })

  test('is none for want of a body, where the media type of one is named', async () => {
    const headers = { ...bearer(), 'content-type': 'application/json' }
    for (const [route, status] of [
      ['DELETE /v1/orders', 200],
      ['DELETE /v1/orders/999', 404],
      ['POST /v1/accounts', 201],
      ['POST /v1/orders', 400],
    ] as const) {
      for (const length of [{}, { 'content-length': '0' }, { 'transfer-encoding': 'chunked' }]) {
        const answer = await ask(server, route, { headers: { ...headers, ...length } })
        assert.equal(answer.status, status, `${route} ${JSON.stringify(length)} ${answer.text}`)
      }
    }
  })

  test('of an order that is not there is a 404, whichever the method', async () => {
    for (const [route, body] of [
      ['GET /v1/orders/999', undefined],
      ['DELETE /v1/orders/999', undefined],
      ['PATCH /v1/orders/999', { clientOrderId: 'y', size: 2 }],
      [`GET /v1/orders/${'9'.repeat(33)}`, undefined],
      [`DELETE /v1/orders/${'x'.repeat(100)}`, undefined],
      [`PATCH /v1/orders/${'9'.repeat(64)}`, { clientOrderId: 'y', size: 2 }],
    ] as const) {
      const answer = await ask(server, route, { headers: bearer(), ...(body && { body }) })
      assert.deepEqual([answer.status, answer.body.code], [404, 'unknown-order'], route)
    }
  })

  describe('of an unknown parameter', () => {
    for (const [route, words] of [
      ['GET /v1/stream?symbol=VELTR', /unknown parameter symbol; did you mean symbols\?/],
      ['GET /v1/stream?event=trade', /did you mean events\?/],
      ['GET /v1/stream?maxhz=1', /did you mean maxHz\?/],
      ['GET /v1/stream?last-event-id=x', /did you mean lastEventId\?/],
      ['GET /v1/poll?timeout=5', /did you mean wait\?/],
      ['GET /v1/quotes?symbol=VELTR', /did you mean symbols\?/],
      ['GET /v1/instruments?limit=5', /unknown parameter limit; none is taken/],
      ['GET /v1/instruments/VELTR/book?levels=5', /did you mean depth\?/],
      ['GET /v1/instruments/VELTR/trades?Limit=5', /did you mean limit\?/],
      ['GET /v1/instruments/VELTR/candles?resolution=1m', /did you mean interval\?/],
      ['GET /v1/transport?realTime=true', /did you mean realtime\?/],
      ['GET /v1/fills?since=5', /did you mean after\?/],
      ['DELETE /v1/orders?symbols=VELTR', /did you mean symbol\?/],
      ['GET /v1/market?__proto__=x', /unknown parameter __proto__/],
      ['GET /health?verbose', /unknown parameter verbose/],
      ['HEAD /v1/stream?symbol=VELTR', /^$/],
      ['GET /v1/quotes?zzzzzzzzzz=1', /unknown parameter zzzzzzzzzz; it takes symbols/],
    ] as const) {
      test(`names the nearest known one: ${route}`, async () => {
        const { status, body, text } = await ask(server, route, { headers: bearer() })
        assert.equal(status, 400)
        assert.match(body?.detail ?? text, words)
        if (text !== '') assert.equal(body.code, 'bad-parameter')
      })
    }

    for (const path of ['/v1/quotes?', '/v1/quotes?&', '/v1/quotes?symbols=', '/v1/quotes?sym%62ols=VELTR&']) {
      test(`finds none in ${path}`, async () => assert.equal((await ask(server, `GET ${path}`)).status, 200))
    }

    test('or of one that is given twice says so; a list may be', async () => {
      for (const route of ['GET /v1/stream?maxHz=1&maxHz=2', 'GET /v1/instruments/VELTR/trades?limit=1&limit=1']) {
        const { status, body } = await ask(server, route)
        assert.deepEqual([status, body.code], [400, 'bad-parameter'])
        assert.match(body.detail, /2 times/)
      }
      assert.equal((await ask(server, 'GET /v1/quotes?symbols=VELTR&symbols=NIMBR')).body.quotes.length, 2)
    })
  })

  for (const route of [
    'GET /v1/instruments/VELTR/book?depth=1.5',
    'GET /v1/instruments/VELTR/trades?limit=true',
    'GET /v1/instruments/VELTR/trades?before=0x10',
    'GET /v1/instruments/VELTR/candles?from=1e3',
    'GET /v1/orders?limit=%205',
    'GET /v1/fills?after=1.5',
    'GET /v1/poll?wait=0x1',
  ]) {
    test(`of a parameter that is no number in decimal digits: ${route}`, async () => {
      const { status, body } = await ask(server, route, { headers: bearer() })
      assert.deepEqual([status, body.code], [400, 'bad-parameter'])
      assert.match(body.detail, /number/)
    })
  }

  describe('of an unknown field', () => {
    for (const [change, words] of [
      [{ qty: 5 }, /unknown field qty; did you mean size\?/],
      [{ quantity: 5, size: undefined }, /did you mean size\?.*required properties size/],
      [{ sizee: 5 }, /did you mean size\?/],
      [{ client_order_id: 'x' }, /did you mean clientOrderId\?/],
      [{ tif: 'GTC' }, /did you mean timeInForce\?/],
      [{ type: 'limit' }, /did you mean orderType\?/],
      [{ note: 'x' }, /unknown field note; it takes clientOrderId/],
    ] as const) {
      test(`names the nearest known one: ${JSON.stringify(change)}`, async () => {
        const { status, body } = await ask(server, 'POST /v1/orders', {
          headers: bearer(),
          body: { ...ORDER, ...change },
        })
        assert.deepEqual([status, body.code], [400, 'bad-request'])
        assert.match(body.detail, words)
        assert.doesNotMatch(body.detail, /schema is false/)
      })
    }

    test('inside of another, and in an optional body', async () => {
      const operator = { authorization: `Bearer op_${'test'.repeat(8)}` }
      const halt = await ask(server, 'PATCH /v1/market', { headers: operator, body: { halt: { halt: true } } })
      assert.match(halt.body.detail, /unknown field halt; did you mean halted\?/)
      const account = await ask(server, 'POST /v1/accounts', { body: { balance: 5 } })
      assert.match(account.body.detail, /unknown field balance; did you mean cash\?/)
    })
  })

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

  test('of a request behind a good one comes after its answer', async () => {
    const text = 'GET /v1/quotes HTTP/1.1\r\nHost: localhost\r\n\r\nFOO\r\n\r\n'
    const received = await exchange(server.port, text)
    assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 400'])
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

  test('absolute form names the same thing (RFC 9112 3.2.2); OPTIONS * is answered', async () => {
    const text = `GET http://localhost:${server.port}/health HTTP/1.1\r\nHost: localhost\r\n\r\n`
    assert.equal(readRaw(await exchange(server.port, text, { until: /\}$/ })).status, 200)
    const foreign = 'GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n'
    assert.equal(readRaw(await exchange(server.port, foreign, { until: /\}$/ })).status, 421, 'its host counts')
    const options = readRaw(
      await exchange(server.port, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n', { until: /\r\n\r\n/ }),
    )
    assert.equal(options.status, 204)
  })
})
