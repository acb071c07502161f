// The recipe for node:test of docs/mocks.md.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createMarket, handlers } from '@papertape/mocks'
import { setupServer } from 'msw/node'

const market = await createMarket({ seed: 7, symbols: 2 })
const server = setupServer(...handlers(market))
before(() => server.listen({ onUnhandledFrame: 'error' }))
after(() => server.close())

const API = 'http://market.test/v1'
const order = { clientOrderId: 'mine-1', symbol: 'VELTR', side: 'buy', orderType: 'market', size: 10 }

test('an order that is filled in part', async () => {
  const { token } = await (await fetch(`${API}/accounts`, { method: 'POST' })).json()
  market.next({ symbol: 'VELTR' }).partialFill(3)
  const response = await fetch(`${API}/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  assert.equal(response.status, 201)
  await market.advance('1s')
  const headers = { authorization: `Bearer ${token}` }
  const { positions } = await (await fetch(`${API}/positions`, { headers })).json()
  assert.equal(positions[0].size, 3)
})
