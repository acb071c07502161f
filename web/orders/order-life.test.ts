// Orders from their executions, whatever the order in which these arrive.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIFE, STOP, sampleExecution } from '../testing/sample-orders.ts'
import { endedOrders, mergeExecutions, orderAfter } from './order-life.ts'

test('executions count once, oldest first, in any order of arrival', () => {
  const merged = mergeExecutions([LIFE[3]!, LIFE[0]!], [...LIFE].reverse())
  assert.deepEqual(merged, LIFE)
})

test('an order has the terms of its last execution and the date of its last replace', () => {
  const order = orderAfter(LIFE)
  const { size, cumSize, stopPrice, triggered, ts, orderStatus } = order
  assert.deepEqual([size, cumSize, stopPrice, triggered, ts, orderStatus], [200, 40, 184.8, true, 4, 'canceled'])
  const again = sampleExecution(6, { ...STOP, execType: 'replaced', origClientOrderId: 'id2' })
  assert.equal(orderAfter([...LIFE.slice(0, 3), again]).ts, 6)
})

test('ended orders: newest first by number, open ones left out, the page’s own knowledge before the server’s', () => {
  const ended = (orderId: string) => sampleExecution(1, { orderId, execType: 'expired', orderStatus: 'expired' })
  const fetched = ['9', '100', '20'].map(orderId => orderAfter([ended(orderId)]))
  const open = orderAfter([sampleExecution(1, { orderId: '101' })])
  const lives = [
    [ended('99')],
    [sampleExecution(2, { orderId: '102' })],
    [sampleExecution(30, { orderId: '20', execType: 'canceled', orderStatus: 'canceled' })],
  ]
  const orders = endedOrders(lives, [...fetched, open])
  assert.deepEqual(
    orders.map(({ orderId, orderStatus, ts }) => [orderId, orderStatus, ts]),
    [
      ['100', 'expired', 1],
      ['99', 'expired', 1],
      // Placed at 1, says the server; the page saw its end alone.
      ['20', 'canceled', 1],
      ['9', 'expired', 1],
    ],
  )
})
