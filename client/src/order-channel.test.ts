// The order channel over real sockets, against a server that drops connections in mid-command, says nothing, refuses and
// goes away. Each command settles once, and an order is never made twice by us. Time is the test's own.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import type { OutboundMessage } from './channel-words.ts'
import { type ChannelOptions, type ChannelState, openOrderChannel, type SocketConstructor } from './order-channel.ts'
import { ChannelError } from './request-table.ts'
import { idOf, spin, TestClock } from './testing/bad-server.ts'

interface Message {
  readonly type: string
  readonly requestId?: unknown
  readonly [field: string]: unknown
}
type Reply = (message: Message, say: (answer: object) => void, socket: WebSocket, connection: number) => void

const logonOk = { type: 'logon.ok', sessionId: 's1', accountId: 'a1', privateEpoch: 'p1', lastSeq: 4, resumed: false }
const accountSnapshot = { type: 'account.snapshot', accountId: 'a1', seq: 4, orders: [], positions: [], balance: {} }
const logOn: Reply = (message, say) => {
  if (message.type === 'logon') {
    say(logonOk)
    if (message.nextSeq === undefined) say(accountSnapshot)
  }
}
const order = { clientOrderId: 'c1', symbol: 'PPR', side: 'buy', orderType: 'limit', size: 1, price: 10 } as const
const execution = (seq: number, execType: string, clientOrderId = 'c1') => ({
  type: 'execution',
  seq,
  execType,
  clientOrderId,
})

