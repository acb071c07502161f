// What the orders of senders who leave fields out are.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ORDER_TYPES, orderDefaults } from './orders.ts'

test('a market order trades at once or not at all; any other stays until it is canceled', () => {
  const defaults = ORDER_TYPES.map(orderType => [orderType, orderDefaults(orderType)])
  assert.deepEqual(Object.fromEntries(defaults), {
    limit: { timeInForce: 'GTC', postOnly: false },
    market: { timeInForce: 'IOC', postOnly: false },
    stop: { timeInForce: 'GTC', postOnly: false },
    stopLimit: { timeInForce: 'GTC', postOnly: false },
    trailingStop: { timeInForce: 'GTC', postOnly: false },
  })
})
