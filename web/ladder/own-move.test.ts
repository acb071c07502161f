// Own orders of a row: every one that changes is replaced, at the price of the new row.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '@papertape/protocol'
import { cumulate } from '../market/depth.ts'
import { instrumentOf } from '../testing/sample-market.ts'
import { describeCancel, describeOwn, planMove, tradesAtOnce } from './own-move.ts'

const ORDER: Order = {
  orderId: '1',
  clientOrderId: 'a',
  symbol: 'AAA',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'GTC',
  postOnly: false,
  size: 100,
  price: 10.02,
  orderStatus: 'partiallyFilled',
  cumSize: 40,
  leavesSize: 60,
  avgPrice: 10.02,
  ts: 0,
}
const OTHER: Order = { ...ORDER, orderId: '2', clientOrderId: 'b', price: 10.04, cumSize: 0, leavesSize: 100 }

test('each order takes the price of the new row; one that has it already is not sent', () => {
  const { changes, problem } = planMove([ORDER, OTHER], 10.04, instrumentOf('AAA'))
  assert.deepEqual(
    changes.map(({ order, price }) => [order.clientOrderId, price]),
    [['a', 10.04]],
  )
  assert.equal(problem, undefined)
})

test('nothing is sent if one order cannot be changed', () => {
  const { changes, problem } = planMove([OTHER, ORDER], 0, instrumentOf('AAA'))
  assert.deepEqual(changes, [])
  assert.match(problem!, /above 0/)
})

test('a price at or beyond the best of the other side trades at once', () => {
  const book = { bids: cumulate([[10, 5]]), asks: cumulate([[10.02, 5]]) }
  assert.deepEqual(
    [10.01, 10.02].map(price => tradesAtOnce('buy', price, book)),
    [false, true],
  )
  assert.deepEqual(
    [10.01, 10].map(price => tradesAtOnce('sell', price, book)),
    [false, true],
  )
  assert.equal(tradesAtOnce('sell', 1, { ...book, bids: [] }), false)
})

test('says how much of which orders', () => {
  assert.equal(describeOwn('buy', [ORDER, OTHER], 10, 2), 'Buy 160 at 10.00')
  assert.equal(describeCancel([ORDER], 10, 2), 'Cancel order at 10.00')
  assert.equal(describeCancel([ORDER, OTHER], 10, 2), 'Cancel 2 orders at 10.00')
})
