// Accounts over REST: the cookie of a page, pages of fills, rate limits, canceling all orders.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseTrustProxy } from '../auth/trusted-proxies.ts'
import { openRawSocket } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

const ORDER = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }
const PAGE = { 'sec-fetch-site': 'same-origin' }

describe('the account cookie', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())
  const setCookies = (headers: { 'set-cookie'?: string[] | undefined }) => headers['set-cookie'] ?? []

  test('is set for a page of this origin, HttpOnly, named after the market', async () => {
    const { status, headers } = await ask(server, 'POST /v1/accounts', { headers: PAGE })
    assert.equal(status, 201)
    const [cookie, ...others] = setCookies(headers)
    assert.deepEqual(others, [])
    assert.match(cookie!, new RegExp(`^papertape-${server.epoch}=pt_`))
    for (const part of [/; HttpOnly/, /; SameSite=Strict/, /; Path=\//, /; Max-Age=\d{7,}/]) assert.match(cookie!, part)
    assert.doesNotMatch(cookie!, /Secure|Domain/)
    assert.equal(headers['cache-control'], 'no-store')
  })

  test('is set by Origin where the browser sends no Sec-Fetch-Site: HTTP by a name', async () => {
    const origin = `http://localhost:${server.port}`
    const headers = { host: `localhost:${server.port}`, origin }
    assert.equal(setCookies((await ask(server, 'POST /v1/accounts', { headers })).headers).length, 1)
  })

  test('is not set for programs and foreign pages', async () => {
    for (const headers of [{}, { 'sec-fetch-site': 'none' }, { 'sec-fetch-mode': 'cors' }]) {
      const answer = await ask(server, 'POST /v1/accounts', { headers })
      assert.deepEqual([answer.status, setCookies(answer.headers)], [201, []])
    }
  })

  test('opens the account in its own market only', async () => {
    const opened = await ask(server, 'POST /v1/accounts', { headers: PAGE })
    const cookie = setCookies(opened.headers)[0]!.split(';')[0]!
    const answer = await ask(server, 'GET /v1/account', { headers: { cookie } })
    assert.deepEqual([answer.status, answer.body.accountId], [200, opened.body.accountId])
    const order = { ...ORDER, clientOrderId: 'by-cookie' }
    assert.equal((await ask(server, 'POST /v1/orders', { headers: { cookie, ...PAGE }, body: order })).status, 201)
    for (const [name, status] of [
      [`papertape-${server.epoch}`, 200],
      ['papertape-othr', 401],
      ['papertape', 401],
      [`papertape-${server.epoch}-operator`, 401],
    ] as const) {
      const headers = { cookie: `${name}=${opened.body.token}` }
      assert.equal((await ask(server, 'GET /v1/account', { headers })).status, status, name)
      const session = await ask(server, 'GET /v1/session', { headers })
      assert.deepEqual([session.status, session.headers['cache-control']], [200, 'no-store'], name)
      const { accountId } = opened.body
      const held = status === 200 ? { accountId, accounts: [{ accountId }] } : { accountId: null, accounts: [] }
      assert.deepEqual(session.body, { ...held, operator: false })
    }
    assert.equal((await ask(server, 'GET /v1/account')).status, 401)
  })

  test('over TLS is Secure and has another name, which the HTTP port neither reads nor replaces', async () => {
    const over = async (port: number, secure: boolean, head: string) =>
      readRaw(
        await exchange(port, `${head} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n`, {
          secure,
          until: /\}$/,
        }),
      )
    const opened = await over(server.tlsPort, true, 'POST /v1/accounts')
    const [, name, token, rest] = /set-cookie: ([^=]+)=([^;]+)(;.*)/i.exec(opened.head)!
    assert.equal(name, `papertape-${server.epoch}-tls`)
    assert.match(rest!, /; Secure/)
    const read = async (port: number, secure: boolean, cookie: string) =>
      readRaw(
        await exchange(port, `GET /v1/account HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`, {
          secure,
          until: /\}$/,
        }),
      ).status
    assert.equal(await read(server.tlsPort, true, `${name}=${token}`), 200)
    assert.equal(await read(server.port, false, `${name}=${token}`), 401)
    const clear = `papertape-${server.epoch}=${token}`
    assert.equal(await read(server.tlsPort, true, clear), 200, 'one account for both ports of a browser')
    assert.equal(await read(server.tlsPort, true, `${clear}x; ${name}=${token}`), 200, 'the one of TLS wins')
  })

  test('of older markets expires when there are too many', async () => {
    const cookie = Array.from({ length: 14 }, (_, n) => `papertape-old${n}=x`).join('; ')
    const { headers } = await ask(server, 'POST /v1/accounts', {
      headers: { ...PAGE, cookie: `theme=dark; ${cookie}` },
    })
    const expired = setCookies(headers).filter(line => /Max-Age=0/.test(line))
    assert.deepEqual(
      expired.map(line => line.split('=')[0]),
      ['papertape-old0', 'papertape-old1', 'papertape-old2', 'papertape-old3', 'papertape-old4'],
    )
  })
})

