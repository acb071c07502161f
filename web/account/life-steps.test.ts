// The life of an order as steps.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderAfter } from '../orders/order-life.ts'
import { LIFE, sampleExecution } from '../testing/sample-orders.ts'
import { endText, lifeSteps } from './life-steps.ts'

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

test('the outcome is that of the last execution', () => {
  assert.equal(endText(orderAfter(LIFE)), 'Canceled')
})
