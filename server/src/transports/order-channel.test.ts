// The order channel as a peer sees it: the greeting, one answer a request in the order of the requests, the rate, and
// the limits on malformed messages and on silence.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CHANNEL_LIMITS } from '@papertape/gateway'
import { openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

describe('the order channel', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  async function open(): Promise<RawSocket> {
    const socket = await openRawSocket('HTTP/1.1', server)
    await socket.until(({ type }) => type === 'welcome')
    return socket
  }

  async function logOn(more: object = {}): Promise<RawSocket> {
    const { token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const socket = await open()
    socket.sendMessage({ type: 'logon', token, ...more })
    await socket.until(({ type }) => type === 'account.snapshot')
    return socket
  }

  const answerTo = (socket: RawSocket, id: unknown) => socket.until(({ requestId }) => requestId === id)

  test('the greeting has the position, the time and the limits', async () => {
    const socket = await open()
    const { epoch, head } = server.feed.log
    const serverTime = Math.floor(server.clock.wallMs())
    const [{ labKey, ...welcome }, ...others] = socket.messages
    assert.deepEqual([welcome, others], [{ type: 'welcome', epoch, head, serverTime, limits: CHANNEL_LIMITS }, []])
    assert.match(labKey, /^[\w-]{22}$/)
    socket.stream.destroy()
  })

  describe('requests', () => {
    test('are answered in their order, each once', async () => {
      const socket = await logOn()
      for (let n = 0; n < 60; n++) {
        if (n % 3 === 0) socket.sendMessage({ type: 'ping', requestId: n })
        else if (n % 3 === 1) socket.sendMessage({ type: 'resend', from: 1, requestId: n })
        else socket.sendMessage({ type: 'unsubscribe', subscription: 'none', requestId: n })
      }
      await answerTo(socket, 59)
      const answered = socket.messages.flatMap(({ requestId }) => (typeof requestId === 'number' ? [requestId] : []))
      assert.deepEqual(
        answered,
        Array.from({ length: 60 }, (_, n) => n),
      )
      socket.stream.destroy()
    })

    test('that are malformed are answered with a code, the reason and their requestId', async () => {
      const socket = await logOn()
      socket.sendMessage({ type: 'order.place', requestId: 'r', qty: 5 })
      const { type, code, text, docs } = await answerTo(socket, 'r')
      assert.deepEqual([type, code, docs], ['error', 'bad-request', '/docs/errors#bad-request'])
      assert.match(text, /unknown field qty; did you mean size\?/)
      socket.stream.destroy()
    })

    test('to cancel all orders of a symbol that does not exist are refused', async () => {
      const socket = await logOn()
      socket.sendMessage({ type: 'order.cancelAll', symbol: 'NOPE', requestId: 2 })
      assert.equal((await answerTo(socket, 2)).code, 'unknown-symbol')
      socket.sendMessage({ type: 'order.cancelAll', symbol: 'VELTR', requestId: 3 })
      assert.equal((await answerTo(socket, 3)).type, 'ack')
      socket.stream.destroy()
    })
  })

  describe('the rate', () => {
    // The clock stands still between answers: what passes is the burst and nothing more.
    test('lets the burst pass, and refuses what comes on top with the time to wait', async () => {
      const socket = await open()
      const { burst, commandsPerSecond } = CHANNEL_LIMITS
      for (let n = 0; n <= burst; n++) socket.sendMessage({ type: 'ping', requestId: n })
      const refused = await answerTo(socket, burst)
      assert.deepEqual([refused.code, refused.retryMs], ['rate-limited', 1_000 / commandsPerSecond])
      assert.equal(socket.messages.filter(({ type }) => type === 'pong').length, burst)
      server.clock.pass(refused.retryMs)
      socket.sendMessage({ type: 'ping', requestId: 'later' })
      assert.equal((await answerTo(socket, 'later')).type, 'pong')
      socket.stream.destroy()
    })

    test('closes a connection that goes on with 4429, after fifty answers to what is over it', async () => {
      const socket = await open()
      for (let n = 0; n < 400; n++) socket.sendMessage({ type: 'ping', requestId: n })
      assert.equal(await socket.closed, 4429)
      assert.equal(socket.messages.filter(({ code }) => code === 'rate-limited').length, 51)
      server.clock.pass(1_000)
      await socket.ended
    })
  })

  test('the sixth malformed message within ten seconds closes the connection with 4400', async () => {
    const socket = await logOn()
    const sendBad = async (id: number) => {
      socket.sendMessage({ type: 'none', requestId: id })
      await answerTo(socket, id)
    }
    for (let n = 0; n < 5; n++) await sendBad(n)
    server.clock.pass(10_000)
    for (let n = 5; n < 10; n++) await sendBad(n)
    socket.sendMessage({ type: 'none', requestId: 10 })
    assert.equal(await socket.closed, 4400)
    server.clock.pass(1_000)
    await socket.ended
  })

  describe('a connection', () => {
    test('that neither logs on nor subscribes within five seconds is closed with 4401', async () => {
      const [silent, subscribed, loggedOn] = [await open(), await open(), await logOn()]
      subscribed.sendMessage({ type: 'subscribe', requestId: 1, subscription: 's', snapshot: false })
      await answerTo(subscribed, 1)
      server.clock.pass(5_000)
      assert.equal(await silent.closed, 4401)
      for (const socket of [subscribed, loggedOn]) {
        socket.sendMessage({ type: 'ping', requestId: 'still open' })
        assert.equal((await answerTo(socket, 'still open')).type, 'pong')
        socket.stream.destroy()
      }
    })

    test('that ends its last subscription without a logon is closed five seconds later', async () => {
      const socket = await open()
      socket.sendMessage({ type: 'subscribe', requestId: 1, subscription: 's', snapshot: false })
      await answerTo(socket, 1)
      server.clock.pass(5_000)
      socket.sendMessage({ type: 'unsubscribe', requestId: 2, subscription: 's' })
      await answerTo(socket, 2)
      server.clock.pass(4_999)
      socket.sendMessage({ type: 'ping', requestId: 3 })
      await answerTo(socket, 3)
      server.clock.pass(1)
      assert.equal(await socket.closed, 4401)
    })

    test('is sent heartbeats at the interval of its logon, and terminated when it answers no ping', async () => {
      const socket = await logOn({ heartbeatMs: 1_000 })
      server.clock.pass(999)
      socket.sendMessage({ type: 'ping' })
      await socket.until(({ type }) => type === 'pong')
      assert.ok(!socket.messages.some(({ type }) => type === 'heartbeat'))
      server.clock.pass(1)
      const beat = await socket.until(({ type }) => type === 'heartbeat')
      assert.ok(beat.head > 0 && beat.head <= server.feed.log.head)
      assert.equal(beat.lastSeq, socket.messages.find(({ type }) => type === 'account.snapshot').seq)
      server.clock.pass(1_000)
      await socket.ended
      assert.equal(await socket.closed, 0, 'without a close frame')
    })
  })
})
