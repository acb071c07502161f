// The rate of an account's commands is one over its connections and requests, is said in each answer, and is no other
// account's. The clock stands still: what passes is the burst and nothing more.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CHANNEL_LIMITS } from '@papertape/gateway'
import { openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { ask, type TestAnswer } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const BURST = 10
const PER_SECOND = 5
const RESTING = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }

describe("an account's rate", () => {
  let server: TestServer
  let orders = 0
  before(async () => {
    server = await openTestServer({ limits: { commandsPerSecond: PER_SECOND, burst: BURST } })
  })
  after(() => server.close())

  const newToken = async () => (await ask(server, 'POST /v1/accounts')).body.token as string
  const order = () => ({ ...RESTING, clientOrderId: `o${++orders}` })
  const place = (token: string): Promise<TestAnswer> =>
    ask(server, 'POST /v1/orders', { headers: { authorization: `Bearer ${token}` }, body: order() })
  async function logOn(token: string): Promise<RawSocket> {
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token })
    await socket.until(({ type }) => type === 'account.snapshot')
    return socket
  }
  async function answerTo(socket: RawSocket, message: object) {
    const requestId = `r${++orders}`
    socket.sendMessage({ ...message, requestId })
    return socket.until(answer => answer.requestId === requestId)
  }
  const placeOn = (socket: RawSocket) => answerTo(socket, { type: 'order.place', ...order() })

  test('is said in welcome and logon.ok', async () => {
    const socket = await logOn(await newToken())
    const limits = { ...CHANNEL_LIMITS, commandsPerSecond: PER_SECOND, burst: BURST }
    for (const type of ['welcome', 'logon.ok']) {
      assert.deepEqual(socket.messages.find(message => message.type === type).limits, limits)
    }
    socket.stream.destroy()
  })

  test('is one for all of its sockets and for REST, and counts down in the answers of each', async () => {
    const token = await newToken()
    const [first, second] = [await logOn(token), await logOn(token)]
    const left: number[] = []
    left.push((await placeOn(first)).rateLimit.remaining)
    left.push((await placeOn(second)).rateLimit.remaining)
    const { status, headers } = await place(token)
    assert.equal(status, 201)
    assert.equal(headers['ratelimit-policy'], `"commands";q=${BURST};w=${BURST / PER_SECOND}`)
    assert.equal(headers.ratelimit, `"commands";r=${BURST - 3};t=1`)
    left.push((await answerTo(second, { type: 'order.cancelAll' })).rateLimit.remaining)
    left.push((await answerTo(first, { type: 'order.cancel', origClientOrderId: 'none' })).rateLimit.remaining)
    left.push((await answerTo(first, { type: 'order.cancelAllAfter', timeoutMs: 0 })).rateLimit.remaining)
    assert.deepEqual(left, [9, 8, 6, 5, 4])

    while ((await place(token)).status === 201);
    const refused = await placeOn(second)
    assert.deepEqual([refused.type, refused.code, refused.retryMs], ['error', 'rate-limited', 1_000 / PER_SECOND])
    assert.deepEqual(refused.rateLimit, { limit: BURST, remaining: 0, resetMs: 2_000 })
    const answer = await place(token)
    assert.deepEqual([answer.status, answer.body.code, answer.headers['retry-after']], [429, 'rate-limited', '1'])
    assert.equal(answer.headers.ratelimit, '"commands";r=0;t=2')
    server.clock.pass(refused.retryMs)
    assert.equal((await placeOn(second)).type, 'execution')
    for (const { stream } of [first, second]) stream.destroy()
  })

  test('that is used up refuses no other account', async () => {
    const [flooding, quiet] = [await newToken(), await newToken()]
    const sockets = await Promise.all(Array.from({ length: 8 }, () => logOn(flooding)))
    const other = await logOn(quiet)
    const flood = Promise.all([
      ...sockets.map(socket => answerTo(socket, { type: 'order.place', ...order() })),
      ...Array.from({ length: 100 }, () => place(flooding)),
    ])
    for (let placed = 0; placed < BURST; placed++) {
      const answer = placed % 2 === 0 ? await placeOn(other) : (await place(quiet)).body
      assert.equal(answer.execType, 'new', JSON.stringify(answer))
    }
    const statuses = (await flood).map(answer => ('status' in answer ? answer.status : answer.type))
    assert.equal(statuses.filter(status => status === 201 || status === 'execution').length, BURST)
    for (const { stream } of [other, ...sockets]) stream.destroy()
  })

  test('closes a socket that goes on over it with 4429, though each message is within its own', async () => {
    const wide = await openTestServer({ limits: { commandsPerSecond: 50, burst: 200 } })
    const { token } = (await ask(wide, 'POST /v1/accounts')).body
    const open = async () => {
      const socket = await openRawSocket('HTTP/1.1', wide)
      socket.sendMessage({ type: 'logon', token })
      await socket.until(({ type }) => type === 'logon.ok')
      return socket
    }
    const [patient, flooding] = [await open(), await open()]
    for (let n = 0; n < 180; n++) patient.sendMessage({ type: 'order.cancelAll', requestId: n })
    await patient.until(({ requestId }) => requestId === 179)
    for (let n = 0; n < 80; n++) flooding.sendMessage({ type: 'order.cancelAll', requestId: n })
    assert.equal(await flooding.closed, 4429)
    assert.ok(flooding.messages.some(({ code, retryMs }) => code === 'rate-limited' && retryMs > 0))
    patient.sendMessage({ type: 'ping', requestId: 'still open' })
    assert.equal((await patient.until(({ requestId }) => requestId === 'still open')).type, 'pong')
    await wide.close()
  })

  test('is not used up by a token that may only read', async () => {
    const token = await newToken()
    const headers = { authorization: `Bearer ${token}` }
    const made = await ask(server, 'POST /v1/account/tokens', { headers, body: { name: 'reader', readOnly: true } })
    const reader = await logOn(made.body.token)
    for (let asked = 0; asked < 2 * BURST; asked++) {
      assert.equal((await place(made.body.token)).body.code, 'read-only')
    }
    assert.equal((await placeOn(reader)).code, 'read-only')
    assert.equal((await place(token)).status, 201)
    reader.stream.destroy()
  })

  test('has another one for reads, which says what is left of it', async () => {
    const headers = { authorization: `Bearer ${await newToken()}` }
    const answer = await ask(server, 'GET /v1/account', { headers })
    assert.match(answer.headers.ratelimit as string, /^"reads";r=499;t=1$/)
  })
})

