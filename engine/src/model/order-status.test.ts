// The table of order statuses is complete, and an ended order does not change.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ORDER_STATUSES } from '@papertape/protocol'
import { nextOrderStatus, ORDER_EVENTS } from './order-status.ts'

test('the table is complete and an ended order does not change', () => {
  for (const status of ORDER_STATUSES) {
    for (const event of ORDER_EVENTS) {
      if (status === 'new' || status === 'partiallyFilled') assert.ok(nextOrderStatus(status, event))
      else assert.throws(() => nextOrderStatus(status, event), /has ended/)
    }
  }
})
