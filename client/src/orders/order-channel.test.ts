// The order channel over real sockets, against a server that drops connections during commands, is silent, refuses and
// shuts down. Each command settles once, and no order is created twice. The clock is the test's.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { CLOSE_CODES } from '@papertape/protocol'
import { WebSocket, WebSocketServer } from 'ws'
import { idOf, seqs, spin, TestEnvironment } from '../testing/bad-server.ts'
import { AccountView } from '../views/account-view.ts'
import type { ChannelOptions, ChannelState, OrderChannel, SocketConstructor } from './channel-interface.ts'
import type { OutboundMessage } from './channel-messages.ts'
import { openOrderChannel } from './order-channel.ts'
import { ChannelError } from './request-table.ts'

interface SocketMessage {
  readonly type: string
  readonly requestId?: unknown
  readonly [field: string]: unknown
}
type Reply = (message: SocketMessage, say: (answer: object) => void, socket: WebSocket, connection: number) => void

const logonOk = { type: 'logon.ok', sessionId: 's1', accountId: 'a1', privateEpoch: 'p1', lastSeq: 4, resumed: false }
const accountSnapshot = { type: 'account.snapshot', accountId: 'a1', seq: 4, orders: [], positions: [], balance: {} }
const logOn: Reply = (message, say) => {
  if (message.type === 'logon') {
    say(logonOk)
    if (message.nextSeq === undefined) say(accountSnapshot)
  }
}
const order = { clientOrderId: 'c1', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 } as const
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
  const received: (SocketMessage & { connection: number })[] = []
  let connections = 0
  server.on('connection', socket => {
    const connection = ++connections
    assert.equal(socket.protocol, 'papertape.v1')
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as SocketMessage
      received.push({ ...message, connection })
      const { requestId } = message
      reply(message, answer => socket.send(JSON.stringify({ requestId, ...answer })), socket, connection)
    })
  })
  const clock = new TestEnvironment()
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

/** Advances the clock second by second, so that pings are answered in between. */
async function pass(
  { clock, channel }: { clock: TestEnvironment; channel: OrderChannel },
  seconds: number,
): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000)
    await spin(() => !channel.state.silent)
  }
}

const LIMIT = { timeout: 120_000 }