async function open(t: TestContext, reply: Reply, options: Partial<ChannelOptions> = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  t.after(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const received: (Message & { connection: number })[] = []
  let connections = 0
  server.on('connection', socket => {
    const connection = ++connections
    assert.equal(socket.protocol, 'papertape.v1')
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as Message
      received.push({ ...message, connection })
      const { requestId } = message
      reply(message, answer => socket.send(JSON.stringify({ requestId, ...answer })), socket, connection)
    })
  })
  const clock = new TestClock()
  const states: ChannelState[] = []
  const messages: OutboundMessage[] = []
  const channel = openOrderChannel({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/socket`,
    token: 'secret',
    WebSocket: WebSocket as unknown as SocketConstructor,
    environment: clock,
    onState: state => {
      states.push(state)
      if (state.phase === 'waiting') queueMicrotask(() => clock.advance(state.retryInMs ?? 0))
    },
    onMessage: message => messages.push(message),
    ...options,
  })
  t.after(() => channel.close())
  const said = (type: string) => received.filter(message => message.type === type)
  const phases = () => states.map(({ phase }) => phase)
  return { server, clock, states, phases, messages, channel, received, said, connections: () => connections }
}

const LIMIT = { timeout: 20_000 }

describe('commands', LIMIT, () => {
  test('each resolves with its terminal answer, refusals too, and only with its own', async t => {
    const c = await open(t, (message, say, ...rest) => {
      logOn(message, say, ...rest)
      if (message.type === 'order.place') {
        const bad = message.clientOrderId === 'bad'
        say({ ...execution(5, bad ? 'rejected' : 'new', String(message.clientOrderId)) })
        if (!bad) say({ ...execution(6, 'fill'), requestId: undefined })
      }
      if (message.type === 'order.cancel') say({ type: 'cancel.reject', code: 'already-done', text: 'It is filled' })
      if (message.type === 'order.replace') say({ type: 'error', code: 'bad-parameter', text: 'size', docs: '' })
      if (message.type === 'order.cancelAll') say({ type: 'ack', count: 0 })
      if (message.type === 'ping') say({ type: 'pong', serverTime: 1 })
    })
    const bad = c.channel.place({ ...order, clientOrderId: 'bad' })
    const good = c.channel.place(order)
    assert.deepEqual(
      [await bad, await good].map(a => a.type === 'execution' && a.execType),
      ['rejected', 'new'],
    )
    assert.equal((await c.channel.cancel('c1')).type, 'cancel.reject')
    assert.equal((await c.channel.replace({ clientOrderId: 'c2', origClientOrderId: 'c1', size: 2 })).type, 'error')
    assert.equal((await c.channel.cancelAll({ symbol: 'PPR' })).type, 'ack')
    assert.equal(await c.channel.ping(), 0)
    assert.equal(c.channel.state.roundTripMs, 0)
    assert.deepEqual(c.phases(), ['connecting', 'loggingOn', 'ready'])
    assert.equal(c.said('logon')[0]!.token, 'secret')
    assert.deepEqual(c.channel.session, { sessionId: 's1', nextSeq: 7 })
  })

  test('an order that was cut off before its answer is sent again; a cancel is not, and says so', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'order.place' && connection === 2) say({ ...execution(5, 'new'), duplicate: true })
      if (message.type === 'order.cancel') socket.terminate()
    })
    await spin(() => c.channel.state.phase === 'ready')
    const placed = c.channel.place(order)
    const pinged = c.channel.ping().catch((error: unknown) => error)
    const canceled = await c.channel.cancel('c0')
    assert.deepEqual([canceled.type, 'code' in canceled && canceled.code], ['unknown', 'unknown-outcome'])
    const answer = await placed
    assert.equal(answer.type === 'execution' && answer.duplicate, true)
    const error = await pinged
    assert.ok(error instanceof ChannelError && error.code === 'connection-lost')
    assert.deepEqual(
      c.said('order.place').map(({ clientOrderId, connection }) => [clientOrderId, connection]),
      [
        ['c1', 1],
        ['c1', 2],
      ],
    )
    assert.equal(c.said('order.cancel').length, 1)
  })

  test('a re-logon names the session and the first private event that is missing, never past a hole', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      if (message.type !== 'logon') return
      say({ ...logonOk, resumed: connection > 1 })
      if (connection > 1) return
      say(accountSnapshot)
      for (const seq of [5, 6, 8, 9]) say(seq === 6 ? { type: 'alert', seq } : execution(seq, 'new'))
      setImmediate(() => socket.terminate())
    })
    await spin(() => c.said('logon').length === 2)
    const { sessionId, nextSeq } = c.said('logon')[1]!
    assert.deepEqual([sessionId, nextSeq], ['s1', 7])
    await spin(() => c.channel.state.resumed)
  })

  test('a command that takes too long is told so, and is not sent when the connection comes', async t => {
    let answersLogon = false
    const c = await open(t, (message, say, ...rest) => {
      if (answersLogon) logOn(message, say, ...rest)
      if (message.type === 'ping') say({ type: 'pong', serverTime: 1 })
    })
    const failed = assert.rejects(c.channel.place(order), { code: 'timeout', message: /never sent/ })
    await spin(() => c.said('logon').length === 1)
    c.clock.advance(10_000)
    await failed
    answersLogon = true
    c.channel.reconnect()
    await c.channel.ping()
    assert.equal(c.said('order.place').length, 0)
    const unanswered = assert.rejects(c.channel.place(order), { code: 'timeout', message: /was sent/ })
    await spin(() => c.said('order.place').length === 1)
    c.clock.advance(10_000)
    await unanswered
  })

  test('the queue is bounded, close tells everybody, and nothing is taken after it', async t => {
    const c = await open(t, () => {}, { queueMax: 2 })
    const queued = [c.channel.place(order), c.channel.cancel('c1')]
    await assert.rejects(c.channel.cancelAll(), { code: 'queue-full' })
    const told = Promise.all(queued.map(one => assert.rejects(one, { code: 'closed' })))
    c.channel.close()
    await told
    await assert.rejects(c.channel.place(order), { code: 'closed' })
    await assert.rejects(
      c.channel.subscribe({ subscription: 'x' }, () => {}),
      { code: 'closed' },
    )
    assert.equal(c.clock.timers, 0)
  })

  test('close logs out first', async t => {
    const c = await open(t, logOn)
    await spin(() => c.channel.state.phase === 'ready')
    c.channel.close()
    await spin(() => c.server.clients.size === 0)
    assert.equal(c.received.at(-1)?.type, 'logout')
    assert.equal(c.channel.state.phase, 'closed')
  })

  test('a command that no frame can carry is not sent', async t => {
    const c = await open(t, logOn)
    await assert.rejects(c.channel.cancel('💹'.repeat(2_100)), { code: 'frame-too-large' })
  })
})

describe('the connection', LIMIT, () => {
  test('a bad token closes for good, with the reason', async t => {
    const c = await open(t, (_, say, socket) => {
      say({ type: 'logon.reject', code: 'bad-token', text: 'Make an account first' })
      socket.close(4401)
    })
    await spin(() => c.channel.state.phase === 'closed')
    assert.deepEqual(c.channel.state.reason, { code: 'bad-token', text: 'Make an account first' })
    assert.equal(c.connections(), 1)
  })

  test('1001 waits as long as the notice said; 4409 is the end', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (connection === 1) {
        say({ type: 'notice', code: 'closing', retryMs: 7_777 })
        socket.close(1001)
      } else socket.close(4409)
    })
    await spin(() => c.channel.state.phase === 'closed')
    assert.equal(c.states.find(({ phase }) => phase === 'waiting')?.retryInMs, 7_777)
    assert.equal(c.channel.state.reason?.code, 'close-4409')
  })

  test('silence: a ping, then a new connection', async t => {
    const c = await open(t, logOn)
    await spin(() => c.messages.length === 2)
    c.clock.advance(22_500)
    assert.equal(c.channel.state.doubtful, true)
    await spin(() => c.said('ping').length === 1)
    c.clock.advance(5_000)
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.equal(c.channel.state.doubtful, false)
  })

  test('a frame that is no JSON ends the connection, and the next one goes on', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (connection === 1) socket.send('{nope')
    })
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.match(c.states.find(({ phase }) => phase === 'waiting')!.reason!.text, /not JSON/)
  })
})

describe('the feed on the same socket', LIMIT, () => {
  const event = (seq: number, subscription = 'tape') => ({
    requestId: undefined,
    type: 'event',
    subscription,
    id: idOf(seq),
    event: 'trade',
    data: { seq },
  })

  test('is resumed by itself, each id once, and other subscriptions are not mixed in', async t => {
    const c = await open(
      t,
      (message, say, socket, connection) => {
        if (message.type !== 'subscribe') return
        say({ type: 'ack' })
        for (const seq of [1, 2, 2, 1, 3]) say(event(seq))
        say(event(9, 'nobody'))
        if (connection === 1) setImmediate(() => socket.terminate())
        else say(event(4))
      },
      { logon: false },
    )
    const ids: unknown[] = []
    const answer = await c.channel.subscribe({ subscription: 'tape', events: ['trade'] }, (_, id) => ids.push(id))
    assert.equal(answer.type, 'ack')
    await spin(() => ids.length === 4)
    assert.deepEqual(ids, [1, 2, 3, 4].map(idOf))
    assert.deepEqual(
      c.said('subscribe').map(({ last, events }) => [last, events]),
      [
        [undefined, ['trade']],
        [idOf(3), ['trade']],
      ],
    )
    assert.equal(c.said('logon').length, 0)
  })

  test('a refused subscription is a value, and is not asked for again', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'subscribe') say({ type: 'error', code: 'unknown-symbol', text: 'PPR, TAPE', docs: '' })
    })
    const answer = await c.channel.subscribe({ subscription: 'x', symbols: ['NOPE'] }, () => {})
    assert.equal(answer.type === 'error' && answer.code, 'unknown-symbol')
    c.channel.reconnect()
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.equal(c.said('subscribe').length, 1)
  })

  test('the same name changes it and goes on from where it was; unsubscribe ends it', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'subscribe' || message.type === 'unsubscribe') say({ type: 'ack' })
      if (message.type === 'subscribe') for (const seq of [1, 2]) say(event(seq))
      if (message.type === 'ping') say({ type: 'pong', serverTime: 1 })
      if (message.type === 'unsubscribe') for (const seq of [3, 4]) say(event(seq))
    })
    const ids: unknown[] = []
    const handler = (_: unknown, id: unknown) => ids.push(id)
    await c.channel.subscribe({ subscription: 'tape' }, handler)
    await spin(() => ids.length === 2)
    await c.channel.subscribe({ subscription: 'tape', maxHz: 1 }, handler)
    assert.deepEqual([c.said('subscribe')[1]!.maxHz, c.said('subscribe')[1]!.last], [1, idOf(2)])
    await c.channel.unsubscribe('tape')
    await c.channel.ping()
    assert.deepEqual(ids, [idOf(1), idOf(2)])
  })
})

test('outside of a page it needs a url, and says so at once', () => {
  assert.throws(() => openOrderChannel(), /url/)
})
