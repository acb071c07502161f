// Alerts: created, listed and deleted over REST, delivered once on the private stream, refused with a reason.

import { AlertAnswer, AlertsAnswer, AlertUpdate } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { buyOneLot, privateMessages, tradingAccount } from './trading-account.ts'

const ON_FILLS = { condition: 'orderFills' }

async function create(probe: Probe, token: string, body: object): Promise<Json> {
  return expectStatus(await probe.call('POST /v1/alerts', { token, body }), 201).body
}

async function list(probe: Probe, token: string): Promise<Json> {
  return expectStatus(await probe.call('GET /v1/alerts', { token }), 200).body
}

export const ALERTS = chapter('Alerts', [
  requirement('alert-list', 'POST /v1/alerts creates an alert, GET lists the active ones.', async probe => {
    const [{ token }, { symbol, restingPrice }] = await Promise.all([probe.account(), probe.tradableInstrument()])
    const made = await create(probe, token, { condition: 'priceCrosses', symbol, price: restingPrice })
    expectSchema('the alert', AlertAnswer, made)
    expectEqual('status and direction', [made.status, made.direction], ['active', 'down'])
    const listed = await list(probe, token)
    expectSchema('the list', AlertsAnswer, listed)
    expectEqual('the list', listed.alerts, [made])
  }),

  requirement('alert-once', 'An alert is sent once, and again to who asks for what it missed.', async probe => {
    const account = await tradingAccount(probe)
    const { alertId } = await create(probe, account.token, ON_FILLS)
    for (let fills = 0; fills < 2; fills++) await buyOneLot(probe, account)
    const sent = await account.socket.until('alert', () => true)
    expectSchema('the message', AlertUpdate, sent)
    expectEqual('alert and status', [sent.alertId, sent.status], [alertId, 'triggered'])
    const count = privateMessages(account.socket).filter(({ type }) => type === 'alert').length
    expectEqual('how often it was sent', count, 1)
    const { socket } = await probe.logOn({ token: account.token, nextSeq: sent.seq })
    expectEqual('the alert after a logon with nextSeq', await socket.until('alert', () => true), sent)
  }),

  requirement('alert-delete', 'DELETE /v1/alerts/:id deletes an alert; an unknown one is a 404.', async probe => {
    const { token } = await probe.account()
    const { alertId } = await create(probe, token, ON_FILLS)
    expectStatus(await probe.call(`DELETE /v1/alerts/${alertId}`, { token }), 204)
    expectEqual('the list', (await list(probe, token)).alerts, [])
    expectProblem(await probe.call(`DELETE /v1/alerts/${alertId}`, { token }), 404, 'unknown-alert')
  }),

  requirement('alert-same', 'The same clientAlertId again is the same alert, with 200.', async probe => {
    const { token } = await probe.account()
    const body = { ...ON_FILLS, clientAlertId: probe.newName() }
    const made = await create(probe, token, body)
    const again = expectStatus(await probe.call('POST /v1/alerts', { token, body }), 200)
    expectEqual('the second answer', again.body, { ...made, duplicate: true })
  }),

  requirement(
    'alert-refused',
    'An alert without what its condition needs is a 400, a price off the grid a 422.',
    async probe => {
      const [{ token }, instrument] = await Promise.all([probe.account(), probe.tradableInstrument()])
      const { symbol, tickSize, restingPrice } = instrument
      const crosses = { condition: 'priceCrosses', symbol }
      expectProblem(await probe.call('POST /v1/alerts', { token, body: crosses }), 400, 'bad-parameter')
      const body = { ...crosses, price: restingPrice + tickSize / 2 }
      expectProblem(await probe.call('POST /v1/alerts', { token, body }), 422, 'off-tick')
    },
  ),

  requirement(
    'alert-access',
    'Alerts need a token; a read-only one lists them, and creates none: 403.',
    async probe => {
      const { token } = await probe.account()
      const terms = { name: probe.newName(), readOnly: true }
      const made = expectStatus(await probe.call('POST /v1/account/tokens', { token, body: terms }), 201).body
      expectProblem(await probe.call('GET /v1/alerts'), 401)
      await list(probe, made.token)
      expectProblem(await probe.call('POST /v1/alerts', { token: made.token, body: ON_FILLS }), 403, 'read-only')
    },
  ),
])
