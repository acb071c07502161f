// Invalid input over the socket and over REST: each answer says what was wrong and what would be right. Other clients
// are not affected: at the end the service answers as before, and a stream that was open still runs.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { type Channel, type ChannelMessage, logOn, openAccount, openChannel } from '../support/channel.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream, type StreamReader } from '../support/stream.ts'

const ORDER = { clientOrderId: 'x', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': randomBytes(16).toString('base64'),
}

describe('bad input', () => {
  let server: RunningServer
  let bystander: StreamReader
  before(async () => {
    server = await startServer({ flags: ['--pace', '4x', '--symbols', '2', '--origins', 'https://desk.example'] })
    bystander = await openStream(`${server.url}/v1/stream?mode=raw&events=quote,trade,book,candle,status,news`)
  })
  after(async () => {
    bystander.cut()
    await server.dispose()
  })

  async function connect(test: TestContext): Promise<Channel> {
    const channel = await openChannel(server.url)
    test.after(() => channel.socket.terminate())
    return channel
  }
  async function logOnNew(test: TestContext): Promise<Channel> {
    const { channel } = await logOn(server.url, (await openAccount(server.url)).token)
    test.after(() => channel.socket.terminate())
    return channel
  }
  /** Sends text as it is, then a ping; returns what came before the pong. */
  async function answersTo(channel: Channel, text: string): Promise<ChannelMessage[]> {
    const from = channel.messages.length
    channel.socket.send(text)
    const pong = await channel.ask({ type: 'ping' })
    assert.equal(pong.type, 'pong', 'the connection goes on')
    return channel.messages.slice(from).filter(message => message !== pong && message.type !== 'heartbeat')
  }

  describe('on the socket', () => {
    for (const [what, text, code, words] of [
      ['no JSON', '{"type":"ping"', 'bad-json', /not JSON/],
      ['nothing', '', 'bad-json', /not JSON/],
      ['a number', '17', 'bad-request', /type is one of logon, subscribe/],
      ['null', 'null', 'bad-request', /type is one of/],
      ['a list', '[{"type":"ping"}]', 'bad-request', /type is one of/],
      ['no type', '{"requestId":7}', 'bad-request', /type is one of/],
      ['an unknown type', '{"type":"order.steal","requestId":7}', 'bad-request', /order\.place/],
      ['a type from the prototype', '{"type":"toString","requestId":7}', 'bad-request', /type is one of/],
      ['a missing field', message({ size: undefined }), 'bad-request', /order\.place: .*size/],
      ['an unknown field', message({ qty: 10 }), 'bad-request', /order\.place: unknown field qty; did you mean size\?/],
      ['a text for a number', message({ size: '1' }), 'bad-request', /size .*integer/],
      ['a fraction for a size', message({ size: 1.5 }), 'bad-request', /size .*integer/],
      ['nothing for a size', message({ size: 0 }), 'bad-request', /size /],
      ['less than nothing', message({ size: -1 }), 'bad-request', /size /],
      [
        'a price that is no number',
        message({ price: '<1e999>' }).replace('"<1e999>"', '1e999'),
        'bad-request',
        /price /,
      ],
      ['an unknown side', message({ side: 'long' }), 'bad-request', /side .*\(buy, sell\)/],
      ['a bad clientOrderId', message({ clientOrderId: 'a b' }), 'bad-request', /clientOrderId /],
      ['too long a clientOrderId', message({ clientOrderId: 'a'.repeat(65) }), 'bad-request', /clientOrderId /],
      ['a bad symbol', message({ symbol: '__proto__' }), 'bad-request', /symbol /],
      ['a sequence number below 1', '{"type":"resend","from":0,"requestId":7}', 'bad-request', /from /],
    ] as const) {
      it(`${what} gets one error that says what is wrong, and harms nothing`, async test => {
        const channel = await logOnNew(test)
        await channel.until(({ type }) => type === 'account.snapshot')
        const answers = await answersTo(channel, text)
        assert.equal(answers.length, 1, JSON.stringify(answers))
        const [error] = answers
        assert.deepEqual([error.type, error.code], ['error', code])
        assert.match(error.text, words)
        assert.equal(error.requestId, text.includes('requestId') ? 7 : undefined)
        assert.equal(error.docs, `/docs/errors#${code}`)
        if (code === 'bad-request')
          assert.ok((await call(server.url, 'GET /docs/errors')).body.includes(`id="${code}"`))
      })
    }

    it('an order before the logon is refused, and so is a second logon', async test => {
      const channel = await connect(test)
      const early = await channel.ask({ type: 'order.place', ...ORDER })
      assert.deepEqual([early.type, early.code], ['error', 'not-logged-on'])
      const { token } = await openAccount(server.url)
      assert.equal((await channel.ask({ type: 'logon', token })).type, 'logon.ok')
      const twice = await channel.ask({ type: 'logon', token })
      assert.deepEqual([twice.type, twice.code], ['logon.reject', 'bad-request'])
    })

    it('a subscription that cannot be is refused with what would be right; one of that name goes on', async test => {
      const channel = await connect(test)
      assert.equal((await channel.ask({ type: 'subscribe', subscription: 's', symbols: ['VELTR'] })).type, 'ack')
      const unknown = await channel.ask({ type: 'subscribe', subscription: 's', symbols: ['NOPE'] })
      assert.deepEqual([unknown.type, unknown.code], ['error', 'unknown-symbol'])
      assert.match(unknown.text, /VELTR, NIMBR/)
      const both = await channel.ask({ type: 'subscribe', subscription: 's', mode: 'raw', maxHz: 5 })
      assert.equal(both.code, 'bad-parameter')
      const from = channel.messages.length
      await channel.until(message => channel.messages.indexOf(message) >= from && message.event === 'quote')
    })

    it('one subscription too many is refused', async test => {
      const channel = await connect(test)
      const { limits } = await channel.until(({ type }) => type === 'welcome')
      const subscribe = (n: number) => channel.ask({ type: 'subscribe', subscription: `s${n}`, events: ['news'] })
      for (let n = 0; n < limits.subscriptionsMax; n++) assert.equal((await subscribe(n)).type, 'ack')
      const one = await subscribe(limits.subscriptionsMax)
      assert.equal(one.type, 'error')
      assert.match(one.text, new RegExp(String(limits.subscriptionsMax)))
    })

    it('malformed again and again is closed with 4400', async test => {
      const channel = await connect(test)
      for (let n = 0; n < 20; n++) channel.socket.send('{')
      assert.equal((await channel.closed).code, 4400)
      const errors = channel.messages.filter(({ code }) => code === 'bad-json')
      assert.ok(errors.length >= 2, 'errors were sent before the close')
    })

    it('a binary frame is closed with 1003', async test => {
      const channel = await connect(test)
      channel.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
      assert.equal((await channel.closed).code, 1003)
    })

    it('a frame of the largest size is read, one byte more is closed with 1009', async test => {
      const channel = await connect(test)
      const { limits } = await channel.until(({ type }) => type === 'welcome')
      const [error] = await answersTo(channel, 'x'.repeat(limits.frameBytesMax))
      assert.equal(error.code, 'bad-json')
      channel.socket.send('x'.repeat(limits.frameBytesMax + 1))
      assert.equal((await channel.closed).code, 1009)
    })

    it('text that is not UTF-8 is closed with 1007', async test => {
      const channel = await connect(test)
      channel.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
      assert.equal((await channel.closed).code, 1007)
    })

    it('what is no frame at all is closed with 1002', async test => {
      const socket = await rawUpgrade(test)
      // The reserved bits say an extension that nobody agreed on.
      socket.write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]))
      assert.equal(await closeCodeOf(socket), 1002)
    })

    it('silence is closed with 4401 after five seconds, a ping alone does not help; a subscription does', async test => {
      const [silent, pinging, subscribed] = await Promise.all([connect(test), connect(test), connect(test)])
      const openedMs = performance.now()
      await pinging.ask({ type: 'ping' })
      await subscribed.ask({ type: 'subscribe', subscription: 'news', events: ['news'] })
      assert.equal((await silent.closed).code, 4401)
      assert.ok(performance.now() - openedMs > 4_500, 'not before')
      assert.equal((await pinging.closed).code, 4401)
      assert.equal((await subscribed.ask({ type: 'ping' })).type, 'pong')
    })

    it('a token of nobody gets logon.reject, then 4401', async test => {
      for (const logon of [{ token: 'pt_of-nobody' }, {}]) {
        const channel = await connect(test)
        const reject = await channel.ask({ type: 'logon', ...logon })
        assert.equal(reject.type, 'logon.reject')
        assert.equal(reject.code, 'token' in logon ? 'bad-token' : 'not-logged-on')
        assert.match(reject.text, /\/v1\/accounts/)
        assert.equal((await channel.closed).code, 4401)
      }
    })

    it('a flood gets rate-limited for each request over the rate, and is closed with 4429 when it goes on', async test => {
      const channel = await logOnNew(test)
      const { limits } = await channel.until(({ type }) => type === 'welcome')
      const sent = limits.burst + 30
      for (let n = 0; n < sent; n++) channel.send({ type: 'ping', requestId: n })
      const limited = await channel.until(({ code }) => code === 'rate-limited')
      assert.equal(limited.type, 'error')
      assert.ok(limited.retryMs > 0 && limited.retryMs <= 1_000, String(limited.retryMs))
      for (let n = 0; n < sent; n++) await channel.until(({ requestId }) => requestId === n)
      const answers = channel.messages.filter(({ requestId }) => typeof requestId === 'number')
      assert.equal(answers.length, sent, 'each request has one answer, those over the rate too')
      for (let n = 0; n < 500; n++) channel.send({ type: 'ping' })
      assert.equal((await channel.closed).code, 4429)
    })

    it('a client that waits for retryMs may go on', async test => {
      const channel = await logOnNew(test)
      for (let n = 0; n < 120; n++) channel.send({ type: 'ping' })
      const { retryMs } = await channel.until(({ code }) => code === 'rate-limited')
      await new Promise(resolve => setTimeout(resolve, retryMs + 100))
      assert.equal((await channel.ask({ type: 'ping' })).type, 'pong')
    })
  })

  describe('before the upgrade', () => {
    for (const [what, headers, status, code] of [
      ['no subprotocol', {}, 400, 'bad-subprotocol'],
      ['an unknown subprotocol', { 'sec-websocket-protocol': 'papertape.v2, chat' }, 400, 'bad-subprotocol'],
      ['a foreign origin', { origin: 'https://evil.example' }, 403, 'foreign-origin'],
      ['an opaque origin', { origin: 'null' }, 403, 'foreign-origin'],
      ['an empty origin', { origin: '' }, 403, 'foreign-origin'],
      ['a look-alike that starts with our name', { origin: 'http://localhost.evil.example' }, 403, 'foreign-origin'],
      ['a look-alike that starts with our address', { origin: 'http://127.0.0.1.evil' }, 403, 'foreign-origin'],
      [
        'a look-alike that has our name as its user',
        { origin: 'http://127.0.0.1@evil.example' },
        403,
        'foreign-origin',
      ],
      ['another port', { origin: 'http://127.0.0.1:1' }, 403, 'foreign-origin'],
      ['a listed origin on another port', { origin: 'https://desk.example:444' }, 403, 'foreign-origin'],
      ['a look-alike of a listed origin', { origin: 'https://desk.example.evil.example' }, 403, 'foreign-origin'],
    ] as const) {
      it(`${what} is answered with ${status} and why`, async () => {
        const protocol = code === 'bad-subprotocol' ? {} : { 'sec-websocket-protocol': 'papertape.v1' }
        const answer = await call(server.url, 'GET /v1/socket', { headers: { ...UPGRADE, ...protocol, ...headers } })
        assert.deepEqual([answer.status, answer.body.code], [status, code])
        assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
        assert.ok(answer.body.detail.length > 10)
      })
    }

    it('our own origin, a listed one, and none at all are let in', async test => {
      for (const headers of [{ origin: server.url }, { origin: 'https://desk.example' }, {}] as const) {
        const channel = await openChannel(server.url, headers)
        test.after(() => channel.socket.terminate())
        assert.equal((await channel.until(({ type }) => type === 'welcome')).type, 'welcome')
      }
    })

    it('a plain GET is answered with 426', async () => {
      const { status, headers, body } = await call(server.url, 'GET /v1/socket')
      assert.deepEqual([status, body.code], [426, 'upgrade-required'])
      assert.equal(headers.upgrade?.toLowerCase(), 'websocket', 'RFC 9110: a 426 names the protocol')
      assert.match(body.detail, /papertape\.v1/)
    })
  })

  describe('over REST', () => {
    for (const [what, body, status, code, words] of [
      ['no JSON', '{"clientOrderId":', 400, 'bad-json', /JSON/],
      ['an empty body', '', 400, 'bad-json', /JSON/],
      ['a list', '[]', 400, 'bad-request', /object/],
      ['too large a body', `{"clientOrderId":"${'x'.repeat(100_000)}"}`, 413, 'too-large', /./],
      [
        'an unknown field',
        JSON.stringify({ ...ORDER, qty: 10 }),
        400,
        'bad-request',
        /unknown field qty; did you mean size\?/,
      ],
      ['a missing field', JSON.stringify({ ...ORDER, side: undefined }), 400, 'bad-request', /side/],
      ['a text for a number', JSON.stringify({ ...ORDER, size: '1' }), 400, 'bad-request', /size .*integer/],
      ['a fraction for a size', JSON.stringify({ ...ORDER, size: 1.5 }), 400, 'bad-request', /size .*integer/],
      ['an unknown side', JSON.stringify({ ...ORDER, side: 'long' }), 400, 'bad-request', /buy, sell/],
      ['a poisoned prototype', '{"__proto__":{"size":1}}', 400, 'bad-json', /./],
    ] as const) {
      it(`an order of ${what} is answered with ${status}`, async () => {
        const { token } = await openAccount(server.url)
        const answer = await call(server.url, 'POST /v1/orders', { token, body })
        assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body))
        assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
        assert.match(answer.body.detail, words)
        assert.deepEqual((await call(server.url, 'GET /v1/orders', { token })).body.orders, [])
      })
    }

    it('a body that is not JSON by its own word is refused', async () => {
      const { token } = await openAccount(server.url)
      const headers = { 'content-type': 'text/plain' }
      const { status, body } = await call(server.url, 'POST /v1/orders', {
        token,
        body: JSON.stringify(ORDER),
        headers,
      })
      assert.deepEqual([status, body.code], [415, 'unsupported-media-type'])
    })

    for (const [body, words] of [
      [{ cash: -1 }, /cash/],
      [{ cash: 'much' }, /cash/],
      [{ cash: 1e300 }, /cash/],
      [{ owner: 'me' }, /./],
    ] as const) {
      it(`an account with ${JSON.stringify(body)} is refused`, async () => {
        const answer = await call(server.url, 'POST /v1/accounts', { body })
        assert.deepEqual([answer.status, answer.body.code], [400, 'bad-request'])
        assert.match(answer.body.detail, words)
      })
    }

    it('foreign pages may read what is public and nothing else', async () => {
      const { token } = await openAccount(server.url)
      for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example', 'http://127.0.0.1:1']) {
        const headers = { origin }
        for (const [route, body] of [
          ['POST /v1/accounts', {}],
          ['GET /v1/account', undefined],
          ['POST /v1/orders', ORDER],
          ['DELETE /v1/orders', undefined],
        ] as const) {
          const answer = await call(server.url, route, { token, headers, ...(body && { body }) })
          assert.deepEqual([answer.status, answer.body.code], [403, 'foreign-origin'], `${route} from ${origin}`)
          assert.equal(answer.headers['access-control-allow-origin'], undefined)
          assert.equal(answer.headers['set-cookie'], undefined)
        }
        const quotes = await call(server.url, 'GET /v1/quotes', { headers })
        assert.deepEqual([quotes.status, quotes.headers['access-control-allow-origin']], [200, '*'])
        assert.equal(quotes.headers['access-control-allow-credentials'], undefined)
      }
    })

    it('a preflight of a foreign page for an order is not granted', async () => {
      const headers = {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, authorization',
      }
      const answer = await call(server.url, 'OPTIONS /v1/orders', { headers })
      assert.equal(/POST/.test(answer.headers['access-control-allow-methods'] ?? ''), false)
    })

    for (const route of ['GET /v1/nothing', 'GET /nothing', 'POST /v1/instruments/NOPE', 'GET /v1/orders/%2e%2e%2f']) {
      it(`${route} is answered with a problem`, async () => {
        const { token } = await openAccount(server.url)
        const { status, headers, body } = await call(server.url, route, { token })
        assert.ok(status === 404 || status === 405, String(status))
        assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
        assert.equal(body.status, status)
        assert.ok(body.detail.length > 10)
      })
    }
  })

  it('has harmed nobody: the service is well, and the stream of a bystander has every event', async () => {
    const { status, body } = await call(server.url, 'GET /health')
    assert.deepEqual([status, body.status], [200, 'ok'])
    const position = Number(body.position.split('-')[1])
    await bystander.until(({ data }) => data.seq > position)
    const seqs = bystander.messages.filter(
      ({ id, event }) => id !== '' && event !== 'snapshot' && event !== 'heartbeat',
    )
    assert.deepEqual(
      seqs.map(({ data }) => data.seq),
      seqs.map((_, index) => seqs[0]!.data.seq + index),
    )
  })

  /** A socket after a good upgrade, for frames that no library sends. */
  async function rawUpgrade(test: TestContext): Promise<net.Socket> {
    const socket = net.connect(server.port, '127.0.0.1')
    test.after(() => socket.destroy())
    const lines = Object.entries({
      ...UPGRADE,
      'sec-websocket-protocol': 'papertape.v1',
      host: `127.0.0.1:${server.port}`,
    })
    socket.write(`GET /v1/socket HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    await within(once(socket, 'data'), 'the answer to the handshake')
    return socket
  }
})

/** An order.place with request 7; a change of undefined leaves the field out. */
function message(change: object): string {
  return JSON.stringify({ type: 'order.place', requestId: 7, ...ORDER, ...change })
}

/** Waits for the close frame at the end of what is sent. */
function closeCodeOf(socket: net.Socket): Promise<number> {
  return within(readCloseCode(socket), 'a close frame')
}

async function readCloseCode(socket: net.Socket): Promise<number> {
  let received = Buffer.alloc(0)
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer])
    const at = received.lastIndexOf(0x88)
    if (at >= 0 && received.length >= at + 4) return received.readUInt16BE(at + 2)
  }
  throw new Error('the connection ended without a close frame')
}
