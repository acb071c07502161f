// The life of an order as steps, whatever the order in which its executions arrive.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { sampleExecution } from '../testing/sample-orders.ts'
import { endedOrders, endText, lifeSteps, mergeExecutions, orderAfter } from './order-life.ts'

const STOP = { orderType: 'stopLimit', size: 300, price: 184.5, stopPrice: 185, leavesSize: 300 } as const
const LIFE: readonly Execution[] = [
  sampleExecution(1, STOP),
  sampleExecution(4, {
    ...STOP,
    execType: 'replaced',
    origClientOrderId: 'id1',
    size: 200,
    stopPrice: 184.8,
    leavesSize: 200,
  }),
  sampleExecution(5, { ...STOP, execType: 'triggered', size: 200, stopPrice: 184.8, leavesSize: 200 }),
  sampleExecution(7, {
    ...STOP,
    execType: 'partialFill',
    orderStatus: 'partiallyFilled',
    size: 200,
    stopPrice: 184.8,
    lastSize: 40,
    lastPrice: 184.45,
    cumSize: 40,
    leavesSize: 160,
    avgPrice: 184.45,
  }),
  sampleExecution(9, {
    ...STOP,
    execType: 'canceled',
    orderStatus: 'canceled',
    size: 200,
    stopPrice: 184.8,
    cumSize: 40,
    leavesSize: 0,
    avgPrice: 184.45,
    reason: { code: 'self-trade-prevented', text: 'would trade with 1500 of your own' },
  }),
]

test('each step says what happened, with sizes, prices and the reason', () => {
  assert.deepEqual(
    lifeSteps(LIFE, 2).map(({ ts, title, detail, reason }) => [ts, title, detail, reason]),
    [
      [1, 'Accepted', '300 at 184.50, stop 185.00', ''],
      [4, 'Replaced', 'size 300 → 200, stop 185.00 → 184.80', ''],
      [5, 'Triggered', 'at 184.80', ''],
      [7, 'Partly filled', '40 at 184.45, 160 left', ''],
      [9, 'Canceled', '160 not filled', 'would trade with 1,500 of your own'],
    ],
  )
})

test('without what was before, a replace says what the order has become', () => {
  const [step] = lifeSteps(LIFE.slice(1, 2), 2)
  assert.equal(step!.detail, 'by 200 at 184.50, stop 184.80')
})

test('a fill of the whole order leaves nothing', () => {
  const fill = sampleExecution(2, { execType: 'fill', lastSize: 10, lastPrice: 9, cumSize: 10, leavesSize: 0 })
  assert.equal(lifeSteps([fill], 2)[0]!.detail, '10 at 9.00')
})

test('executions count once, oldest first, in any order of arrival', () => {
  const merged = mergeExecutions([LIFE[3]!, LIFE[0]!], [...LIFE].reverse())
  assert.deepEqual(merged, LIFE)
})

test('an order has the terms of its last execution and the date of its last replace', () => {
  const order = orderAfter(LIFE)
  const { size, cumSize, stopPrice, triggered, ts, orderStatus } = order
  assert.deepEqual([size, cumSize, stopPrice, triggered, ts, orderStatus], [200, 40, 184.8, true, 4, 'canceled'])
  assert.equal(endText(order), 'Canceled')
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
