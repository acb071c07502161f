// Margin calls as their owner is sent them; what liquidation does to orders and positions is in the rulebook.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_RULES } from '../model/rules.ts'
import { kinds, TestExchange } from '../testing/test-exchange.ts'

const GRACE_MS = 5_000

/** Meg has sold 100 short at 100.00 with 5,000 in cash: her equity is below 30 % when the price is above 115.38. */
function shortSeller(graceMs = GRACE_MS): TestExchange {
  const market = new TestExchange({ collar: null, margin: { ...DEFAULT_RULES.margin, graceMs } })
  const account = { accountId: 'meg', tokenHash: 'hash of meg', cash: 5_000, margin: true } as const
  market.do({ type: 'account.open', ...account })
  market.bid(10_000, 100)
  market.place({ accountId: 'meg', clientOrderId: 'short', side: 'sell', size: 100, price: 100 })
  market.envelopes()
  return market
}

const balance = (market: TestExchange) => market.exchange.account('meg')!.balance

test('the balance of a margin account has its equity and both requirements', () => {
  const market = shortSeller()
  const margins = { equity: 5_000, initialMargin: 5_000, maintenanceMargin: 3_000 }
  assert.deepEqual(balance(market), { cash: 15_000, buyingPower: 0, ...margins })
  assert.partialDeepStrictEqual(market.exchange.account('meg')!.positions, [
    { symbol: 'ACME', size: -100, avgCost: 100, realised: 0, unrealised: 0 },
  ])
  assert.deepEqual(Object.keys(market.exchange.account('ann')!.balance), ['cash', 'buyingPower'])
})

test('a call is sent once, with the time when it is due', () => {
  const market = shortSeller()
  market.trade(11_538)
  assert.deepEqual(market.privateEvents('meg'), [])
  market.trade(11_539)
  const call = market.privateEvents('meg')
  assert.deepEqual(kinds(call), ['marginCall'])
  assert.partialDeepStrictEqual(call[0], {
    equity: 3_461,
    maintenanceMargin: 3_461.7,
    dueTime: market.time + GRACE_MS,
  })
  assert.equal(market.exchange.account('meg')!.marginCallDue, market.time + GRACE_MS)
  market.trade(11_600)
  assert.deepEqual(market.privateEvents('meg'), [])
})

test('a deposit ends it, and nothing is liquidated', () => {
  const market = shortSeller()
  market.trade(11_600)
  market.envelopes()
  market.do({ type: 'account.deposit', accountId: 'meg', clientDepositId: 'd1', amount: 500 })
  const events = market.privateEvents('meg')
  assert.deepEqual(kinds(events), ['deposit', 'marginCall', 'balance'])
  assert.partialDeepStrictEqual(events[1], { equity: 3_900, dueTime: null })
  assert.equal(market.exchange.account('meg')!.marginCallDue, undefined)
  market.offer(11_600, 100)
  market.pass(2 * GRACE_MS)
  assert.deepEqual(market.privateEvents('meg'), [])
})

test('the exchange closes the position when it is due, also after a restart, by an order that says why', () => {
  const market = shortSeller()
  market.trade(11_600)
  market.offer(11_600, 100)
  market.envelopes()
  market.restart()
  market.pass(GRACE_MS - 1)
  assert.deepEqual(market.privateEvents('meg'), [])
  market.pass(1)
  const events = market.privateEvents('meg')
  assert.deepEqual(kinds(events), ['new', 'fill', 'marginCall', 'position', 'balance'])
  assert.partialDeepStrictEqual(events[0], { side: 'buy', size: 100, reason: { code: 'margin-call' } })
  assert.partialDeepStrictEqual(events[2], { equity: 3_400, maintenanceMargin: 0, dueTime: null })
  assert.partialDeepStrictEqual(events[3], { size: 0, realised: -1_600 })
  assert.equal(balance(market).cash, 3_400)
})

