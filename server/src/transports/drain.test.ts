// What clients of each transport see while the server drains, while it has too much to do, and when their stream is
// old.

import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { turns } from '@papertape/gateway/testing'
import { within } from '@papertape/protocol/testing/within'
import { openRawSocket, WAYS } from '../testing/raw-socket.ts'
import { openRawStream, type RawStream } from '../testing/raw-stream.ts'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

const EVERYTHING = 'mode=raw&events=quote,trade,book,candle,status,news'
const UPGRADE =
  'GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: papertape.v1\r\n\r\n'
const ALPACA = UPGRADE.replace('/v1/socket', '/alpaca/stream/v2/iex').replace(/Sec-WebSocket-Protocol.*\r\n/, '')

/** Numbers of the events that a stream had. */
const seqsOf = ({ messages }: RawStream) =>
  messages.map(({ data }) => JSON.parse(data).seq as number | undefined).filter(seq => seq !== undefined)

function assertWithoutGap(seqs: readonly number[]): void {
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => seqs[0]! + index),
  )
}

describe('while the server drains', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await openTestServer({ drainMaxMs: 60_000 })
  })
  afterEach(() => server.close())

  it('it is not ready, answers as before, and takes no stream, subscription, poll or socket', async () => {
    const streams = await Promise.all(WAYS.map(way => openRawStream(way, server, EVERYTHING)))
    const sockets = await Promise.all(Array.from({ length: 3 }, () => openRawSocket('HTTP/1.1', server)))
    for (const socket of sockets) socket.sendMessage({ type: 'subscribe', requestId: 1, subscription: 'a' })
    for (const socket of sockets) await socket.until(({ requestId }) => requestId === 1)
    const ended = server.drain.begin()

    const ready = await ask(server, 'GET /health/ready')
    assert.deepEqual([ready.status, ready.body.code], [503, 'closing'])
    for (const path of ['/health', '/health/live', '/v1/quotes', '/metrics'])
      assert.equal((await ask(server, `GET ${path}`)).status, 200, path)
    const { last } = (await ask(server, 'GET /v1/poll')).body
    const poll = await ask(server, `GET /v1/poll?last=${last}`)
    assert.deepEqual([poll.status, poll.body.code, poll.headers['retry-after']], [503, 'busy', '2'])
    const refused = await openRawStream('HTTP/1.1', server)
    assert.equal(await refused.ended, 'ended')
    // A window of 6 × 20 ms, and 1,750 ms.
    assert.deepEqual(
      refused.messages.map(({ event, data }) => [event, data]),
      [['busy', '{"retryMs":1870}']],
    )
    for (const upgrade of [UPGRADE, ALPACA])
      assert.equal(readRaw(await exchange(server.port, upgrade, { until: /}$/ })).status, 503)
    sockets[0]!.sendMessage({ type: 'subscribe', requestId: 2, subscription: 'b' })
    assert.equal((await sockets[0]!.until(({ requestId }) => requestId === 2)).code, 'busy')
    sockets[0]!.sendMessage({ type: 'subscribe', requestId: 3, subscription: 'a', events: ['trade'] })
    assert.equal((await sockets[0]!.until(({ requestId }) => requestId === 3)).type, 'ack', 'a change is taken')
    const metrics = (await ask(server, 'GET /metrics')).text
    assert.match(metrics, /papertape_feed_refusals_total\{cause="closing"\} 3\n/)

    await server.pass(120)
    await within(ended, 'the end of the drain')
    for (const stream of streams) {
      assert.equal(await stream.ended, 'ended')
      assert.deepEqual(stream.messages.at(-1), {
        lastEventId: stream.messages.at(-1)!.lastEventId,
        event: 'drain',
        data: '{"retryMs":1750}',
      })
    }
    for (const socket of sockets) {
      assert.equal(await socket.closed, 1001)
      assert.deepEqual(socket.messages.at(-1), { type: 'notice', code: 'closing', retryMs: 1_750 })
    }
  })

  it('streams have every event and sessions trade until their turn, which comes one after the other', async () => {
    const token = (await ask(server, 'POST /v1/accounts', { body: {} })).body.token as string
    const streams = await Promise.all(Array.from({ length: 40 }, () => openRawStream('HTTP/1.1', server, EVERYTHING)))
    const account = await openRawStream('HTTP/1.1', server, '', {
      route: '/v1/account/stream',
      headers: { authorization: `Bearer ${token}` },
    })
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token })
    await socket.until(({ type }) => type === 'logon.ok')
    const openStreams: number[] = []
    void server.drain.begin()
    let orders = 0
    for (let tenth = 0; tenth < 10; tenth++) {
      const isNotified = socket.messages.some(({ type }) => type === 'notice')
      const order = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 1, timeInForce: 'GTC' }
      if (!isNotified)
        socket.sendMessage({ type: 'order.place', requestId: `r${orders}`, clientOrderId: `o${orders++}`, ...order })
      await server.pass(84)
      openStreams.push(server.feed.readers)
    }
    assert.ok(orders > 0)
    const answers = socket.messages.filter(({ type, requestId }) => type === 'execution' && requestId !== undefined)
    assert.ok(answers.length >= orders - 1, `${answers.length} of ${orders} orders answered`)
    // Of forty in ten parts, two are of other kinds.
    openStreams.forEach((left, part) => {
      const due = 40 - 4 * (part + 1)
      assert.ok(Math.abs(left - due) <= 3, `${left} streams are left after ${part + 1} of 10 parts`)
    })
    assert.deepEqual([server.feed.readers, server.app.websocketServer.clients.size], [0, 0])
    assert.equal((await account.until(({ event }) => event === 'drain')).event, 'drain')
    const lengths = await Promise.all(
      streams.map(async stream => {
        assert.equal(await stream.ended, 'ended')
        const seqs = seqsOf(stream)
        assertWithoutGap(seqs)
        return seqs.length
      }),
    )
    assert.ok(Math.max(...lengths) > Math.min(...lengths), 'the last have more than the first')
  })

  it('held polls are answered at once, and the rest at the end of the app', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => openRawStream('HTTP/1.1', server)))
    const { last } = (await ask(server, 'GET /v1/poll?events=news')).body
    const held = ask(server, `GET /v1/poll?events=news&wait=30&last=${last}`)
    while (server.feed.polls === 0) await turns(1)
    void server.drain.begin()
    assert.deepEqual([(await held).status, (await held).body.events], [200, []])
    assert.equal(server.feed.readers, 20)
    await server.app.close()
    for (const stream of streams) assert.equal((await stream.until(({ event }) => event === 'drain')).event, 'drain')
  })
})

