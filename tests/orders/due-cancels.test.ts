// Cancels by time: cancelAllAfter and the grace of cancel on disconnect, on a server that is killed meanwhile.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Channel, logOn, openAccount } from '../support/channel.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const RESTING = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 1 }
/** More than any test here takes. */
const LONG_MS = 60_000

describe('cancels by time', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '1'] })
  })
  after(() => server.dispose())

  const place = (channel: Channel, clientOrderId: string) =>
    channel.ask({ type: 'order.place', ...RESTING, clientOrderId })
  const openOrders = async (token: string): Promise<string[]> => {
    const { orders } = (await call(server.url, 'GET /v1/account', { token })).body
    return orders.map(({ clientOrderId }: { clientOrderId: string }) => clientOrderId)
  }
  const canceled = async (token: string, code: string) => {
    const { channel } = await logOn(server.url, token, { nextSeq: 1 })
    const { reason } = await channel.until(({ execType }) => execType === 'canceled')
    assert.equal(reason.code, code)
    assert.deepEqual(await openOrders(token), [])
    channel.socket.terminate()
  }

  it('act after their time, not before, and not when they were sent again', async () => {
    const { token } = await openAccount(server.url)
    const { channel } = await logOn(server.url, token)
    await place(channel, 'a')
    const startMs = Date.now()
    for (const timeoutMs of [LONG_MS, 400]) {
      const ack = await channel.ask({ type: 'order.cancelAllAfter', timeoutMs })
      assert.equal(ack.type, 'ack')
      assert.ok(ack.dueTime >= startMs + timeoutMs && ack.dueTime <= Date.now() + timeoutMs + 1)
    }
    const { ts, reason } = await channel.until(({ execType }) => execType === 'canceled')
    assert.equal(reason.code, 'cancel-all-after')
    assert.ok(ts / 1_000 >= startMs + 400)
    await place(channel, 'b')
    assert.equal((await channel.ask({ type: 'order.cancelAllAfter', timeoutMs: LONG_MS })).type, 'ack')
    const { body } = await call(server.url, 'POST /v1/orders/cancel-all-after', { token, body: { timeoutMs: 0 } })
    assert.deepEqual(body, { type: 'cancelAllAfter', dueTime: null })
    assert.deepEqual(await openOrders(token), ['b'])
    channel.socket.terminate()
  })

  it('leave the orders of a session that returns in time, and cancel those of one that does not', async () => {
    const { token } = await openAccount(server.url)
    const terms = { cancelOnDisconnect: 'connection', graceMs: LONG_MS, sessionId: 'desk' }
    const first = await logOn(server.url, token, terms)
    await place(first.channel, 'a')
    first.channel.socket.terminate()
    await first.channel.closed
    const second = await logOn(server.url, token, { ...terms, graceMs: 300 })
    assert.deepEqual(await openOrders(token), ['a'])
    second.channel.socket.terminate()
    await canceled(token, 'session-lost')
  })

  it('survive kill -9', async () => {
    const [timed, short, long] = await Promise.all([1, 2, 3].map(() => openAccount(server.url)))
    await call(server.url, 'POST /v1/orders', { token: timed!.token, body: { ...RESTING, clientOrderId: 'a' } })
    const armed = { token: timed!.token, body: { timeoutMs: 1_000 } }
    assert.equal((await call(server.url, 'POST /v1/orders/cancel-all-after', armed)).status, 200)
    for (const [{ token }, graceMs] of [
      [short!, 500],
      [long!, LONG_MS],
    ] as const) {
      const { channel } = await logOn(server.url, token, { cancelOnDisconnect: 'account', graceMs, sessionId: 'desk' })
      await place(channel, 'a')
    }
    await server.kill('SIGKILL')
    await server.restart()
    await canceled(timed!.token, 'cancel-all-after')
    await canceled(short!.token, 'session-lost')
    const { channel } = await logOn(server.url, long!.token, { sessionId: 'desk' })
    assert.deepEqual(await openOrders(long!.token), ['a'])
    channel.socket.terminate()
  })
})