test('an instrument that does not trade is closed when it does again', () => {
  const market = shortSeller(0)
  market.trade(11_600)
  market.offer(11_600, 100)
  market.phase('halted')
  market.envelopes()
  market.pass(3_000)
  assert.deepEqual(market.privateEvents('meg'), [])
  market.phase('continuous')
  market.pass(1_000)
  assert.ok(kinds(market.privateEvents('meg')).includes('fill'))
})

test('an account whose loss is larger than its equity owes the rest', () => {
  const market = shortSeller(0)
  market.offer(20_000, 100)
  market.trade(19_000)
  market.pass(1)
  assert.equal(balance(market).cash, -5_000)
  market.pass(60_000)
  assert.deepEqual(balance(market), {
    cash: -5_000,
    buyingPower: 0,
    equity: -5_000,
    initialMargin: 0,
    maintenanceMargin: 0,
  })
})

test('in a halt a call that is due ends the orders of a list; the position is closed later, after a restart too', () => {
  const market = shortSeller()
  market.place({
    accountId: 'meg',
    price: 90,
    size: 100,
    orderClass: 'oco',
    stopLoss: { clientOrderId: 'loss', stopPrice: 140, price: 150 },
  })
  market.trade(11_600)
  market.phase('halted')
  market.envelopes()
  market.pass(GRACE_MS)
  const ended = market.privateEvents('meg')
  assert.deepEqual(
    ended.map(event => event.type === 'execution' && [event.execType, event.reason?.code]),
    [
      ['canceled', 'margin-call'],
      ['canceled', 'list-ended'],
    ],
  )
  market.restart()
  market.phase('continuous')
  market.offer(11_600, 100)
  market.envelopes()
  market.pass(1_000)
  assert.deepEqual(kinds(market.privateEvents('meg')), ['new', 'fill', 'marginCall', 'position', 'balance'])
})

test('what cancels all orders leaves the short position, and no reservation, also over a restart', () => {
  for (const cancel of ['order.cancelAll', 'order.cancelAllAfter', 'session.lose'] as const) {
    const market = shortSeller()
    market.do({ type: 'session.guard', accountId: 'meg', sessionId: 's', cancels: 'account' })
    const before = balance(market)
    const stopLoss = { clientOrderId: 'loss', stopPrice: 140, price: 150 }
    market.place({ accountId: 'meg', price: 90, size: 100, orderClass: 'oco', stopLoss })
    market.restart()
    if (cancel === 'order.cancelAll') market.do({ type: cancel, accountId: 'meg' })
    if (cancel === 'session.lose') market.do({ type: cancel, accountId: 'meg', sessionId: 's' })
    if (cancel === 'order.cancelAllAfter') {
      market.do({ type: cancel, accountId: 'meg', timeoutMs: 1 })
      market.restart()
      market.ts += 10_000
      market.do({ type: 'order.cancelDue' })
    }
    const { orders, positions } = market.exchange.account('meg')!
    assert.deepEqual([orders, positions[0]!.size, balance(market)], [[], -100, before], cancel)
  }
})

test('a fill beside the book may call, too, and a liquidation is not followed by a late fill', () => {
  const market = new TestExchange({ collar: null })
  market.do({ type: 'account.open', accountId: 'tess', tokenHash: '#tess', cash: 6_000, margin: true, testing: true })
  market.trade(10_000)
  market.envelopes()
  const sale = { accountId: 'tess', side: 'sell', price: 60 } as const
  market.place({ ...sale, clientOrderId: 'late', size: 10, testDirective: { fillAfterCancel: { afterMs: 100 } } })
  market.place({ ...sale, clientOrderId: 'script', size: 100, testDirective: { fill: {} } })
  assert.ok(kinds(market.privateEvents('tess')).includes('marginCall'))
  market.offer(10_000, 100)
  market.pass(1_000)
  const { positions, orders } = market.exchange.account('tess')!
  assert.deepEqual([positions[0]!.size, orders], [0, []])
})