describe('commands', LIMIT, () => {
  test('each resolves with its own final answer, also a refusal', async t => {
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
    assert.equal((await c.channel.cancelAll({ symbol: 'VELTR' })).type, 'ack')
    assert.equal(await c.channel.ping(), 0)
    assert.equal(c.channel.state.roundTripMs, 0)
    const shown = c.states.map(({ phase, freshness }) => `${phase} ${freshness}`)
    assert.deepEqual(shown, ['connecting none', 'loggingOn none', 'ready none', 'ready live'])
    assert.equal(c.said('logon')[0]!.token, 'secret')
    assert.deepEqual(c.channel.session, { sessionId: 's1', nextSeq: 7, epoch: undefined })
  })

  test('sends commands again whose answer was lost, except cancelAll, which resolves as unknown', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'order.cancelAll') socket.terminate()
      if (connection === 1) return
      if (message.type === 'order.place') say({ ...execution(5, 'new'), duplicate: true })
      if (message.type === 'order.replace') say({ ...execution(6, 'replaced', 'c2') })
      if (message.type === 'order.cancel') say({ type: 'cancel.reject', code: 'already-done', text: '' })
    })
    await spin(() => c.channel.state.phase === 'ready')
    const progress: string[] = []
    const placed = c.channel.place(order, { onProgress: ({ status, sends }) => progress.push(`${status} ${sends}`) })
    const replaced = c.channel.replace({ clientOrderId: 'c2', origClientOrderId: 'c1', size: 2 })
    const canceled = c.channel.cancel('c0')
    const pinged = c.channel.ping().catch((error: unknown) => error)
    const all = await c.channel.cancelAll()
    assert.deepEqual([all.type, 'code' in all && all.code], ['unknown', 'unknown-outcome'])
    assert.ok(c.states.some(({ unresolved }) => unresolved === 3))
    const answer = await placed
    assert.equal(answer.type === 'execution' && answer.duplicate, true)
    assert.deepEqual([(await replaced).type, (await canceled).type], ['execution', 'cancel.reject'])
    const error = await pinged
    assert.ok(error instanceof ChannelError && error.code === 'connection-lost')
    assert.deepEqual(progress, ['sent 1', 'unknown 1', 'unknown 2'])
    assert.deepEqual(
      c.received.filter(({ type }) => type.startsWith('order.')).map(({ type, connection }) => `${type} ${connection}`),
      [
        'order.place 1',
        'order.replace 1',
        'order.cancel 1',
        'order.cancelAll 1',
        'order.place 2',
        'order.replace 2',
        'order.cancel 2',
      ],
    )
    assert.equal(c.channel.state.unresolved, 0)
  })

  test('takes a lost answer from the private stream and sends nothing again', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      if (message.type === 'order.place') socket.terminate()
      if (message.type !== 'logon') return
      say({ ...logonOk, resumed: connection > 1, lastSeq: connection > 1 ? 6 : 4 })
      if (connection === 1) say(accountSnapshot)
      else for (const seq of [5, 6]) say({ ...execution(seq, seq === 5 ? 'new' : 'fill'), requestId: undefined })
    })
    await spin(() => c.channel.state.freshness === 'live')
    const answer = await c.channel.place(order)
    assert.equal(answer.type === 'execution' && answer.execType, 'new')
    await spin(() => c.channel.state.freshness === 'live')
    assert.ok(c.states.some(({ freshness, unresolved }) => freshness === 'stale' && unresolved === 1))
    assert.equal(c.said('order.place').length, 1)
  })

  test('repeats commands that were refused for the rate, after the time in the refusal', async t => {
    let refusals = 3
    const c = await open(t, (message, say, ...rest) => {
      logOn(message, say, ...rest)
      if (!message.type.startsWith('order.')) return
      if (refusals-- > 0) say({ type: 'error', code: 'rate-limited', text: '', docs: '', retryMs: 700 })
      else if (message.type === 'order.place') say(execution(5, 'new'))
      else say({ type: 'ack', count: 0 })
    })
    await spin(() => c.channel.state.freshness === 'live')
    let over = 0
    const asked = [c.channel.place(order), c.channel.cancelAll()].map(one => one.finally(() => over++))
    await spin(() => refusals === 1)
    // Both refusals have arrived before the clock moves.
    await spin(() => c.messages.filter(({ type }) => type === 'error').length === 2)
    c.clock.advance(699)
    await new Promise(setImmediate)
    assert.equal(c.received.filter(({ type }) => type.startsWith('order.')).length, 2)
    c.clock.advance(1)
    await spin(() => {
      c.clock.advance(50)
      return over === 2
    })
    assert.deepEqual(
      (await Promise.all(asked)).map(({ type }) => type),
      ['execution', 'ack'],
    )
  })

  test('never exceeds the rate of the server, also when repeating commands', async t => {
    const limits = { commandsPerSecond: 10, burst: 20 }
    const at: number[] = []
    const c = await open(t, (message, say, socket, connection) => {
      if (message.type === 'logon') say({ ...logonOk, limits })
      if (message.type === 'logon') say(accountSnapshot)
      if (message.type !== 'order.place') return
      at.push(c.clock.nowMs())
      if (connection > 1) say(execution(5, 'new', String(message.clientOrderId)))
      else if (at.length === 40) socket.terminate()
    })
    await spin(() => c.channel.state.freshness === 'live')
    const asked = seqs(1, 40).map(i => c.channel.place({ ...order, clientOrderId: `c${i}` }))
    let settled = 0
    for (const one of asked) one.then(() => settled++)
    await spin(() => {
      c.clock.advance(20)
      return settled === 40
    })
    // In no window of time are there more messages than the server's bucket and its refill allow.
    for (const sent of [at.slice(0, 40), at.slice(40)]) {
      for (const [i, from] of sent.entries()) {
        for (const [j, to] of sent.entries()) {
          if (j >= i) assert.ok(j - i + 1 <= limits.burst + ((to - from) / 1_000) * limits.commandsPerSecond)
        }
      }
    }
  })

  test('logs on again with the session and the first missing private event, never one after a gap', async t => {
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

  test('goes on from the snapshot when the events that it asks for are no longer kept', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'logon' && connection === 2) {
        say({ type: 'reset', reason: 'expired', requested: 'p1-4', epoch: 'p1', oldest: 90, head: 95 })
        say({ ...accountSnapshot, seq: 95 })
      }
      if (message.type === 'order.place' && connection === 1) socket.terminate()
      if (message.type === 'order.place' && connection === 2) say(execution(96, 'new'))
    })
    const answer = await c.channel.place(order)
    assert.equal(answer.type, 'execution')
    assert.equal(c.said('logon')[1]!.nextSeq, 5)
    assert.equal(c.channel.session?.nextSeq, 97)
    const account = c.messages.map(({ type }) => type).filter(type => type === 'reset' || type === 'account.snapshot')
    assert.deepEqual(account, ['account.snapshot', 'reset', 'account.snapshot'])
    assert.equal(c.connections(), 2)
  })

  test('rejects a command after its timeout and does not send it later', async t => {
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
    const unanswered = assert.rejects(c.channel.resend(1), { code: 'timeout', message: /was sent/ })
    await spin(() => c.said('resend').length === 1)
    await pass(c, 10)
    await unanswered
  })

  test('checks the connection when a command is not answered, and keeps the order pending', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (connection > 1 && message.type === 'order.place') say(execution(5, 'new'))
    })
    await spin(() => c.channel.state.freshness === 'live')
    const placed = c.channel.place(order)
    await spin(() => c.said('order.place').length === 1)
    c.clock.advance(3_000)
    assert.deepEqual([c.channel.state.silent, c.channel.state.freshness], [true, 'stale'])
    c.clock.advance(5_000)
    assert.equal(c.channel.state.unresolved, 1)
    const answer = await placed
    assert.equal(answer.type === 'execution' && answer.execType, 'new')
    assert.equal(c.connections(), 2)
  })

  test('repeats a command without an answer on a working connection', async t => {
    const c = await open(t, (message, say, ...rest) => {
      logOn(message, say, ...rest)
      if (message.type === 'ping') say({ type: 'pong', serverTime: 1 })
      if (message.type === 'order.place' && c.said('order.place').length === 3) say(execution(5, 'new'))
    })
    await spin(() => c.channel.state.freshness === 'live')
    const placed = c.channel.place(order)
    for (const sends of [1, 2]) {
      await spin(() => c.said('order.place').length === sends)
      await pass(c, 10)
    }
    assert.equal((await placed).type, 'execution')
    assert.equal(c.connections(), 1)
  })

  test('limits the queue; close rejects queued commands and later ones', async t => {
    const c = await open(t, () => {}, { queueMax: 2 })
    const queued = [c.channel.place(order), c.channel.cancel('c1')]
    await assert.rejects(c.channel.cancelAll(), { code: 'queue-full' })
    const rejected = Promise.all(queued.map(one => assert.rejects(one, { code: 'closed' })))
    c.channel.close()
    await rejected
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

  test('does not send a command that exceeds the frame size', async t => {
    const c = await open(t, logOn)
    await assert.rejects(c.channel.cancel('💹'.repeat(2_100)), { code: 'frame-too-large' })
  })
})

