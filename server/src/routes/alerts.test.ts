// Alerts over REST and on the private stream: created, listed, deleted, refused in words, repeated by their id, and
// sent when they trigger, also to a client that comes later.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ALERT_LIMITS } from '@papertape/protocol'
import { AlertAnswer, AlertsAnswer, AlertUpdate } from '@papertape/protocol/schemas'
import { assertMatches } from '@papertape/protocol/testing/messages'
import { openRawSocket } from '../testing/raw-socket.ts'
import { openRawStream } from '../testing/raw-stream.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

/** Far above the market. */
const PRICE = 300
const CROSSES = { condition: 'priceCrosses', symbol: 'VELTR', price: PRICE }

describe('the alerts of an account', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const as = (token: string) => ({ authorization: `Bearer ${token}` })
  const open = async () => (await ask(server, 'POST /v1/accounts')).body as { token: string }
  const create = (token: string, body: object) => ask(server, 'POST /v1/alerts', { headers: as(token), body })
  const list = async (token: string) => {
    const { body } = await ask(server, 'GET /v1/alerts', { headers: as(token) })
    return body.alerts
  }
  const remove = (token: string, id: string) => ask(server, `DELETE /v1/alerts/${id}`, { headers: as(token) })
  async function trade(price: number): Promise<void> {
    const size = 100
    const command = { type: 'trade.print', symbol: 'VELTR', price, size, aggressor: 'buy', hidden: false } as const
    const { answer } = server.venue.submit(command)
    await server.pass(20)
    await answer
  }

  test('are created, listed newest first, and deleted', async () => {
    const { token } = await open()
    const made = await create(token, CROSSES)
    assert.equal(made.status, 201)
    assertMatches(AlertAnswer, made.body)
    assert.partialDeepStrictEqual(made.body, { alertId: '1', ...CROSSES, direction: 'up', status: 'active' })
    const second = await create(token, { condition: 'priceMoves', symbol: 'VELTR', percent: 12.5 })
    assert.ok(second.body.referencePrice > 0)
    const { body } = await ask(server, 'GET /v1/alerts', { headers: as(token) })
    assertMatches(AlertsAnswer, body)
    assert.deepEqual(body.alerts, [second.body, made.body])
    assert.equal((await remove(token, '1')).status, 204)
    const again = await remove(token, '1')
    assert.deepEqual([again.status, again.body.code], [404, 'unknown-alert'])
    assert.deepEqual(await list(token), [second.body])
    assert.deepEqual(await list((await open()).token), [])
  })

  test('trigger once on socket and stream, and are resent to who was away', async () => {
    const { token } = await open()
    const { alertId } = (await create(token, { ...CROSSES, clientAlertId: 'mine' })).body
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token })
    await socket.until(({ type }) => type === 'account.snapshot')
    await trade(PRICE + 1)
    const sent = await socket.until(({ type }) => type === 'alert')
    assertMatches(AlertUpdate, sent)
    assert.partialDeepStrictEqual(sent, {
      alertId,
      clientAlertId: 'mine',
      status: 'triggered',
      trigger: { symbol: 'VELTR', price: PRICE + 1 },
    })
    await trade(PRICE - 1)
    await trade(PRICE + 2)
    const { privateEpoch } = await socket.until(({ type }) => type === 'logon.ok')
    const last = `last=${privateEpoch}-${sent.seq - 1}`
    const resumed = { route: '/v1/account/stream', headers: as(token) }
    const stream = await openRawStream('HTTP/1.1', server, last, resumed)
    const event = await stream.until(({ event }) => event === 'alert')
    assert.deepEqual([event.lastEventId, JSON.parse(event.data)], [`${privateEpoch}-${sent.seq}`, sent])
    stream.destroy()
    socket.sendMessage({ type: 'resend', from: sent.seq, requestId: 'r' })
    await socket.until(({ requestId }) => requestId === 'r')
    const alerts = socket.messages.filter(({ type }) => type === 'alert')
    assert.deepEqual(alerts, [sent, sent], 'once, and once more by the resend')
    const later = await openRawSocket('HTTP/1.1', server)
    later.sendMessage({ type: 'logon', token, nextSeq: sent.seq })
    assert.deepEqual(await later.until(({ type }) => type === 'alert'), sent)
    const { type: _, seq: __, ts: ___, ...state } = sent
    assert.deepEqual(await list(token), [state])
    for (const one of [socket, later]) one.stream.destroy()
  })

  test('sent again with their id are the same one', async () => {
    const { token } = await open()
    const first = await create(token, { ...CROSSES, price: PRICE + 50, clientAlertId: 'a' })
    const again = await create(token, { condition: 'orderFills', clientAlertId: 'a' })
    assert.deepEqual([again.status, again.body], [200, { ...first.body, duplicate: true }])
    assertMatches(AlertAnswer, again.body)
    assert.equal((await list(token)).length, 1)
  })

  test('are refused in words', async () => {
    const { token } = await open()
    const refused = async (body: object, status: number, code: string, detail: RegExp) => {
      const answer = await create(token, body)
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body))
      assert.match(answer.body.detail, detail)
    }
    await refused({ ...CROSSES, price: undefined }, 400, 'bad-parameter', /priceCrosses needs price/)
    await refused(
      { ...CROSSES, percent: 2 },
      400,
      'bad-parameter',
      /priceCrosses has no percent; it takes symbol, price/,
    )
    await refused({ condition: 'orderFills', symbol: 'VELTR' }, 400, 'bad-parameter', /has no symbol; it takes orderId/)
    await refused({ condition: 'priceMoves', symbol: 'VELTR', percent: 0.015 }, 400, 'bad-parameter', /steps of 0.01/)
    await refused({ condition: 'crosses', symbol: 'VELTR' }, 400, 'bad-request', /condition/)
    await refused({ ...CROSSES, value: 1 }, 400, 'bad-request', /unknown field value/)
    await refused({ ...CROSSES, symbol: 'NOPE' }, 422, 'unknown-symbol', /no instrument NOPE/)
    await refused({ ...CROSSES, price: 300.005 }, 422, 'off-tick', /whole multiples of 0.01/)
    await refused({ condition: 'orderFills', orderId: '999999' }, 422, 'unknown-order', /no open order 999999/)
    await trade(250)
    await refused({ ...CROSSES, price: 250 }, 422, 'alert-at-last-trade', /last trade of VELTR was at 250/)
    assert.deepEqual(await list(token), [])
  })

  test('need an account; a read-only token lists them alone', async () => {
    const { token } = await open()
    const body = { name: 'screen', readOnly: true }
    const { token: reader } = (await ask(server, 'POST /v1/account/tokens', { headers: as(token), body })).body
    assert.deepEqual(await list(reader), [])
    for (const answer of [await create(reader, CROSSES), await remove(reader, '1')]) {
      assert.deepEqual([answer.status, answer.body.code], [403, 'read-only'])
    }
    assert.equal((await ask(server, 'GET /v1/alerts')).status, 401)
  })

  test('are at most so many', async () => {
    const { token } = await open()
    const { accountId } = await ask(server, 'GET /v1/account', { headers: as(token) }).then(({ body }) => body)
    const command = { type: 'alert.create', accountId, condition: 'orderFills' } as const
    const answers = Array.from({ length: ALERT_LIMITS.activeMax }, () => server.venue.submit(command).answer)
    await server.pass(20)
    await Promise.all(answers)
    const answer = await create(token, CROSSES)
    assert.deepEqual([answer.status, answer.body.code], [422, 'too-many-alerts'])
    assert.deepEqual(answer.body.limit, { name: 'activeAlertsMax', value: ALERT_LIMITS.activeMax })
  })
})
