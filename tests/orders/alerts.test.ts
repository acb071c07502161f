// Alerts on a real server: one that triggers while nobody of its account is connected is delivered after kill -9, once;
// one that waits still waits, and the journal replays to the same.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { logOn, openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { privateEvents } from '../support/private-stream.ts'
import { call } from '../support/rest.ts'
import { runServer, startServer } from '../support/server.ts'

const MARKET = ['--symbols', '1']
const SYMBOL = 'VELTR'

it('are delivered once, also when they trigger while nobody is connected, and survive kill -9', async test => {
  const server = await startServer({ flags: ['--pace', '10x', ...MARKET] })
  test.after(() => server.dispose())
  const { url } = server
  await untilTrading(url, SYMBOL)
  const { token } = await openAccount(url)
  const create = async (body: object) => (await call(url, 'POST /v1/alerts', { token, body })).body
  const list = async () => (await call(url, 'GET /v1/alerts', { token })).body.alerts
  const far = await create({ condition: 'priceMoves', symbol: SYMBOL, percent: 1_000 })
  const near = await create({ condition: 'priceMoves', symbol: SYMBOL, percent: 0.01, clientAlertId: 'near' })
  assert.deepEqual([far.status, near.status], ['active', 'active'])
  const deadlineMs = Date.now() + 60_000
  while ((await list())[0].status === 'active') assert.ok(Date.now() < deadlineMs, 'the market moves by a tick')

  await server.kill('SIGKILL')
  await server.restart()
  const [triggered, waiting] = await list()
  assert.deepEqual(waiting, far)
  assert.partialDeepStrictEqual(triggered, { alertId: near.alertId, status: 'triggered', clientAlertId: 'near' })
  const { price } = triggered.trigger
  assert.ok(Math.abs(price - near.referencePrice) / near.referencePrice >= 0.0001 - 1e-9, `${price}`)

  const { channel } = await logOn(url, token, { nextSeq: 1 })
  const sent = await channel.until(({ type }) => type === 'alert')
  const { type: _, seq: __, ts: ___, ...state } = sent
  assert.deepEqual(state, triggered)
  const again = { condition: 'halts', symbol: SYMBOL, clientAlertId: 'near' }
  assert.deepEqual(await create(again), { ...triggered, duplicate: true })
  const order = { clientOrderId: 'a', symbol: SYMBOL, side: 'buy', orderType: 'market', size: 1 }
  const onFill = await create({ condition: 'orderFills' })
  const execution = await channel.ask({ type: 'order.place', ...order })
  const filled = await channel.until(({ type, alertId }) => type === 'alert' && alertId === onFill.alertId)
  assert.partialDeepStrictEqual(filled.trigger, { orderId: execution.orderId, clientOrderId: 'a', side: 'buy' })
  const alerts = privateEvents(channel.messages).filter(({ type }) => type === 'alert')
  assert.deepEqual(
    alerts.map(({ alertId }) => alertId),
    [near.alertId, onFill.alertId],
  )
  assert.equal((await call(url, `DELETE /v1/alerts/${far.alertId}`, { token })).status, 204)

  await server.kill('SIGKILL')
  const { code, stderr } = await runServer(['--verify', '--data', server.dataFolder, ...MARKET])
  assert.deepEqual([code, stderr], [0, ''])
  await server.restart()
  assert.deepEqual(
    (await list()).map(({ alertId }: { alertId: string }) => alertId),
    [onFill.alertId, near.alertId],
  )
})
