// A list of orders as one command: its ids, its room among the open orders, and its life over a restart.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertRejected, kinds, TestExchange } from '../testing/test-exchange.ts'

const BRACKET = {
  clientOrderId: 'a',
  price: 99,
  orderClass: 'bracket',
  takeProfit: { clientOrderId: 'a-profit', price: 105 },
  stopLoss: { clientOrderId: 'a-loss', stopPrice: 95 },
} as const

test('all orders of a list have its id and follow it, and each is answered under its own', () => {
  const market = new TestExchange()
  const answer = market.place(BRACKET)
  const orders = market.orders()
  assert.deepEqual(
    orders.map(({ orderId }) => Number(orderId) - Number(answer.orderId)),
    [2, 1, 0],
  )
  assert.deepEqual(
    orders.map(({ clientOrderId, listId, listRole, held = false }) => [clientOrderId, listId, listRole, held]),
    [
      ['a-loss', answer.orderId, 'stopLoss', true],
      ['a-profit', answer.orderId, 'takeProfit', true],
      ['a', answer.orderId, 'entry', false],
    ],
  )
  market.privateEvents()
  assert.equal(market.place(BRACKET).duplicate, true)
  assert.equal(market.place({ clientOrderId: 'a-profit' }).orderId, orders[1]!.orderId, 'a leg is known by its id')
  assert.deepEqual(market.privateEvents(), [])
})

test('a list with an id that is in use is refused whole, and so is one that names an id twice', () => {
  const market = new TestExchange()
  market.place({ clientOrderId: 'a-loss' })
  assertRejected(market.place(BRACKET), 'duplicate-client-order-id', /a-loss/)
  const { takeProfit } = BRACKET
  const twice = { ...BRACKET, clientOrderId: 'b', stopLoss: { ...BRACKET.stopLoss, clientOrderId: 'a-profit' } }
  assertRejected(market.place({ ...twice, takeProfit }), 'bad-order-list', /of its own/)
  assert.equal(market.orders().filter(({ leavesSize }) => leavesSize > 0).length, 1)
})

test('a list needs room for all of its orders', () => {
  const market = new TestExchange({ openOrdersMax: 3 })
  market.place({ clientOrderId: 'first' })
  assertRejected(market.place(BRACKET), 'too-many-orders', /3/)
  market.cancel('first')
  assert.equal(market.place({ ...BRACKET, clientOrderId: 'second' }).execType, 'new')
})

test('legs start after a restart, and the buying power of a list is that of one exit', () => {
  const market = new TestExchange()
  market.place(BRACKET)
  market.restart()
  market.offer(9_900, 10)
  assert.deepEqual(kinds(market.privateEvents()).slice(0, 3), ['fill', 'replaced', 'replaced'])
  assert.deepEqual(
    market.exchange.account('ann')!.orders.map(({ listRole, held }) => [listRole, held]),
    [
      ['stopLoss', undefined],
      ['takeProfit', undefined],
    ],
  )
  assertRejected(market.place({ side: 'sell', price: 110, size: 1 }), 'insufficient-position', /no open order/)
  market.restart()
  market.bid(10_500, 10)
  assert.deepEqual(kinds(market.privateEvents()), ['fill', 'canceled', 'position', 'balance'])
  assert.deepEqual(market.exchange.account('ann')!.orders, [])
})

test('legs that cannot be paid for are canceled, and say why', () => {
  const market = new TestExchange()
  market.open('bob', 0)
  market.stock(10)
  market.place({ clientOrderId: 'spend', price: 100, size: 980 })
  market.bid(9_900, 10)
  const legs = { takeProfit: { clientOrderId: 'p', price: 90 }, stopLoss: { clientOrderId: 'l', stopPrice: 300 } }
  market.privateEvents()
  market.place({ ...BRACKET, ...legs, side: 'sell' })
  const ends = market.privateEvents().flatMap(event => (event.type === 'execution' ? [event] : []))
  const codes = ends.filter(({ execType }) => execType === 'canceled').map(({ reason }) => reason?.code)
  assert.deepEqual(codes, ['insufficient-cash', 'list-ended'])
})

/** A bracket of which 4 of 10 have filled; then an oco of what was bought. */
function withLists(): TestExchange {
  const market = new TestExchange()
  market.stock(20)
  market.do({ type: 'session.guard', accountId: 'ann', sessionId: 's', cancels: 'connection' })
  market.place({ ...BRACKET, sessionId: 's' })
  market.place({
    clientOrderId: 'b',
    side: 'sell',
    price: 105,
    orderClass: 'oco',
    stopLoss: { clientOrderId: 'b-loss', stopPrice: 95 },
    sessionId: 's',
  })
  market.offer(9_900, 4)
  market.privateEvents()
  return market
}

const ENDS: Readonly<Record<string, (market: TestExchange) => unknown>> = {
  'a cancel of all orders': market => market.do({ type: 'order.cancelAll', accountId: 'ann' }),
  'a time that has passed': market => {
    market.do({ type: 'order.cancelAllAfter', accountId: 'ann', timeoutMs: 10 })
    market.ts += 10_000
    return market.do({ type: 'order.cancelDue' })
  },
  'the loss of their session': market => market.do({ type: 'session.lose', accountId: 'ann', sessionId: 's' }),
}

for (const [what, end] of Object.entries(ENDS)) {
  for (const phase of ['continuous', 'halted'] as const) {
    test(`lists end once and whole by ${what}, ${phase}, after a restart too`, () => {
      const market = withLists()
      if (phase === 'halted') market.phase(phase)
      market.restart()
      assert.deepEqual(end(market), { type: 'canceled', count: 5 })
      const ended = market.privateEvents().filter(({ type }) => type === 'execution')
      assert.deepEqual(kinds(ended), Array(5).fill('canceled'))
      market.restart()
      const { orders, balance } = market.exchange.account('ann')!
      assert.deepEqual(orders, [])
      assert.equal(balance.cash, balance.buyingPower)
      if (phase === 'halted') market.phase('continuous')
      assert.equal(market.place({ side: 'sell', price: 110, size: 24 }).execType, 'new', 'all shares are free')
    })
  }
}

test('what a partly filled bracket has bought is not offered before its entry has ended', () => {
  const market = withLists()
  assertRejected(market.place({ side: 'sell', price: 110, size: 15 }), 'insufficient-position', /14/)
  market.cancel('a')
  assertRejected(market.place({ side: 'sell', price: 110, size: 11 }), 'insufficient-position', /10/)
})
