// Who a request is from: an account, the operator, both or nobody, always with a 200; and the accounts of a browser.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, OPERATOR_TOKEN, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('the session', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  test('a request without a token, or with an unknown one, is from nobody', async () => {
    for (const headers of [{}, { authorization: 'Bearer pt_none' }, { cookie: `papertape-${app.epoch}=pt_none` }]) {
      const { status, headers: received, body } = await ask(app, 'GET /v1/session', { headers })
      assert.deepEqual([status, body], [200, { accountId: null, accounts: [], operator: false }])
      assert.equal(received['cache-control'], 'no-store')
    }
  })

  test('the token of an account names the account, by header or cookie; the header wins', async () => {
    const one = (await ask(app, 'POST /v1/accounts', { body: {} })).body
    const other = (await ask(app, 'POST /v1/accounts', { body: {} })).body
    const authorization = `Bearer ${one.token}`
    const cookie = `papertape-${app.epoch}=${other.token}`
    const held = [{ accountId: other.accountId }]
    for (const [headers, accountId, accounts] of [
      [{ authorization }, one.accountId, []],
      [{ cookie }, other.accountId, held],
      [{ authorization, cookie }, one.accountId, held],
    ]) {
      assert.deepEqual((await ask(app, 'GET /v1/session', { headers })).body, { accountId, accounts, operator: false })
    }
  })

  test('the token of the operator makes an operator, without an account', async () => {
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` }
    assert.deepEqual((await ask(app, 'GET /v1/session', { headers })).body, {
      accountId: null,
      accounts: [],
      operator: true,
    })
  })
})

const PAGE = { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }
const ORDER = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }

/** A browser that keeps the cookie which it gets. */
function browserOf(app: TestApp, cookie = '') {
  const browser = {
    cookie,
    async send(route: string, body?: object, headers: Record<string, string> = PAGE) {
      const sent = browser.cookie === '' ? headers : { ...headers, cookie: browser.cookie }
      const answer = await ask(app, route, { headers: sent, ...(body && { body }) })
      const set = answer.headers['set-cookie']?.find(line => line.startsWith(`papertape-${app.epoch}=`))
      if (set !== undefined) browser.cookie = /Max-Age=0/.test(set) ? '' : set.split(';')[0]!
      return answer
    },
    async open(cash?: number): Promise<string> {
      return (await browser.send('POST /v1/accounts', cash === undefined ? {} : { cash })).body.accountId
    },
    /** The active account, then all. */
    async session() {
      const { accountId, accounts } = (await browser.send('GET /v1/session')).body
      return [accountId, accounts.map((one: { accountId: string }) => one.accountId)]
    },
  }
  return browser
}

describe('the accounts of a browser', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  test('are up to eight, the one that is opened is active, and another one can be', async () => {
    const browser = browserOf(app)
    const ids: string[] = []
    for (let i = 0; i < 8; i++) {
      ids.push(await browser.open())
      assert.deepEqual(await browser.session(), [ids.at(-1), ids])
    }
    const { cookie } = browser
    const ninth = await browser.send('POST /v1/accounts', {})
    assert.deepEqual([ninth.status, ninth.body.code, browser.cookie], [409, 'too-many-accounts', cookie])
    const switched = await browser.send('POST /v1/session', { accountId: ids[2] })
    assert.deepEqual([switched.status, switched.body.accountId], [200, ids[2]])
    assert.deepEqual(await browser.session(), [ids[2], ids])
    assert.equal((await browser.send('GET /v1/account')).body.accountId, ids[2])
    assert.doesNotMatch(switched.text, /pt_/, 'no token but in the cookie')
  })

  test('that it does not hold cannot be made active, started anew or forgotten: 404, and nothing changes', async () => {
    const browser = browserOf(app)
    const own = await browser.open()
    const others = await browserOf(app).open()
    for (const [route, body] of [
      ['POST /v1/session', { accountId: others }],
      [`POST /v1/session/accounts/${others}/reset`, {}],
      [`DELETE /v1/session/accounts/${others}`, undefined],
    ] as const) {
      const { status, body: problem } = await browser.send(route, body)
      assert.deepEqual([status, problem.code], [404, 'unknown-account'], route)
      assert.match(problem.detail, new RegExp(`no account ${others}; it holds ${own}`))
    }
    assert.deepEqual(await browser.session(), [own, [own]])
  })

  test('are started anew in their place: open orders are canceled, the cash is fresh', async () => {
    const browser = browserOf(app)
    const [first, second] = [await browser.open(), await browser.open()]
    await browser.send('POST /v1/session', { accountId: first })
    const { cookie } = browser
    await browser.send('POST /v1/orders', { ...ORDER, clientOrderId: 'resting' })
    const reset = await browser.send(`POST /v1/session/accounts/${first}/reset`, { cash: 500 })
    assert.equal(reset.status, 200)
    const { accountId } = reset.body
    assert.deepEqual(await browser.session(), [accountId, [accountId, second]])
    const account = (await browser.send('GET /v1/account')).body
    assert.deepEqual([account.orders, account.balance.cash], [[], 500])
    assert.deepEqual((await browserOf(app, cookie).send('GET /v1/account')).body.orders, [])

    // One that is not active stays so.
    const other = (await browser.send(`POST /v1/session/accounts/${second}/reset`)).body
    assert.deepEqual(await browser.session(), [
      accountId,
      other.accounts.map((one: { accountId: string }) => one.accountId),
    ])
    assert.notEqual(other.accounts[1].accountId, second)
  })

  test('are forgotten; of the active one the one before it becomes active, of the last one no cookie is left', async () => {
    const browser = browserOf(app)
    const [a, b, c] = [await browser.open(), await browser.open(), await browser.open()]
    await browser.send(`DELETE /v1/session/accounts/${c}`)
    assert.deepEqual(await browser.session(), [b, [a, b]])
    await browser.send(`DELETE /v1/session/accounts/${a}`)
    assert.deepEqual(await browser.session(), [b, [b]])
    await browser.send(`DELETE /v1/session/accounts/${b}`)
    assert.equal(browser.cookie, '')
    assert.deepEqual(await browser.session(), [null, []])
  })

  test('of a cookie from when there was one are that one; tokens of nobody are dropped', async () => {
    const { token, accountId } = (await ask(app, 'POST /v1/accounts', { body: {} })).body
    const browser = browserOf(app, `papertape-${app.epoch}=${token}`)
    assert.deepEqual(await browser.session(), [accountId, [accountId]])
    const next = await browser.open()
    assert.deepEqual(await browser.session(), [next, [accountId, next]])
    const stale = browserOf(app, `papertape-${app.epoch}=pt_none.~${token}`)
    assert.deepEqual(await stale.session(), [accountId, [accountId]])
    const opened = await stale.open()
    assert.deepEqual(await stale.session(), [opened, [accountId, opened]])
    assert.doesNotMatch(stale.cookie, /pt_none/)
  })

  test('are changed by pages of this origin only', async () => {
    const browser = browserOf(app)
    const own = await browser.open()
    for (const headers of [
      {},
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      for (const [route, body] of [
        ['POST /v1/session', { accountId: own }],
        [`POST /v1/session/accounts/${own}/reset`, {}],
        [`DELETE /v1/session/accounts/${own}`, undefined],
      ] as const) {
        const answer = await browser.send(route, body, headers)
        assert.deepEqual(
          [answer.status, answer.body.code],
          [403, 'foreign-origin'],
          `${route} ${JSON.stringify(headers)}`,
        )
        assert.equal(answer.headers['set-cookie'], undefined)
      }
    }
    assert.deepEqual(await browser.session(), [own, [own]])
  })

  test('of a page of a listed origin are none: its browser gets no cookie', async () => {
    const listed = await openTestApp({ access: { origins: ['http://localhost:3000'] } })
    const headers = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }
    const browser = browserOf(listed)
    const own = await browser.open()
    const answer = await browser.send('POST /v1/session', { accountId: own }, headers)
    assert.deepEqual([answer.status, answer.body.code], [403, 'foreign-origin'])
    await listed.close()
  })

  test('over TLS are in a cookie of their own that begins with those of the clear port, and is Secure', async () => {
    const proxied = await openTestApp({ access: { trustProxy: () => true } })
    const clear = browserOf(proxied)
    const first = await clear.open()
    const headers = {
      origin: 'https://localhost:8080',
      'sec-fetch-site': 'same-origin',
      'x-forwarded-proto': 'https',
      cookie: clear.cookie,
    }
    const opened = await ask(proxied, 'POST /v1/accounts', { headers, body: {} })
    const [set] = opened.headers['set-cookie']!
    assert.match(set!, new RegExp(`^papertape-${proxied.epoch}-tls=pt_[\\w-]+\\.~pt_[\\w-]+; .*Secure`))
    const both = `${clear.cookie}; ${set!.split(';')[0]}`
    const session = (await ask(proxied, 'GET /v1/session', { headers: { ...headers, cookie: both } })).body
    assert.deepEqual([session.accountId, session.accounts[0].accountId], [opened.body.accountId, first])
    assert.deepEqual(await clear.session(), [first, [first]], 'the clear port has what it had')
    await proxied.close()
  })
})
