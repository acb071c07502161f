// The table of order statuses is complete, and an ended order does not change: only a fill may follow a cancel.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ORDER_STATUSES } from '@papertape/protocol'
import { nextOrderStatus, ORDER_EVENTS } from './order-status.ts'

test('the table is complete, and of what has ended only a canceled order is filled', () => {
  const isLate = (status: string, event: string) => status === 'canceled' && /fill/i.test(event)
  for (const status of ORDER_STATUSES) {
    for (const event of ORDER_EVENTS) {
      if (status === 'new' || status === 'partiallyFilled' || isLate(status, event))
        assert.ok(nextOrderStatus(status, event))
      else assert.throws(() => nextOrderStatus(status, event), /has ended/)
    }
  }
  assert.deepEqual(
    [nextOrderStatus('canceled', 'partialFill'), nextOrderStatus('canceled', 'fill')],
    ['canceled', 'filled'],
  )
})
