// Alerts in the exchange: what triggers each kind, that it triggers once and after the executions of its command, what
// is refused, and that a restart changes nothing.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ALERT_LIMITS,
  type AlertState,
  type AlertTerms,
  type AlertUpdate,
  type CommandAnswer,
} from '@papertape/protocol'
import { kinds, TestExchange } from '../testing/test-exchange.ts'

const ACME = { symbol: 'ACME' } as const

function create(market: TestExchange, terms: AlertTerms, clientAlertId?: string, accountId = 'ann'): CommandAnswer {
  const id = clientAlertId === undefined ? {} : { clientAlertId }
  return market.do({ type: 'alert.create', accountId, ...id, ...terms })
}

function created(market: TestExchange, terms: AlertTerms, accountId = 'ann'): AlertState {
  const answer = create(market, terms, undefined, accountId)
  assert.ok(answer.type === 'account.alert' && answer.alert !== null, JSON.stringify(answer))
  return answer.alert
}

/** The alert events of an account since the last call. */
function sent(market: TestExchange, accountId = 'ann'): AlertUpdate[] {
  return market.privateEvents(accountId).filter(event => event.type === 'alert')
}

describe('an alert on a price', () => {
  test('triggers at the first trade at or beyond it, seen from the last trade, once', () => {
    const market = new TestExchange()
    const up = created(market, { condition: 'priceCrosses', ...ACME, price: 101 })
    const down = created(market, { condition: 'priceCrosses', ...ACME, price: 99 })
    assert.partialDeepStrictEqual(up, { alertId: '1', direction: 'up', status: 'active' })
    assert.partialDeepStrictEqual(down, { alertId: '2', direction: 'down' })
    for (const ticks of [10_099, 9_901]) market.trade(ticks)
    assert.deepEqual(sent(market), [])
    market.trade(10_150)
    const [event, ...others] = sent(market)
    const ended = { ...up, status: 'triggered', endedAt: market.ts / 1_000 } as const
    const trigger = { time: market.time, symbol: 'ACME', price: 101.5 }
    assert.deepEqual(event, { type: 'alert', seq: event!.seq, ts: market.ts, ...ended, trigger })
    assert.equal(event!.seq, market.exchange.account('ann')!.seq)
    assert.deepEqual(others, [])
    for (const ticks of [10_000, 10_200]) market.trade(ticks)
    assert.deepEqual(sent(market), [])
    assert.deepEqual(market.exchange.alerts('ann'), [down, { ...ended, trigger }])
  })

  test('counts trades of the symbol alone, not quotes', () => {
    const market = new TestExchange()
    created(market, { condition: 'priceCrosses', ...ACME, price: 101 })
    market.bid(10_200, 5)
    market.do({ type: 'trade.print', symbol: 'BOLT', price: 600, size: 10, aggressor: 'buy', hidden: false })
    assert.deepEqual(sent(market), [])
    market.do({ type: 'trade.print', symbol: 'ACME', price: 101.005, size: 1, aggressor: 'buy', hidden: true })
    assert.equal(sent(market)[0]?.trigger?.price, 101.005)
  })

  test('at the last trade is refused: it has no side to be crossed from', () => {
    const market = new TestExchange()
    market.trade(10_100)
    const answer = create(market, { condition: 'priceCrosses', ...ACME, price: 101 })
    assert.partialDeepStrictEqual(answer, {
      type: 'alert.reject',
      code: 'alert-at-last-trade',
      limit: { name: 'lastPrice', value: 101 },
    })
  })
})

test('a move triggers in either direction, exactly at the percentage of the price at its creation', () => {
  const market = new TestExchange()
  market.trade(8_000)
  const alert = created(market, { condition: 'priceMoves', ...ACME, percent: 2.5 })
  created(market, { condition: 'priceMoves', ...ACME, percent: 1_000 })
  assert.equal(alert.referencePrice, 80)
  for (const ticks of [8_199, 7_801]) market.trade(ticks)
  assert.deepEqual(sent(market), [])
  market.trade(7_800)
  assert.deepEqual(
    sent(market).map(({ alertId, trigger }) => [alertId, trigger?.price]),
    [['1', 78]],
  )
  market.trade(8_200)
  assert.deepEqual(sent(market), [], 'the other direction is over, too')
})

describe('an alert on fills', () => {
  test('of any order has the order, and comes after its executions and balance', () => {
    const market = new TestExchange()
    created(market, { condition: 'orderFills' })
    market.place({ clientOrderId: 'a', size: 10, price: 100 })
    market.offer(10_000, 4)
    const events = market.privateEvents()
    const after = ['partialFill', 'position', 'balance', 'alert'] as const
    assert.deepEqual(kinds(events).slice(-after.length), after)
    assert.partialDeepStrictEqual((events.at(-1) as AlertUpdate).trigger, {
      symbol: 'ACME',
      price: 100,
      size: 4,
      side: 'buy',
      clientOrderId: 'a',
    })
    market.offer(10_000, 6)
    assert.deepEqual(sent(market), [])
  })

  test('of one order waits for that one, and is canceled without an event when it ends unfilled', () => {
    const market = new TestExchange()
    const [first, second] = ['a', 'b'].map(clientOrderId => market.place({ clientOrderId, size: 10, price: 99 }))
    created(market, { condition: 'orderFills', orderId: first!.orderId })
    created(market, { condition: 'orderFills', orderId: second!.orderId })
    market.cancel('a')
    market.offer(9_900, 3)
    assert.deepEqual(
      sent(market).map(({ alertId }) => alertId),
      ['2'],
    )
    const statuses = market.exchange.alerts('ann').map(({ alertId, status }) => [alertId, status])
    assert.deepEqual(statuses, [
      ['2', 'triggered'],
      ['1', 'canceled'],
    ])
    const gone = create(market, { condition: 'orderFills', orderId: first!.orderId })
    assert.partialDeepStrictEqual(gone, { type: 'alert.reject', code: 'unknown-order' })
  })
})

