// The tokens of an account over REST: made, listed and revoked; what a read-only one may; a token in a URL. Revoking
// ends at once what the token has opened.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openRawSocket } from '../testing/raw-socket.ts'
import { openRawStream } from '../testing/raw-stream.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const ORDER = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }
const TOKENS_MAX = 20
const DAY_MS = 86_400_000

describe('the tokens of an account', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const as = (token: string) => ({ authorization: `Bearer ${token}` })
  const open = async () => (await ask(server, 'POST /v1/accounts')).body as { token: string; accountId: string }
  const add = (token: string, body: object) => ask(server, 'POST /v1/account/tokens', { headers: as(token), body })
  const list = async (token: string) => {
    const { body } = await ask(server, 'GET /v1/account/tokens', { headers: as(token) })
    return body.tokens as { id: string; name: string; lastUsedAt: number | null }[]
  }
  const revoke = (token: string, id: string) => ask(server, `DELETE /v1/account/tokens/${id}`, { headers: as(token) })
  const account = async (token: string) => (await ask(server, 'GET /v1/account', { headers: as(token) })).body

  test('each open it, and are listed without the tokens, with the minute of their last use', async () => {
    const { token, accountId } = await open()
    const made = await add(token, { name: 'bot' })
    assert.equal(made.status, 201)
    assert.match(made.body.token, /^pt_[\w-]{32}$/)
    const nowMs = server.clock.wallMs()
    assert.deepEqual(
      { ...made.body, token: '', id: '', createdAt: 0 },
      {
        id: '',
        name: 'bot',
        readOnly: false,
        createdAt: 0,
        expiresAt: null,
        lastUsedAt: null,
        token: '',
      },
    )
    assert.ok(Math.abs(made.body.createdAt - nowMs) < 60_000)
    const unused = await list(token)
    assert.deepEqual(
      unused.map(({ name, lastUsedAt }) => [name, lastUsedAt === null]),
      [
        ['first', false],
        ['bot', true],
      ],
    )
    assert.equal((await account(made.body.token)).accountId, accountId)
    const used = await list(token)
    assert.equal(used[1]!.lastUsedAt, nowMs - (nowMs % 60_000))
    const text = JSON.stringify(used)
    for (const secret of [token, made.body.token]) assert.ok(!text.includes(secret.slice(3)))
  })

  test('are revoked at once: sockets are closed with 4401, streams end with auth-expired', async () => {
    const { token } = await open()
    const { id, token: bot } = (await add(token, { name: 'bot' })).body
    const [socket, other] = await Promise.all([openRawSocket('HTTP/1.1', server), openRawSocket('HTTP/1.1', server)])
    socket.sendMessage({ type: 'logon', token: bot })
    other.sendMessage({ type: 'logon', token })
    const stream = await openRawStream('HTTP/2', server, '', { route: '/v1/account/stream', headers: as(bot) })
    await stream.until(({ event }) => event === 'snapshot')
    for (const one of [socket, other]) await one.until(({ type }) => type === 'account.snapshot')
    assert.equal((await revoke(token, id)).status, 204)
    assert.equal(await socket.closed, 4401)
    await stream.until(({ event }) => event === 'auth-expired')
    assert.equal(await stream.ended, 'ended')
    assert.equal((await account(bot)).code, 'bad-token')
    other.sendMessage({ type: 'ping', requestId: 'p' })
    assert.equal((await other.until(({ requestId }) => requestId === 'p')).type, 'pong')
    assert.deepEqual((await revoke(token, id)).body.code, 'unknown-token')
    other.stream.destroy()
  })

  test('that are read-only read and stream, and change nothing', async () => {
    const { token } = await open()
    const { token: reader } = (await add(token, { name: 'screen', readOnly: true })).body
    const headers = as(reader)
    assert.equal((await ask(server, 'GET /v1/orders', { headers })).status, 200)
    for (const [route, body] of [
      ['POST /v1/orders', { clientOrderId: 'a', ...ORDER }],
      ['PATCH /v1/orders/1', { clientOrderId: 'b', size: 2 }],
      ['DELETE /v1/orders/1', undefined],
      ['DELETE /v1/orders', undefined],
      ['POST /v1/orders/cancel-all-after', { timeoutMs: 0 }],
      ['POST /v1/account/tokens', { name: 'more' }],
      ['DELETE /v1/account/tokens/first', undefined],
    ] as const) {
      const answer = await ask(server, route, { headers, ...(body && { body }) })
      assert.deepEqual([route, answer.status, answer.body.code], [route, 403, 'read-only'])
    }
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token: reader, cancelOnDisconnect: 'account', requestId: 1 })
    assert.equal((await socket.until(({ requestId }) => requestId === 1)).code, 'read-only')
    socket.sendMessage({ type: 'logon', token: reader, requestId: 2 })
    assert.equal((await socket.until(({ requestId }) => requestId === 2)).type, 'logon.ok')
    socket.sendMessage({ type: 'order.place', clientOrderId: 'a', ...ORDER, requestId: 3 })
    assert.equal((await socket.until(({ requestId }) => requestId === 3)).code, 'read-only')
    socket.sendMessage({ type: 'resend', from: 1, requestId: 4 })
    assert.equal((await socket.until(({ requestId }) => requestId === 4)).type, 'ack')
    socket.stream.destroy()
  })

  test('that are read-only take no session over that trades', async () => {
    const { token } = await open()
    const { token: reader } = (await add(token, { name: 'screen', readOnly: true })).body
    const [trader, screen] = await Promise.all([openRawSocket('HTTP/1.1', server), openRawSocket('HTTP/1.1', server)])
    trader.sendMessage({ type: 'logon', token, sessionId: 'desk', cancelOnDisconnect: 'connection' })
    await trader.until(({ type }) => type === 'account.snapshot')
    screen.sendMessage({ type: 'logon', token: reader, sessionId: 'desk' })
    assert.equal((await screen.until(({ type }) => type === 'logon.ok')).sessionId, 'desk')
    trader.sendMessage({ type: 'ping', requestId: 'p' })
    assert.equal((await trader.until(({ requestId }) => requestId === 'p')).type, 'pong')
    for (const socket of [trader, screen]) socket.stream.destroy()
  })

  test(`are ${TOKENS_MAX} at most, of one account only, and end at their time`, async () => {
    const { token } = await open()
    const other = await open()
    const { id } = (await add(token, { name: 'mine' })).body
    assert.equal((await revoke(other.token, id)).body.code, 'unknown-token')
    const short = (await add(token, { name: 'short', expiresInDays: 1 })).body
    assert.equal(short.expiresAt - short.createdAt, DAY_MS)
    assert.equal((await ask(server, 'GET /v1/account', { headers: as(short.token) })).status, 200)
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token: short.token })
    await socket.until(({ type }) => type === 'account.snapshot')
    server.clock.setWall(DAY_MS)
    assert.equal((await account(short.token)).code, 'bad-token')
    socket.stream.destroy()
    for (let made = 3; made < TOKENS_MAX; made++) assert.equal((await add(token, { name: 'n' })).status, 201)
    assert.deepEqual((await add(token, { name: 'n' })).body.code, 'too-many-tokens')
  })

  test('in a URL are refused with where they belong', async () => {
    const { token } = await open()
    for (const route of [
      `GET /v1/account?token=${token}`,
      `GET /v1/orders?access_token=x`,
      `GET /v1/account/stream?symbols=${token}`,
      `GET /v1/socket?token=${token}`,
    ]) {
      const { status, body, text } = await ask(server, route)
      assert.deepEqual([status, body.code], [400, 'token-in-url'], route)
      assert.match(body.detail, /Authorization: Bearer/)
      assert.ok(!text.includes(token))
    }
  })
})
