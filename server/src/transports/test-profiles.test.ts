// The profile of an account for tests over the socket and REST: who may have one, latencies and rejects by rate, the
// same for the same seed, and no other account's. Time stands still until the test moves it.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Message, openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const RESTING = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 10, price: 10 }
const FIXED = { latency: { kind: 'fixed', ms: 300 } }

describe('the profile of an account', () => {
  let server: TestServer
  let orders = 0
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const openAccount = async (body: object = { testing: true }) =>
    (await ask(server, 'POST /v1/accounts', { body })).body
  const of = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const setProfile = (token: string, body: object) => ask(server, 'PUT /v1/account/profile', { ...of(token), body })
  async function logOn(token: string, more: object = {}): Promise<RawSocket> {
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token, ...more })
    await socket.until(({ type }) => type === 'account.snapshot')
    return socket
  }
  function send(socket: RawSocket, message: object): string {
    const requestId = `r${++orders}`
    socket.sendMessage({ ...message, requestId })
    return requestId
  }
  const place = (socket: RawSocket, more: object = {}) =>
    send(socket, { type: 'order.place', ...RESTING, clientOrderId: `o${++orders}`, ...more })
  const answerTo = (socket: RawSocket, id: string) => socket.until(({ requestId }) => requestId === id)
  /** Settles when the server has received what was sent. */
  const received = async (socket: RawSocket) => answerTo(socket, send(socket, { type: 'ping' }))

  test('is set, shown and ended; without a seed it gets one, the same each time', async () => {
    const { token } = await openAccount()
    const profile = { ...FIXED, fillModel: 'pessimistic', failures: [{ code: 'bad-size', rate: 0.5 }] }
    const { status, body } = await setProfile(token, profile)
    assert.equal(status, 200)
    assert.ok(Number.isSafeInteger(body.seed))
    assert.deepEqual(body, { ...profile, seed: body.seed })
    assert.deepEqual((await ask(server, 'GET /v1/account', of(token))).body.testProfile, body)
    assert.deepEqual((await setProfile(token, {})).body, { seed: body.seed })
    const other = await openAccount()
    assert.notEqual((await setProfile(other.token, {})).body.seed, body.seed)
  })

  test('is refused in an account that is not for tests, and when it is malformed', async () => {
    const ordinary = await openAccount({})
    const { status, body } = await setProfile(ordinary.token, FIXED)
    assert.deepEqual([status, body.code], [403, 'not-testing'])
    const { token } = await openAccount()
    for (const [profile, detail] of [
      [{ latency: { kind: 'fixed' } }, /latency/],
      [{ fillModel: 'always' }, /fillModel must be equal to one of/],
      [{ latancy: {} }, /unknown field latancy; did you mean latency\?/],
      [{ failures: [0.6, 0.5].map(rate => ({ code: 'bad-size', rate })) }, /the rates of place add up to 1.1/],
    ] as const) {
      const refused = await setProfile(token, profile)
      assert.deepEqual([refused.status, refused.body.code], [400, 'bad-request'])
      assert.match(refused.body.detail, detail)
    }
    assert.equal((await ask(server, 'GET /v1/account', of(token))).body.testProfile, undefined)
  })

  test('a new profile does not overtake the commands that the old one holds', async () => {
    const { token } = await openAccount()
    await setProfile(token, FIXED)
    const socket = await logOn(token)
    const first = place(socket)
    await received(socket)
    const ended = setProfile(token, { failures: [{ code: 'bad-size', rate: 1 }] })
    await received(socket)
    await server.pass(300)
    assert.equal((await answerTo(socket, first)).execType, 'new')
    assert.equal((await ended).status, 200)
    assert.equal((await answerTo(socket, place(socket))).reason?.code, 'bad-size')
  })

  test('latency: commands reach the exchange in their order, later, and the answers say so', async () => {
    const { token } = await openAccount()
    await setProfile(token, FIXED)
    const socket = await logOn(token)
    const ids = [place(socket, { clientOrderId: 'a' }), send(socket, { type: 'order.cancel', origClientOrderId: 'a' })]
    ids.push(place(socket), send(socket, { type: 'order.cancelAll' }))
    await received(socket)
    await server.pass(280)
    assert.deepEqual((await ask(server, 'GET /v1/orders', of(token))).body.orders, [])
    await server.pass(60)
    const answers: Message[] = []
    for (const id of ids) answers.push(await answerTo(socket, id))
    assert.deepEqual(
      answers.map(({ execType, count, latencyMs }) => [execType ?? count, latencyMs]),
      [
        ['new', 300],
        ['canceled', 300],
        ['new', 300],
        [1, 300],
      ],
    )
    socket.stream.destroy()
  })

  test('latency: over REST too, said in Server-Timing', async () => {
    const { token } = await openAccount()
    await setProfile(token, { latency: { kind: 'fixed', ms: 50 } })
    const answer = ask(server, 'POST /v1/orders', { ...of(token), body: { ...RESTING, clientOrderId: 'rest' } })
    for (let waited = 0; waited < 20; waited++) await server.pass(20)
    const { status, headers } = await answer
    assert.deepEqual([status, headers['server-timing']], [201, 'profile;dur=50'])
  })

  test('latency: an order that is under way when its session is lost is canceled with it', async () => {
    const { token } = await openAccount()
    await setProfile(token, FIXED)
    const socket = await logOn(token, { cancelOnDisconnect: 'connection' })
    place(socket)
    await received(socket)
    socket.stream.destroy()
    await socket.ended
    const other = await logOn(token)
    for (let waited = 0; waited < 40; waited++) await server.pass(20)
    const canceled = await other.until(({ execType }) => execType === 'canceled')
    assert.equal(canceled.reason.code, 'session-lost')
    other.stream.destroy()
  })

  test('is the same for the same seed, in another account, and delays nobody else', async () => {
    const profile = {
      latency: { kind: 'heavyTailed', leastMs: 5 },
      failures: [{ code: 'not-trading', rate: 0.3 }],
      seed: 11,
    }
    const play = async () => {
      const { token } = await openAccount()
      await setProfile(token, profile)
      const socket = await logOn(token)
      const outcomes: unknown[] = []
      for (let n = 0; n < 20; n++) {
        const id = place(socket)
        await received(socket)
        await server.pass(600)
        const { execType, reason, latencyMs } = await answerTo(socket, id)
        outcomes.push([execType, reason?.code, latencyMs])
      }
      socket.stream.destroy()
      return outcomes
    }
    const outcomes = await play()
    assert.deepEqual(await play(), outcomes)
    assert.ok(new Set(outcomes.map(String)).size > 5, String(outcomes))
    const neighbour = await logOn((await openAccount({})).token)
    const answer = await answerTo(neighbour, place(neighbour))
    assert.deepEqual([answer.execType, answer.latencyMs], ['new', undefined])
    neighbour.stream.destroy()
  })
})