test('connections from an address are limited before the upgrade, and those that end make room', async () => {
  const server = await openTestServer({ limits: { addressSocketsMax: 3 } })
  const opened = await Promise.allSettled(Array.from({ length: 8 }, () => openRawSocket('HTTP/1.1', server)))
  const sockets = opened.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  const refusals = opened.flatMap(one => (one.status === 'rejected' ? [String(one.reason)] : []))
  assert.deepEqual([sockets.length, refusals.length], [3, 5])
  for (const refusal of refusals) {
    assert.match(refusal, /HTTP\/1\.1 429.*retry-after: 5.*too-many-connections/is)
  }
  sockets[0]!.stream.destroy()
  await sockets[0]!.ended
  // The server learns of the end a moment later.
  const again = async (): Promise<RawSocket> => openRawSocket('HTTP/2', server).catch(again)
  await (await again()).until(({ type }) => type === 'welcome')
  await assert.rejects(openRawSocket('HTTP/1.1 over TLS', server), /429/)
  await server.close()
})

test('accounts from an address are limited by the hour beside those at once', async () => {
  const server = await openTestServer({ limits: { newAccounts: { burst: 2, perHour: 6 } } })
  const open = async () => (await ask(server, 'POST /v1/accounts')).status
  const statuses: number[] = []
  for (let asked = 0; asked < 8; asked++) {
    server.clock.pass(1_000)
    statuses.push(await open())
  }
  assert.deepEqual(statuses, [201, 201, 201, 201, 201, 201, 429, 429])
  const { headers, body } = await ask(server, 'POST /v1/accounts')
  assert.deepEqual(
    [body.code, body.retryMs > 500_000, Number(headers['retry-after']) > 500],
    ['rate-limited', true, true],
  )
  server.clock.pass(body.retryMs)
  assert.equal(await open(), 201)
  await server.close()
})
