// Tokens in headers and cookies: which one counts, and what a response sets and expires.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

const PAGE = { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }

describe('the token of a request', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  const openAccount = async (headers: Record<string, string> = {}) => {
    const answer = await ask(app, 'POST /v1/accounts', { headers })
    return { ...(answer.body as { accountId: string; token: string }), cookies: [answer.headers['set-cookie']].flat() }
  }
  const accountOf = async (headers: Record<string, string>) =>
    (await ask(app, 'GET /v1/account', { headers })).body.accountId as string | undefined

  test('in the Authorization header wins over the cookie', async () => {
    const [one, other] = [await openAccount(), await openAccount()]
    const cookie = `papertape-${app.epoch}=${other.token}`
    assert.equal(await accountOf({ authorization: `Bearer ${one.token}`, cookie }), one.accountId)
    assert.equal(await accountOf({ ...PAGE, cookie }), other.accountId)
  })

  test('may follow the scheme in any case and after several spaces', async () => {
    const { token, accountId } = await openAccount()
    for (const scheme of ['bearer', 'BEARER ', 'Bearer   '])
      assert.equal(await accountOf({ authorization: `${scheme} ${token}` }), accountId, scheme)
    assert.equal(await accountOf({ authorization: `Basic ${token}` }), undefined)
  })

  test('in the cookie of another market does not count', async () => {
    const { token } = await openAccount()
    assert.equal(await accountOf({ ...PAGE, cookie: `papertape-zzzz=${token}` }), undefined)
  })

  test('is set as a cookie that no script can read, for the page that opens an account', async () => {
    const { cookies } = await openAccount(PAGE)
    assert.equal(cookies.length, 1)
    assert.match(cookies[0]!, new RegExp(`^papertape-${app.epoch}=`))
    assert.match(cookies[0]!, /HttpOnly/)
    assert.match(cookies[0]!, /SameSite=Strict/)
    assert.match(cookies[0]!, /Max-Age=15552000/)
  })

  test('is kept with those of nine other markets; older ones expire', async () => {
    const others = Array.from({ length: 14 }, (_, i) => `papertape-old${i}=x`)
    const { cookies } = await openAccount({ ...PAGE, cookie: ['theme=dark', ...others].join('; ') })
    const expired = cookies.filter(cookie => /Max-Age=0/.test(cookie!)).map(cookie => cookie!.split('=')[0])
    assert.deepEqual(expired, [
      'papertape-old0',
      'papertape-old1',
      'papertape-old2',
      'papertape-old3',
      'papertape-old4',
    ])
  })
})
