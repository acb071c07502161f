// Accounts for tests: that each outcome is the one that was asked for, is marked, and is refused to other accounts.

import { OUTBOUND, TestProfile } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectProblem, expectStatus, type Json } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { getOrder, restingOrder, type TradingAccount } from './trading-account.ts'

async function testAccount(probe: Probe): Promise<TradingAccount> {
  const sent = { body: { testing: true } }
  const { body } = expectStatus(await probe.callWithinRate('POST /v1/accounts', sent), 201)
  expectEqual('testing of the new account', body.testing, true)
  const [loggedOn, instrument] = await Promise.all([probe.logOn({ token: body.token }), probe.tradableInstrument()])
  return { ...loggedOn, instrument }
}

function scripted(probe: Probe, { instrument }: TradingAccount, testDirective: object, terms: object = {}) {
  return { type: 'order.place', ...restingOrder(probe, instrument, { ...terms, testDirective }) }
}

const placeScripted = (probe: Probe, account: TradingAccount, testDirective: object, terms?: object): Promise<Json> =>
  account.socket.ask(scripted(probe, account, testDirective, terms))

export const SCRIPTED_OUTCOMES = chapter('Scripted outcomes', [
  requirement('script-access', 'A testDirective and a profile are refused in other accounts: 403.', async probe => {
    const [{ token }, instrument] = await Promise.all([probe.account(), probe.tradableInstrument()])
    const body = restingOrder(probe, instrument, { testDirective: { loseAck: true } })
    expectProblem(await probe.call('POST /v1/orders', { token, body }), 403, 'not-testing')
    expectProblem(await probe.call('PUT /v1/account/profile', { token, body: {} }), 403, 'not-testing')
    const { orders } = expectStatus(await probe.call('GET /v1/orders', { token }), 200).body
    expectEqual('the orders of the account', orders, [])
  }),

  requirement('script-reject', 'rejectCode rejects an order with that code, marked.', async probe => {
    const account = await testAccount(probe)
    const refused = await placeScripted(probe, account, { rejectCode: 'not-trading' })
    expectSchema('the answer', OUTBOUND.execution, refused)
    const { execType, reason } = refused
    expectEqual('the answer', [execType, reason?.code, reason?.scripted], ['rejected', 'not-trading', true])
  }),

  requirement('script-fill', 'fill fills an order in as many pieces, marked, without a public trade.', async probe => {
    const account = await testAccount(probe)
    const testDirective = { fill: { pieces: 3, everyMs: 50 } }
    const size = 3 * account.instrument.lotSize
    const { orderId } = await placeScripted(probe, account, testDirective, { size })
    const isEnd = (one: Json) => one.orderId === orderId && one.leavesSize === 0
    await account.socket.until('execution', isEnd)
    const fills = account.socket.messages.items.filter(one => one.orderId === orderId && one.lastSize > 0)
    const expected = [1, 2, 3].map(() => [account.instrument.lotSize, testDirective])
    expectEqual(
      'size and testDirective of the fills',
      fills.map((one: Json) => [one.lastSize, one.testDirective]),
      expected,
    )
    expectTrue(
      fills.every((one: Json) => one.tradeId > 100_000_000_000_000),
      'numbers that no public trade has',
      fills.map((one: Json) => one.tradeId),
    )
  }),

  requirement('script-late-fill', 'fillAfterCancel fills an order after its cancel was accepted.', async probe => {
    const account = await testAccount(probe)
    const order = scripted(probe, account, { fillAfterCancel: { afterMs: 50 } })
    const { orderId } = await account.socket.ask(order)
    const cancel = { type: 'order.cancel', origClientOrderId: order.clientOrderId }
    const canceled = await account.socket.ask(cancel)
    expectEqual('the answer to the cancel', [canceled.execType, canceled.orderStatus], ['canceled', 'canceled'])
    const late = await account.socket.until('execution', one => one.orderId === orderId && one.lastSize > 0)
    expectTrue(late.seq > canceled.seq, 'a fill after the cancel', late)
    const { orderStatus, cumSize } = await getOrder(probe, account.token, orderId)
    expectEqual('status and filled size of the order', [orderStatus, cumSize], ['filled', order.size])
  }),

  requirement('script-lost-ack', 'An answer that loseAck loses is given when the order is sent again.', async probe => {
    const account = await testAccount(probe)
    const order = scripted(probe, account, { loseAck: true })
    account.socket.send({ ...order, requestId: 'lost' })
    await account.socket.ask({ type: 'order.cancelAll' })
    const answered = account.socket.messages.items.filter(one => one.requestId === 'lost')
    expectEqual('answers to the order', answered, [])
    const again = await account.socket.ask(order)
    expectEqual('the answer to the same order again', [again.execType, again.duplicate], ['new', true])
  }),

  requirement('script-profile', 'A profile is shown in the account, and fails the share of a code.', async probe => {
    const account = await testAccount(probe)
    const { token, instrument } = account
    const body = { seed: 7, failures: [{ code: 'too-many-orders', rate: 1 }], latency: { kind: 'fixed', ms: 20 } }
    const set = expectStatus(await probe.call('PUT /v1/account/profile', { token, body }), 200).body
    expectSchema('the profile', TestProfile, set)
    const { testProfile } = expectStatus(await probe.call('GET /v1/account', { token }), 200).body
    expectEqual('the profile of the account', testProfile, body)
    const refused = await account.socket.ask({ type: 'order.place', ...restingOrder(probe, instrument) })
    const { reason, latencyMs } = refused
    expectEqual('reject and latency', [reason?.code, reason?.scripted, latencyMs], ['too-many-orders', true, 20])
  }),
])