describe('the connection', LIMIT, () => {
  test('follows the rule of every close code, and commands survive the codes that are retried', async t => {
    for (const [code, { retry }] of Object.entries(CLOSE_CODES)) {
      const c = await open(t, (message, say, socket, connection) => {
        logOn(message, say, socket, connection)
        if (message.type !== 'order.place') return
        if (connection > 1) say(execution(5, 'new'))
        else if (code === '1006') socket.terminate()
        else {
          if (code === '4429')
            say({ requestId: undefined, type: 'error', code: 'rate-limited', text: '', retryMs: 4_321 })
          else say({ requestId: undefined, type: 'notice', code: 'closing', retryMs: 4_321 })
          socket.close(Number(code))
        }
      })
      const answer = await c.channel.place(order)
      assert.equal(answer.type, retry === 'never' ? 'unknown' : 'execution', code)
      assert.equal(c.connections(), retry === 'never' ? 1 : 2, code)
      if (retry === 'retryAfter')
        assert.equal(c.states.find(({ phase }) => phase === 'waiting')?.retryInMs, 4_321, code)
      c.channel.close()
    }
  })

  test('waits as long as a too-many-sessions refusal asks, although the close code after it is final', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      if (message.type === 'logon' && connection === 1) {
        say({ type: 'logon.reject', code: 'too-many-sessions', text: 'ten at most', retryMs: 5_000 })
        socket.close(4401)
      } else logOn(message, say, socket, connection)
    })
    await spin(() => c.channel.state.freshness === 'live')
    const waited = c.states.find(({ phase }) => phase === 'waiting')
    assert.deepEqual([waited?.retryInMs, waited?.reason?.code], [5_000, 'too-many-sessions'])
  })

  test('sends no token when there is none: the cookie identifies the account', async t => {
    const c = await open(t, logOn, { token: undefined } as unknown as Partial<ChannelOptions>)
    await spin(() => c.channel.state.freshness === 'live')
    assert.deepEqual(Object.keys(c.said('logon')[0]!).sort(), ['connection', 'requestId', 'type'])
  })

  test('closes permanently after a bad token, with the reason', async t => {
    const c = await open(t, (_, say, socket) => {
      say({ type: 'logon.reject', code: 'bad-token', text: 'Make an account first' })
      socket.close(4401)
    })
    await spin(() => c.channel.state.phase === 'closed')
    assert.deepEqual(c.channel.state.reason, { code: 'bad-token', text: 'Make an account first' })
    assert.equal(c.connections(), 1)
  })

  test('waits after 1001 as long as the notice asked; closes permanently after 4409', async t => {
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

  test('does not wait after a close for what a room refused', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'room.join') say({ type: 'ack' })
      if (message.type !== 'room.message') return
      say({ type: 'error', code: 'muted', text: '', docs: '', retryMs: 86_400_000 })
      socket.close(1001)
    })
    void c.channel.joinRoom('talk', () => {})
    const answer = await c.channel.say('talk', 'hello')
    assert.equal(answer.type === 'error' && answer.code, 'muted')
    await spin(() => c.states.some(({ phase }) => phase === 'waiting'))
    assert.ok(c.states.find(({ phase }) => phase === 'waiting')!.retryInMs! <= 30_000)
  })

  test('pings a silent connection, then replaces it', async t => {
    const c = await open(t, logOn)
    await spin(() => c.messages.length === 2)
    c.clock.advance(22_500)
    assert.equal(c.channel.state.silent, true)
    await spin(() => c.said('ping').length === 1)
    c.clock.advance(5_000)
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.equal(c.channel.state.silent, false)
  })

  test('asks again for private events that a heartbeat counts and that did not arrive', async t => {
    const heartbeat = { type: 'heartbeat', head: 0, serverTime: 1_700_000_000_500 }
    const c = await open(t, (message, say, _, connection) => {
      logOn(message, say, _, connection)
      if (message.type !== 'logon') return
      for (const lastSeq of connection === 1 ? [null, 4, 6] : [4]) say({ ...heartbeat, lastSeq, requestId: undefined })
    })
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.deepEqual(
      c.said('logon').map(({ nextSeq }) => nextSeq),
      [undefined, 5],
    )
    assert.equal(c.connections(), 2)
  })

  test('ends the connection after a frame that is not JSON, and resumes on the next one', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (connection === 1) socket.send('{nope')
    })
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.match(c.states.find(({ phase }) => phase === 'waiting')!.reason!.text, /not JSON/)
  })
})