describe('an order over REST', () => {
  let server: TestServer
  let headers: { authorization: string }
  before(async () => {
    server = await openTestServer()
    headers = { authorization: `Bearer ${(await ask(server, 'POST /v1/accounts')).body.token}` }
  })
  after(() => server.close())
  const send = (route: string, body?: object) => ask(server, route, { headers, ...(body && { body }) })

  test('that is placed is a 201, and the same again a 200 with the first answer', async () => {
    const first = await send('POST /v1/orders', { ...ORDER, clientOrderId: 'twice' })
    assert.deepEqual([first.status, first.body.execType, first.body.timeInForce], [201, 'new', 'GTC'])
    const again = await send('POST /v1/orders', { ...ORDER, clientOrderId: 'twice' })
    assert.deepEqual([again.status, again.body.duplicate, again.body.orderId], [200, true, first.body.orderId])
  })

  test('at the market is IOC unless it says otherwise', async () => {
    const { price: _, ...market } = { ...ORDER, orderType: 'market', clientOrderId: 'market' }
    const { status, body } = await send('POST /v1/orders', market)
    assert.deepEqual([status, body.timeInForce, body.postOnly], [201, 'IOC', false])
  })

  for (const [what, change, code] of [
    ['off the tick grid', { price: 10.001 }, 'off-tick'],
    ['larger than an order may be', { size: 1_000_000, price: 184 }, 'notional-too-large'],
    ['of an unknown symbol', { symbol: 'NOPE' }, 'unknown-symbol'],
  ] as const) {
    test(`${what} is a 422 with the reject of the exchange`, async () => {
      const {
        status,
        headers: received,
        body,
      } = await send('POST /v1/orders', {
        ...ORDER,
        clientOrderId: what.replaceAll(' ', '-'),
        ...change,
      })
      assert.deepEqual([status, body.status, body.code], [422, 422, code])
      assert.match(received['content-type'] ?? '', /^application\/problem\+json/)
    })
  }

  test('is replaced and canceled by the id of the exchange', async () => {
    const { orderId } = (await send('POST /v1/orders', { ...ORDER, clientOrderId: 'old' })).body
    const replaced = await send(`PATCH /v1/orders/${orderId}`, { clientOrderId: 'new', size: 3 })
    assert.deepEqual([replaced.status, replaced.body.execType, replaced.body.size], [200, 'replaced', 3])
    const canceled = await send(`DELETE /v1/orders/${orderId}`)
    assert.deepEqual([canceled.status, canceled.body.execType], [200, 'canceled'])
    const again = await send(`DELETE /v1/orders/${orderId}`)
    assert.ok(again.status === 404 || again.status === 422, String(again.status))
    assert.equal((await send(`GET /v1/orders/${orderId}`)).body.orderStatus, 'canceled')
  })
})

test('pages of fills have each fill once', async () => {
  const server = await openTestServer()
  const { token } = (await ask(server, 'POST /v1/accounts')).body
  const headers = { authorization: `Bearer ${token}` }
  for (let n = 0; n < 6; n++) {
    const body = { clientOrderId: `f${n}`, symbol: 'VELTR', side: 'buy', orderType: 'market', size: 1 }
    assert.equal((await ask(server, 'POST /v1/orders', { headers, body })).status, 201)
  }
  const all = (await ask(server, 'GET /v1/fills', { headers })).body.fills.map(({ seq }: { seq: number }) => seq)
  assert.equal(all.length, 6)
  const paged: number[] = []
  for (let after = 0, pages = 0; pages < 10; pages++) {
    const { body } = await ask(server, `GET /v1/fills?limit=4&after=${after}`, { headers })
    assert.ok(body.fills.length <= 4)
    paged.push(...body.fills.map(({ seq }: { seq: number }) => seq))
    if (body.after === after) break
    after = body.after
  }
  assert.deepEqual(paged, all)
  assert.equal((await ask(server, 'GET /v1/fills?limit=0', { headers })).status, 400)
  await server.close()
})

