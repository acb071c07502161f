// Who a request is from: an account, the operator, both or nobody, always with a 200.

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
      assert.deepEqual([status, body], [200, { accountId: null, operator: false }])
      assert.equal(received['cache-control'], 'no-store')
    }
  })

  test('the token of an account names the account, by header or cookie; the header wins', async () => {
    const one = (await ask(app, 'POST /v1/accounts', { body: {} })).body
    const other = (await ask(app, 'POST /v1/accounts', { body: {} })).body
    const authorization = `Bearer ${one.token}`
    const cookie = `papertape-${app.epoch}=${other.token}`
    for (const [headers, accountId] of [
      [{ authorization }, one.accountId],
      [{ cookie }, other.accountId],
      [{ authorization, cookie }, one.accountId],
    ]) {
      assert.deepEqual((await ask(app, 'GET /v1/session', { headers })).body, { accountId, operator: false })
    }
  })

  test('the token of the operator makes an operator, without an account', async () => {
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` }
    assert.deepEqual((await ask(app, 'GET /v1/session', { headers })).body, { accountId: null, operator: true })
  })
})
