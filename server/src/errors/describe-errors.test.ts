// Fields of a body: unknown ones are refused with the nearest known name.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

const ORDER = { clientOrderId: 'x', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }

describe('a refusal', () => {
  let server: TestApp
  let token: string
  before(async () => {
    server = await openTestApp()
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())
  const bearer = () => ({ authorization: `Bearer ${token}` })

  describe('of an unknown field', () => {
    for (const [change, words] of [
      [{ qty: 5 }, /unknown field qty; did you mean size\?/],
      [{ quantity: 5, size: undefined }, /did you mean size\?.*required properties size/],
      [{ sizee: 5 }, /did you mean size\?/],
      [{ client_order_id: 'x' }, /did you mean clientOrderId\?/],
      [{ tif: 'GTC' }, /did you mean timeInForce\?/],
      [{ type: 'limit' }, /did you mean orderType\?/],
      [{ note: 'x' }, /unknown field note; it takes clientOrderId/],
    ] as const) {
      test(`names the nearest known one: ${JSON.stringify(change)}`, async () => {
        const { status, body } = await ask(server, 'POST /v1/orders', {
          headers: bearer(),
          body: { ...ORDER, ...change },
        })
        assert.deepEqual([status, body.code], [400, 'bad-request'])
        assert.match(body.detail, words)
        assert.doesNotMatch(body.detail, /schema is false/)
      })
    }

    test('inside of another, and in an optional body', async () => {
      const operator = { authorization: `Bearer op_${'test'.repeat(8)}` }
      const halt = await ask(server, 'PATCH /v1/market', { headers: operator, body: { halt: { halt: true } } })
      assert.match(halt.body.detail, /unknown field halt; did you mean halted\?/)
      const account = await ask(server, 'POST /v1/accounts', { body: { balance: 5 } })
      assert.match(account.body.detail, /unknown field balance; did you mean cash\?/)
    })
  })
})