describe('rate limits', () => {
  test('answer 429 with Retry-After to an address that opens too many accounts', async () => {
    const server = await openTestServer({ limits: { newAccounts: { burst: 5, perHour: 0 } } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(server, 'POST /v1/accounts')))
    const refused = answers.filter(({ status }) => status === 429)
    assert.ok(refused.length >= 5 && refused.length <= 7, `${refused.length} refused`)
    for (const { headers, body } of refused) {
      assert.deepEqual([body.code, headers['retry-after']], ['rate-limited', '1'])
      assert.ok(body.retryMs > 0 && body.retryMs <= 500)
      assert.match(headers['content-type'] ?? '', /problem\+json/)
    }
    await server.close()
  })

  test('count by the address that a trusted proxy names, and by no other header', async () => {
    for (const [trustProxy, refused] of [
      ['127.0.0.1', 0],
      ['', 6],
    ] as const) {
      const server = await openTestServer({
        access: { trustProxy: parseTrustProxy(trustProxy)! },
        limits: { newAccounts: { burst: 2, perHour: 0 } },
      })
      const statuses = await Promise.all(
        Array.from({ length: 8 }, async (_, n) => {
          const headers = { 'x-forwarded-for': `203.0.113.${n}` }
          return (await ask(server, 'POST /v1/accounts', { headers })).status
        }),
      )
      assert.equal(statuses.filter(status => status === 429).length, refused, trustProxy)
      await server.close()
    }
  })

  test('answer 429 to an account that reads its own data too often, on any route', async () => {
    const server = await openTestServer()
    const { body } = await ask(server, 'POST /v1/accounts')
    const headers = { authorization: `Bearer ${body.token}` }
    const paths = ['/v1/account', '/v1/positions', '/v1/orders', '/v1/orders/1', '/v1/fills']
    const statuses: number[] = []
    for (let asked = 0; asked < 2_000 && !statuses.includes(429); asked += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => ask(server, `GET ${paths[n % paths.length]}`, { headers })),
      )
      statuses.push(...answers.map(({ status }) => status))
    }
    const passed = statuses.indexOf(429)
    assert.ok(passed >= 400, `${passed} reads passed`)
    assert.equal((await ask(server, 'GET /v1/quotes')).status, 200)
    await server.close()
  })

  test('answer 429 to one account, and not to another', async () => {
    const server = await openTestServer()
    const [one, other] = await Promise.all([ask(server, 'POST /v1/accounts'), ask(server, 'POST /v1/accounts')])
    const headers = { authorization: `Bearer ${one.body.token}` }
    const place = (n: number) => ask(server, 'POST /v1/orders', { headers, body: { ...ORDER, clientOrderId: `o${n}` } })
    const answers = []
    for (let n = 0; n < 400 && answers.at(-1)?.status !== 429; n += 40) {
      answers.push(...(await Promise.all(Array.from({ length: 40 }, (_, i) => place(n + i)))))
    }
    const refused = answers.filter(({ status }) => status === 429)
    assert.ok(refused.length > 0 && refused.length < answers.length - 99, `${refused.length} of ${answers.length}`)
    assert.match(refused[0]!.headers['retry-after'] ?? '', /^[1-9]/)
    const calm = { authorization: `Bearer ${other.body.token}` }
    const theirs = await ask(server, 'POST /v1/orders', { headers: calm, body: { ...ORDER, clientOrderId: 'a' } })
    assert.equal(theirs.status, 201)
    await server.close()
  })
})

describe('canceling all orders of an unknown symbol', () => {
  let server: TestServer
  let token: string
  before(async () => {
    server = await openTestServer()
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())

  for (const [query, code] of [
    ['symbol=NOPE', 'unknown-symbol'],
    ['symbol=veltr', 'unknown-symbol'],
    ['symbol=VELTR,NIMBR', 'unknown-symbol'],
    ['symbol=', 'bad-request'],
  ] as const) {
    test(`is refused over REST: ${query}`, async () => {
      const headers = { authorization: `Bearer ${token}` }
      const { status, body } = await ask(server, `DELETE /v1/orders?${query}`, { headers })
      assert.deepEqual([status, body.code], [400, code])
    })
  }

  test('is refused over the order channel', async () => {
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token, requestId: 1 })
    socket.sendMessage({ type: 'order.cancelAll', symbol: 'NOPE', requestId: 2 })
    const { type, code } = await socket.until(({ requestId }) => requestId === 2)
    assert.deepEqual([type, code], ['error', 'unknown-symbol'])
    socket.sendMessage({ type: 'order.cancelAll', symbol: 'VELTR', requestId: 3 })
    assert.equal((await socket.until(({ requestId }) => requestId === 3)).type, 'ack')
    socket.stream.destroy()
  })
})
