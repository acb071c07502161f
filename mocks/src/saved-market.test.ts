// A market that is saved and goes on: a structured clone carries it, as a page's storage does.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setupServer } from 'msw/node'
import { createMarket } from './create-market.ts'
import type { MockMarket } from './market.ts'
import { handlers } from './msw/handlers.ts'
import { askMarket } from './testing/mocked-market.ts'

const server = setupServer()

/** Requests go to this market while it plays. */
async function playing<Played>(market: MockMarket, play: () => Promise<Played>): Promise<Played> {
  server.listen({ onUnhandledFrame: 'error' })
  server.use(...handlers(market))
  try {
    return await play()
  } finally {
    server.resetHandlers()
    server.close()
  }
}

const order = { clientOrderId: 'a', symbol: 'VELTR', side: 'buy', orderType: 'market', size: 10 }

test('a saved market has its account, orders and log again, and its browser is logged on', async () => {
  const options = { seed: 7, symbols: 2, browser: true }
  const market = await createMarket(options)
  const before = await playing(market, async () => {
    await askMarket('POST /v1/accounts')
    await askMarket('POST /v1/orders', { body: order })
    await market.advance('5s')
    return (await askMarket('GET /v1/account')).body
  })
  assert.equal(before.positions[0].size, 10)
  const { nowMs, epoch, head } = market
  const saved = structuredClone(market.save())
  await market.close()

  const again = await createMarket({ ...options, startMs: nowMs + 60_000, saved })
  assert.equal(again.epoch, epoch)
  assert.ok(again.head > head, 'the minute was traded')
  await playing(again, async () => {
    const { body } = await askMarket('GET /v1/account')
    assert.deepEqual([body.accountId, body.positions[0].size], [before.accountId, 10])
    const repeated = await askMarket('POST /v1/orders', { body: order })
    assert.deepEqual([repeated.status, repeated.body.duplicate], [200, true])
    const log = await askMarket(`GET /v1/poll?mode=raw&wait=0&events=trade,quote&last=${epoch}-${head - 50}`)
    assert.equal(log.body.reset, undefined)
    const other = (await askMarket('POST /v1/accounts')).body
    assert.notEqual(other.accountId, before.accountId)
    const held = [{ accountId: before.accountId }, { accountId: other.accountId }]
    const session = { accountId: other.accountId, accounts: held, operator: false }
    assert.deepEqual((await askMarket('GET /v1/session')).body, session)
    const switched = await askMarket('POST /v1/session', { body: { accountId: before.accountId } })
    assert.deepEqual(switched.body, { ...session, accountId: before.accountId })
    const reset = (await askMarket(`POST /v1/session/accounts/${before.accountId}/reset`, { body: { cash: 5 } })).body
    assert.deepEqual(reset.accounts[1], held[1])
    assert.equal((await askMarket('GET /v1/account')).body.balance.cash, 5)
  })
  await again.close()
})

test('a market of another seed begins anew', async () => {
  const market = await createMarket({ seed: 7, symbols: 2 })
  const saved = structuredClone(market.save())
  await market.close()
  const other = await createMarket({ seed: 8, symbols: 2, saved })
  assert.equal(other.epoch, 'mock8')
  await other.close()
})