describe('while timers are late again and again', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ loopLagMaxMs: 40 })
  })
  after(() => server.close())

  it('streams, subscriptions and polls are refused, those who are inside go on, and health answers', async () => {
    const inside = await openRawStream('HTTP/1.1', server, EVERYTHING)
    const socket = await openRawSocket('HTTP/1.1', server)
    await socket.until(({ type }) => type === 'welcome')
    const { token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const { last } = (await ask(server, 'GET /v1/poll')).body
    for (let measured = 0; measured < 10; measured++) server.feed.admission.addLag(60)
    const headers = { authorization: `Bearer ${token}` }
    for (const [route, given] of [
      ['/v1/stream', {}],
      ['/v1/account/stream', headers],
    ] as const) {
      const refused = await openRawStream('HTTP/1.1', server, '', { route, headers: given })
      assert.equal(await refused.ended, 'ended')
      assert.deepEqual(
        refused.messages.map(({ event, data }) => [event, data]),
        [['busy', '{"retryMs":19000}']],
      )
    }
    const poll = await ask(server, `GET /v1/poll?last=${last}`)
    assert.deepEqual([poll.status, poll.body.code], [503, 'busy'])
    const symbol = server.feed.view.symbols[0]!
    await server.venue.submit({ type: 'phase.set', symbol, phase: 'halted', reason: null, until: null }).answer
    const waiting = await ask(server, `GET /v1/poll?last=${last}&events=status`)
    assert.deepEqual([waiting.status, waiting.body.events.length], [200, 1], 'what waits for a reader is answered')
    socket.sendMessage({ type: 'subscribe', requestId: 1, subscription: 'a' })
    const answer = await socket.until(({ requestId }) => requestId === 1)
    assert.deepEqual([answer.type, answer.code, answer.retryMs], ['error', 'busy', 5_000])
    for (const path of ['/health', '/health/ready']) assert.equal((await ask(server, `GET ${path}`)).status, 200)
    assert.match((await ask(server, 'GET /metrics')).text, /papertape_feed_refusals_total\{cause="lag"\} 4\n/)
    const had = seqsOf(inside).length
    // The timer of the server measures no lag at this time: the mean falls below a half.
    await server.pass(1_500)
    assert.ok(seqsOf(inside).length > had)
    const later = await openRawStream('HTTP/1.1', server)
    assert.equal((await later.until(({ event }) => event === 'hello')).event, 'hello')
    for (const stream of [inside, later]) stream.destroy()
    socket.stream.destroy()
  })
})

describe('an old stream', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ streamAgeMaxMs: 2_000 })
  })
  after(() => server.close())

  for (const way of WAYS) {
    it(`is ended with drain over ${way} at 80 to 100 % of the age, and resumed without a gap`, async () => {
      const first = await openRawStream(way, server, EVERYTHING)
      await first.until(({ event }) => event === 'snapshot')
      await server.pass(1_600)
      assert.equal(server.feed.readers, 1)
      await server.pass(400)
      assert.equal(await first.ended, 'ended')
      const drain = first.messages.at(-1)!
      assert.deepEqual([drain.event, drain.data], ['drain', '{"retryMs":550}'])
      await server.pass(550)
      const headers = { 'last-event-id': drain.lastEventId }
      const second = await openRawStream(way, server, EVERYTHING, { headers })
      await server.pass(500)
      await second.until(({ event }) => event === 'quote')
      assertWithoutGap([...seqsOf(first), ...seqsOf(second)])
      second.destroy()
      while (server.feed.readers > 0) await turns(1)
    })
  }

  it('of an account too; sockets are not, and monitoring counts them as rotated', async () => {
    const { token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const account = await openRawStream('HTTP/1.1', server, '', {
      route: '/v1/account/stream',
      headers: { authorization: `Bearer ${token}` },
    })
    const hello = await account.until(({ event }) => event === 'hello')
    assert.equal(JSON.parse(hello.data).limits.streamAgeMaxMs, 2_000)
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'subscribe', requestId: 1, subscription: 'a' })
    await socket.until(({ requestId }) => requestId === 1)
    await server.pass(4_000)
    assert.equal(await account.ended, 'ended')
    assert.equal(account.messages.at(-1)!.event, 'drain')
    assert.equal(server.app.websocketServer.clients.size, 1)
    const closed = 'papertape_connections_closed_total{transport="sse",endpoint='
    const { text } = await ask(server, 'GET /metrics')
    assert.ok(text.includes(`${closed}"accountStream",code="rotated"} 1\n`), text)
    assert.ok(text.includes(`${closed}"stream",code="rotated"} 3\n`))
    socket.stream.destroy()
  })
})