describe('another market at the same address', LIMIT, () => {
  const welcome = (epoch: string) => ({
    type: 'welcome',
    epoch,
    head: 0,
    serverTime: 1_700_000_000_500,
    limits: { commandsPerSecond: 50, burst: 100 },
  })

  test('gets no command of the market before, and the account is emptied', async t => {
    const epochs: unknown[] = []
    const view = new AccountView()
    const c = await open(
      t,
      (message, say, socket, connection) => {
        if (message.type === 'order.place') socket.terminate()
        if (message.type !== 'logon') return
        say({ ...logonOk, privateEpoch: connection === 1 ? 'aaaa' : 'bbbb', resumed: message.nextSeq !== undefined })
        if (message.nextSeq === undefined) {
          const balance = { cash: connection * 100, buyingPower: 0 }
          say({ ...accountSnapshot, balance, orders: connection === 1 ? [{ orderId: '1' }] : [] })
        }
      },
      { onEpoch: (...change) => epochs.push(change), onMessage: message => view.apply(message as OutboundMessage) },
    )
    c.server.on('connection', socket => socket.send(JSON.stringify(welcome(c.connections() === 1 ? 'aaaa' : 'bbbb'))))
    await spin(() => c.channel.state.freshness === 'live')
    assert.equal(view.orders.length, 1)
    const sent = c.channel.place(order)
    await assert.rejects(sent, { code: 'market-replaced', message: /may have been carried out there/ })
    assert.deepEqual([view.orders, view.balance, view.accountId], [[], undefined, undefined])
    await spin(() => c.channel.state.freshness === 'live')
    assert.deepEqual([c.said('order.place').length, view.balance?.cash], [1, c.connections() * 100])
    assert.deepEqual(epochs, [
      ['aaaa', undefined],
      ['bbbb', 'aaaa'],
    ])
    assert.deepEqual([c.channel.state.epoch, c.channel.session?.nextSeq], ['bbbb', 5])
    // The logon that was sent before the greeting named a seq of the old stream; it was repeated without.
    assert.deepEqual(
      c.said('logon').map(({ nextSeq }) => nextSeq),
      [undefined, 5, undefined],
    )
  })

  test('closes when it does not know the account, and pending commands are rejected', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      if (message.type === 'order.place') socket.terminate()
      if (connection === 1) return logOn(message, say, socket, connection)
      if (message.type === 'logon') say({ type: 'logon.reject', code: 'bad-token', text: 'nobody' })
    })
    c.server.on('connection', socket => socket.send(JSON.stringify(welcome(c.connections() === 1 ? 'aaaa' : 'bbbb'))))
    await spin(() => c.channel.state.freshness === 'live' && c.channel.state.epoch === 'aaaa')
    await assert.rejects(c.channel.place(order), { code: 'market-replaced' })
    await spin(() => c.channel.state.phase === 'closed')
    assert.deepEqual([c.channel.state.reason?.code, c.channel.session], ['bad-token', undefined])
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

  test('resumes after a reconnect, each id once, each subscription for itself', async t => {
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

  test('resolves a refused subscription with the refusal and does not repeat it', async t => {
    const c = await open(t, (message, say, socket, connection) => {
      logOn(message, say, socket, connection)
      if (message.type === 'subscribe') say({ type: 'error', code: 'unknown-symbol', text: 'VELTR, NIMBR', docs: '' })
    })
    const answer = await c.channel.subscribe({ subscription: 'x', symbols: ['NOPE'] }, () => {})
    assert.equal(answer.type === 'error' && answer.code, 'unknown-symbol')
    c.channel.reconnect()
    await spin(() => c.connections() === 2 && c.channel.state.phase === 'ready')
    assert.equal(c.said('subscribe').length, 1)
  })

  test('the same name changes a subscription from its position; unsubscribe ends it', async t => {
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

test('builds the address from baseUrl with its path prefix, and throws without one outside of a page', t => {
  assert.throws(() => openOrderChannel(), /url/)
  assert.throws(() => openOrderChannel({ baseUrl: '/papertape' }), /url/)
  const seen: string[] = []
  class Seen {
    readonly readyState = 0
    onopen = null
    onmessage = null
    onclose = null
    onerror = null
    constructor(url: string) {
      seen.push(url)
    }
    send() {}
    close() {}
  }
  const open = (baseUrl: string) => {
    const channel = openOrderChannel({ baseUrl, WebSocket: Seen, environment: new TestEnvironment() })
    channel.reconnect()
    channel.close()
  }
  open('http://localhost:8080')
  open('https://example.org/papertape/')
  Object.defineProperty(globalThis, 'location', {
    value: new URL('https://page.example/papertape/ui/'),
    configurable: true,
  })
  t.after(() => Reflect.deleteProperty(globalThis, 'location'))
  open('')
  open('/papertape')
  assert.deepEqual(seen, [
    'ws://localhost:8080/v1/socket',
    'wss://example.org/papertape/v1/socket',
    'wss://page.example/v1/socket',
    'wss://page.example/papertape/v1/socket',
  ])
})
