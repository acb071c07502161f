// Sessions of a market with several gateways: a logon takes a session over from another gateway, ten are for all
// gateways together, what a killed gateway held is canceled, and a token that is revoked at one ends its connections at
// the others.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Channel, openAccount, openChannel } from '../support/channel.ts'
import { type Cluster, openCluster } from '../support/cluster/cluster.ts'
import { findProgram } from '../support/programs/provide-program.ts'
import { call } from '../support/rest.ts'

const program = findProgram('nats-server')
/** A leader takes a gateway for lost after three seconds. */
const LOST_MAX_MS = 15_000

describe('sessions', { timeout: 180_000, skip: 'reason' in program ? program.reason : false }, () => {
  let cluster: Cluster
  let one: string
  let other: string

  before(async () => {
    assert.ok('path' in program)
    cluster = await openCluster(program, { venues: 1, gateways: 2, flags: ['--symbols', '1'] })
    ;[one, other] = cluster.gateways.map(({ url }) => url) as [string, string]
  })
  after(() => cluster?.dispose())

  async function logOn(url: string, message: object): Promise<Channel> {
    const channel = await openChannel(url)
    channel.send({ type: 'logon', ...message })
    await channel.until(({ type }) => type === 'logon.ok' || type === 'logon.reject')
    return channel
  }

  const rests = (clientOrderId: string) =>
    ({
      type: 'order.place',
      clientOrderId,
      symbol: 'VELTR',
      side: 'buy',
      orderType: 'limit',
      size: 1,
      price: 1,
    }) as const
  const openOrders = async (url: string, token: string) =>
    (await call(url, 'GET /v1/orders?status=open', { token })).body.orders.length as number

  it('are taken over by a logon at another gateway, with their orders', async () => {
    const { token } = await openAccount(one)
    const guarded = { token, sessionId: 'desk', cancelOnDisconnect: 'connection' }
    const older = await logOn(one, guarded)
    await older.ask(rests('a'))
    const newer = await logOn(other, guarded)
    assert.equal((await older.closed).code, 4409)
    await newer.ask(rests('b'))
    assert.equal(await openOrders(one, token), 2)
    newer.socket.close()
    await newer.closed
    for (const untilMs = performance.now() + LOST_MAX_MS; (await openOrders(one, token)) > 0; await pause(50))
      assert.ok(performance.now() < untilMs, 'the orders of the session that ended are canceled')
  })

  it('are ten for an account over all gateways', async () => {
    const { token } = await openAccount(one)
    for (let n = 0; n < 10; n++) await logOn(n % 2 === 0 ? one : other, { token })
    const refused = await logOn(other, { token })
    assert.equal(refused.messages.at(-1).code, 'too-many-sessions')
  })

  it('end at every gateway when their token is revoked at one', async () => {
    const { token } = await openAccount(one)
    const { body } = await call(one, 'POST /v1/account/tokens', { token, body: { name: 'phone' } })
    const channel = await logOn(other, { token: body.token })
    const { status } = await call(one, `DELETE /v1/account/tokens/${body.id}`, { token })
    assert.ok(status < 300, `${status}`)
    assert.equal((await channel.closed).code, 4401)
  })

  it('of a gateway that is killed are lost: their orders are canceled', async () => {
    const { token } = await openAccount(one)
    const channel = await logOn(other, { token, cancelOnDisconnect: 'account' })
    await channel.ask(rests('a'))
    assert.equal(await openOrders(one, token), 1)
    await cluster.gateways[1]!.child.end('SIGKILL')
    for (const untilMs = performance.now() + LOST_MAX_MS; (await openOrders(one, token)) > 0; await pause(50))
      assert.ok(performance.now() < untilMs, 'the orders are canceled')
  })
})
