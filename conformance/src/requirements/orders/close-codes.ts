// Close codes and limits of the order channel.

import { OUTBOUND, RateLimitState } from '@papertape/protocol/schemas'
import { expectEqual, expectMatch, expectSchema, expectTrue, NotOffered } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem } from '../../target/answer.ts'
import type { OrderSocket } from '../../target/order-socket.ts'
import type { Probe } from '../../target/probe.ts'
import { restingOrder } from './trading-account.ts'

const CLOSE_MAX_MS = 12_000
const LOGON_WAIT_MS = 5_000
const PINGS_AT_ONCE = 40
const PINGS_MAX = 2_000
const FLOOD_PINGS = 600
const FLOOD_ROUNDS = 6
const ORDERS_AT_ONCE = 400
const RATE_COMMANDS = 30
const FRAME_BYTES_MAX = 8 * 1024
const NESTED = 4_000

async function expectClose(probe: Probe, socket: OrderSocket, code: number): Promise<void> {
  expectEqual('the close code', await probe.within(socket.closed, `the close with ${code}`, CLOSE_MAX_MS), code)
}

export const CLOSES = chapter('Close codes and limits', [
  requirement('close-1000', 'logout is acknowledged, then closed with 1000.', async probe => {
    const { socket } = await probe.logOn()
    expectEqual('the answer', (await socket.ask({ type: 'logout' })).type, 'ack')
    await expectClose(probe, socket, 1000)
  }),

  requirement('close-1003', 'A binary frame is closed with 1003.', async probe => {
    const socket = await probe.socket()
    socket.sendBytes(new TextEncoder().encode('{"type":"ping"}'))
    await expectClose(probe, socket, 1003)
  }),

  requirement('close-1009', 'A frame of 8 KiB is read; one byte more is closed with 1009.', async probe => {
    const socket = await probe.socket()
    socket.sendText('x'.repeat(FRAME_BYTES_MAX))
    expectEqual('the answer to 8 KiB', (await socket.until('error')).code, 'bad-json')
    socket.sendText('x'.repeat(FRAME_BYTES_MAX + 1))
    await expectClose(probe, socket, 1009)
  }),

  requirement('close-4400', 'Malformed again and again is closed with 4400, after errors.', async probe => {
    const socket = await probe.socket()
    for (let times = 0; times < 40; times++) socket.sendText('{')
    await expectClose(probe, socket, 4400)
    const errors = socket.messages.items.filter(({ type, code }) => type === 'error' && code === 'bad-json')
    expectTrue(errors.length > 1, 'errors before the close', errors.length)
  }),

  requirement(
    'close-4401',
    'Who neither logs on nor subscribes within 5 s is closed with 4401; a ping does not help.',
    async probe => {
      const socket = await probe.socket()
      const startMs = probe.clock.nowMs()
      await socket.ask({ type: 'ping' })
      await expectClose(probe, socket, 4401)
      const waitedMs = probe.clock.nowMs() - startMs
      expectTrue(waitedMs > LOGON_WAIT_MS - 700, 'the close after 5 s', waitedMs)
    },
    { waitsMs: LOGON_WAIT_MS },
  ),

  requirement(
    'open-subscribed',
    'Who has subscribed stays connected without a logon.',
    async probe => {
      const socket = await probe.socket()
      await socket.ask({ type: 'subscribe', subscription: 'news', events: ['news'] })
      await probe.sleep(LOGON_WAIT_MS + 1_500)
      expectEqual('the answer to a ping', (await socket.ask({ type: 'ping' })).type, 'pong')
    },
    { waitsMs: LOGON_WAIT_MS },
  ),

  requirement('rate-error', 'A message over the rate gets an error with retryMs, and its requestId.', async probe => {
    const { socket } = await probe.logOn()
    let sent = 0
    // By and by: too many at once would be closed with 4429.
    while (!socket.messages.items.some(({ code }) => code === 'rate-limited')) {
      expectTrue(sent < PINGS_MAX, 'an error over the rate', `${sent} pings without one`)
      for (const end = sent + PINGS_AT_ONCE; sent < end; sent++) socket.send({ type: 'ping', requestId: sent })
      await socket.messages.until('an answer to each ping', ({ requestId }) => requestId === sent - 1)
    }
    const limited = await socket.until('error', ({ code }) => code === 'rate-limited')
    expectSchema('the error', OUTBOUND.error, limited)
    expectTrue(limited.retryMs > 0 && typeof limited.requestId === 'number', 'retryMs and requestId', limited)
    await probe.sleep(limited.retryMs + 500)
    expectEqual('the answer after retryMs', (await socket.ask({ type: 'ping' })).type, 'pong')
  }),

  requirement(
    'rate-state',
    'The answer to a command says what is left of the rate: `rateLimit`, and over REST `RateLimit`.',
    async probe => {
      const { socket, token } = await probe.logOn()
      // Several at once, and the least of what is left: the bucket fills again while an answer is on its way.
      for (let sent = 0; sent < RATE_COMMANDS; sent++)
        socket.send({ type: 'order.cancelAll', requestId: `rate-${sent}` })
      await socket.ask({ type: 'order.cancelAll' })
      const states = socket.messages.items.flatMap(({ type, rateLimit }) => (type === 'ack' ? [rateLimit] : []))
      const { headers } = await probe.call('DELETE /v1/orders', { token })
      const [left, policy] = [headers.get('ratelimit'), headers.get('ratelimit-policy')]
      if (states[0] === undefined && left === null) throw new NotOffered('no state of the rate is sent')
      for (const state of states) expectSchema('rateLimit', RateLimitState, state)
      expectTrue(
        states.some(({ remaining, limit }) => remaining < limit),
        'less than all after a command',
        states,
      )
      expectMatch('RateLimit', left, /^"[a-z]+";r=\d+;t=\d+$/)
      expectMatch('RateLimit-Policy', policy, /^"[a-z]+";q=\d+;w=\d+$/)
    },
  ),

  requirement('json-depth', 'JSON that is nested thousands deep is an error, and ends nothing.', async probe => {
    const { socket, token } = await probe.logOn()
    const nested = `${'['.repeat(NESTED)}${']'.repeat(NESTED)}`
    // A number that is not plain digits makes a server look twice.
    socket.sendText(`{"type":"ping","requestId":1e0,"x":${nested}}`)
    await socket.until('error')
    expectEqual('the answer to a ping', (await socket.ask({ type: 'ping' })).type, 'pong')
    expectProblem(await probe.call('POST /v1/orders', { token, body: `{"size":${nested}}` }), 400)
  }),

  requirement('close-4429', 'Who goes on over the rate is closed with 4429.', async probe => {
    const { socket } = await probe.logOn()
    // It still sends when the close comes, as one does that floods: a reset of its connection would take the code away.
    for (let rounds = 0; rounds < FLOOD_ROUNDS; rounds++) {
      for (let requestId = 0; requestId < FLOOD_PINGS; requestId++) socket.send({ type: 'ping', requestId })
      await probe.sleep(rounds)
    }
    await expectClose(probe, socket, 4429)
    expectTrue(
      socket.messages.items.some(({ code, retryMs }) => code === 'rate-limited' && retryMs > 0),
      'errors with retryMs before the close',
    )
  }),

  requirement(
    'subscriptions-limit',
    'A connection has as many subscriptions as welcome says, and no more.',
    async probe => {
      const socket = await probe.socket()
      const { limits } = await socket.until('welcome')
      const subscribe = (index: number) =>
        socket.ask({ type: 'subscribe', subscription: `s${index}`, events: ['news'] })
      for (let index = 0; index < limits.subscriptionsMax; index++) {
        expectEqual(`the answer to subscription ${index + 1}`, (await subscribe(index)).type, 'ack')
      }
      expectEqual('the answer to one too many', (await subscribe(limits.subscriptionsMax)).type, 'error')
    },
  ),

  requirement('rest-rate', 'REST over the rate is a 429 or 503 with Retry-After.', async probe => {
    const { token } = await probe.account(1)
    const instrument = await probe.tradableInstrument()
    const place = () => probe.call('POST /v1/orders', { token, body: restingOrder(probe, instrument) })
    // All at once: a server that is slow to answer would let rounds of a few pass.
    const answers = await Promise.all(Array.from({ length: ORDERS_AT_ONCE }, place))
    const limited = answers.find(({ status }) => status === 429 || status === 503)
    if (limited === undefined) throw new NotOffered(`${ORDERS_AT_ONCE} orders at once were not limited`)
    expectTrue(Number(limited.headers.get('retry-after')) > 0, 'Retry-After', limited.headers.get('retry-after'))
  }),
])
