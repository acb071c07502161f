// The table of an order's life is whole, and what has ended stays ended.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ORDER_STATUSES } from '@papertape/protocol'
import { nextOrderStatus, ORDER_EVENTS } from './order-status.ts'

test('an ended order stays ended: the table of an order life is whole', () => {
  for (const status of ORDER_STATUSES) {
    for (const event of ORDER_EVENTS) {
      if (status === 'new' || status === 'partiallyFilled') assert.ok(nextOrderStatus(status, event))
      else assert.throws(() => nextOrderStatus(status, event), /has ended/)
    }
  }
})
