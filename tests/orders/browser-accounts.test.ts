// Several accounts in one browser, over real HTTP and WebSocket: the order channel logs on with the active one, and an
// open channel keeps the one that it has, also when another becomes active. The cookie outlives a restart.

import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { openChannel } from '../support/channel.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SYMBOL = 'VELTR'

describe('a browser with several accounts', () => {
  let server: RunningServer
  let cookie = ''
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
  })
  after(() => server.dispose())

  /** As its page does. */
  const send = async (route: string, body?: object) => {
    const page = { origin: server.url, 'sec-fetch-site': 'same-origin', ...(cookie !== '' && { cookie }) }
    const answer = await call(server.url, route, { headers: page, ...(body && { body }) })
    cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie
    return answer
  }
  /** Logged on by cookie. */
  const logOn = async (test: TestContext) => {
    const channel = await openChannel(server.url, { origin: server.url, cookie })
    test.after(() => channel.socket.terminate())
    const { accountId } = await channel.ask({ type: 'logon' })
    return { channel, accountId }
  }
  const order = (clientOrderId: string) => ({
    type: 'order.place',
    clientOrderId,
    symbol: SYMBOL,
    side: 'buy',
    orderType: 'limit',
    size: 1,
    price: 10,
  })

  it('logs on with the active one, and a channel that is open stays with its account', async test => {
    const { accountId: first } = (await send('POST /v1/accounts', {})).body
    const ofFirst = await logOn(test)
    const { accountId: second } = (await send('POST /v1/accounts', {})).body
    const ofSecond = await logOn(test)
    assert.deepEqual([ofFirst.accountId, ofSecond.accountId], [first, second])
    assert.equal((await ofFirst.channel.ask(order('a'))).execType, 'new')
    assert.deepEqual((await send('GET /v1/orders')).body.orders, [], 'the active one has no order')
    assert.equal((await send('POST /v1/session', { accountId: first })).status, 200)
    assert.equal((await send('GET /v1/orders')).body.orders.length, 1)
    assert.equal((await ofSecond.channel.ask(order('b'))).execType, 'new')
    assert.equal((await logOn(test)).accountId, first)
  })

  it('learns on an open channel that its orders were canceled by a reset, and has the others after a restart', async test => {
    const { channel, accountId } = await logOn(test)
    const legs = {
      takeProfit: { clientOrderId: 'profit', price: 2 },
      stopLoss: { clientOrderId: 'loss', stopPrice: 0.5 },
    }
    assert.equal((await channel.ask({ ...order('list'), orderClass: 'bracket', ...legs })).execType, 'new')
    const { body } = await send(`POST /v1/session/accounts/${accountId}/reset`, { cash: 700 })
    for (const id of ['a', 'list', 'profit', 'loss']) {
      await channel.until(({ execType, clientOrderId }) => execType === 'canceled' && clientOrderId === id)
    }
    await server.kill('SIGKILL')
    await server.restart()
    const session = (await send('GET /v1/session')).body
    assert.deepEqual(session, body)
    assert.notEqual(session.accountId, accountId)
    assert.equal((await send('GET /v1/account')).body.balance.cash, 700)
    assert.equal((await logOn(test)).accountId, session.accountId)
  })
})