test('a halt and a pause trigger an alert on halts, trading again one on resumes, each at the next time', () => {
  const market = new TestExchange()
  market.phase('halted')
  created(market, { condition: 'halts', ...ACME })
  created(market, { condition: 'resumes', ...ACME })
  created(market, { condition: 'halts', symbol: 'BOLT' })
  market.phase('paused')
  assert.deepEqual(sent(market), [], 'it was halted already')
  market.phase('continuous')
  market.phase('paused')
  const triggered = sent(market).map(({ condition, trigger }) => [condition, trigger?.phase])
  assert.deepEqual(triggered, [
    ['resumes', 'continuous'],
    ['halts', 'paused'],
  ])
})

test('alerts at one price trigger by account, those of one account oldest first, before and after a restart', () => {
  for (const restarts of [false, true]) {
    const market = new TestExchange()
    market.open('bob')
    const terms = { condition: 'priceCrosses', ...ACME, price: 101 } as const
    created(market, terms, 'bob')
    created(market, terms)
    created(market, { ...terms, price: 100.5 })
    created(market, terms)
    if (restarts) market.restart()
    market.envelopes()
    market.trade(10_100)
    const order = market.envelopes().map(({ accountId, event }) => [accountId, (event as AlertUpdate).alertId])
    assert.deepEqual(order, [
      ['ann', '2'],
      ['ann', '1'],
      ['ann', '3'],
      ['bob', '1'],
    ])
  }
})

test('a restart keeps each alert, what has ended, and the next id', () => {
  const market = new TestExchange()
  const { orderId } = market.place({ clientOrderId: 'a', price: 99 })
  for (const terms of [
    { condition: 'priceCrosses', ...ACME, price: 99 },
    { condition: 'priceMoves', ...ACME, percent: 2 },
    { condition: 'orderFills', orderId },
    { condition: 'halts', ...ACME },
    { condition: 'priceCrosses', ...ACME, price: 101 },
  ] as const) {
    created(market, terms)
  }
  market.trade(10_100)
  const [hash, alerts] = [market.exchange.stateHash(), market.exchange.alerts('ann')]
  market.restart()
  assert.equal(market.exchange.stateHash(), hash)
  assert.deepEqual(market.exchange.alerts('ann'), alerts)
  market.envelopes()
  market.offer(9_800, 20)
  market.bid(9_800, 30)
  market.phase('halted')
  assert.deepEqual(
    sent(market).map(({ alertId }) => alertId),
    ['1', '3', '2', '4'],
  )
  assert.equal(created(market, { condition: 'orderFills' }).alertId, '6')
})

test('the same clientAlertId is the same alert, also when it has triggered, until it is deleted', () => {
  const market = new TestExchange()
  const terms = { condition: 'priceCrosses', ...ACME, price: 101 } as const
  const first = create(market, terms, 'mine')
  assert.deepEqual(create(market, { ...terms, price: 120 }, 'mine'), { ...first, duplicate: true })
  market.trade(10_100)
  assert.partialDeepStrictEqual(create(market, terms, 'mine'), { duplicate: true, alert: { status: 'triggered' } })
  assert.partialDeepStrictEqual(market.do({ type: 'alert.delete', accountId: 'ann', alertId: '1' }), {
    alert: { alertId: '1' },
  })
  assert.deepEqual(market.do({ type: 'alert.delete', accountId: 'ann', alertId: '1' }), {
    type: 'account.alert',
    alert: null,
  })
  assert.partialDeepStrictEqual(create(market, { ...terms, price: 102 }, 'mine'), { alert: { alertId: '2' } })
})

test('a deleted alert does not trigger', () => {
  const market = new TestExchange()
  for (const terms of [
    { condition: 'priceCrosses', ...ACME, price: 101 },
    { condition: 'priceMoves', ...ACME, percent: 1 },
    { condition: 'orderFills' },
    { condition: 'halts', ...ACME },
  ] as const) {
    const { alertId } = created(market, terms)
    market.do({ type: 'alert.delete', accountId: 'ann', alertId })
  }
  market.stock(10)
  market.trade(10_200)
  market.phase('halted')
  assert.deepEqual(sent(market), [])
  assert.deepEqual(market.exchange.alerts('ann'), [])
})

test('an account has 100 active alerts at most, and the last 100 that have ended', () => {
  const market = new TestExchange()
  const { activeMax, endedListed } = ALERT_LIMITS
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < activeMax; i++) created(market, { condition: 'orderFills' })
    const answer = create(market, { condition: 'orderFills' })
    assert.partialDeepStrictEqual(answer, { code: 'too-many-alerts', limit: { value: activeMax } })
    market.stock(1 + round)
  }
  const alerts = market.exchange.alerts('ann')
  assert.equal(alerts.length, endedListed)
  assert.equal(alerts.at(-1)?.alertId, String(activeMax + 1))
  const unknown = create(market, { condition: 'halts', symbol: 'NOPE' })
  assert.partialDeepStrictEqual(unknown, { type: 'alert.reject', code: 'unknown-symbol' })
  const offGrid = create(market, { condition: 'priceCrosses', ...ACME, price: 100.005 })
  assert.partialDeepStrictEqual(offGrid, { type: 'alert.reject', code: 'off-tick' })
})

test('an account that has never had an alert is saved as before there were any', () => {
  const market = new TestExchange()
  market.open('bob')
  created(market, { condition: 'orderFills' })
  const [ann, bob] = market.exchange.checkpoint().accounts
  assert.ok('alerts' in ann! && !('alerts' in bob!))
})
