// The command for each request, the same from socket and REST.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewOrder } from '@papertape/protocol'
import { cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from './order-commands.ts'

const ORDER: NewOrder = { clientOrderId: 'a', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 5, price: 10 }

test('an order without a time in force is IOC at the market and GTC otherwise; it may take liquidity', () => {
  for (const [orderType, timeInForce] of [
    ['market', 'IOC'],
    ['limit', 'GTC'],
    ['stop', 'GTC'],
    ['stopLimit', 'GTC'],
  ] as const) {
    const command = placeOrder('p1', { ...ORDER, orderType })
    assert.deepEqual([command.timeInForce, command.postOnly], [timeInForce, false], orderType)
  }
})

test('what the sender gives is kept', () => {
  const given = {
    ...ORDER,
    timeInForce: 'FOK',
    postOnly: true,
    stopPrice: 9,
    displaySize: 1,
    selfTradePrevention: 'decrement',
  } as const
  assert.deepEqual(placeOrder('p1', given), { type: 'order.place', accountId: 'p1', ...given })
  assert.equal(placeOrder('p1', { ...ORDER, orderType: 'market', timeInForce: 'FOK' }).timeInForce, 'FOK')
})

test('an order is named by the id that the sender knows it by, and by no other field of the message', () => {
  const message = { type: 'order.cancel', requestId: 7, origClientOrderId: 'a' } as const
  assert.deepEqual(cancelOrder('p1', message), { type: 'order.cancel', accountId: 'p1', origClientOrderId: 'a' })
  assert.deepEqual(cancelOrder('p1', { orderId: '3' }), { type: 'order.cancel', accountId: 'p1', orderId: '3' })
})

test('a replace has only the fields that change', () => {
  const replace = { type: 'order.replace', accountId: 'p1', orderId: '3', clientOrderId: 'b' } as const
  assert.deepEqual(replaceOrder('p1', { orderId: '3' }, { clientOrderId: 'b' }), replace)
  const change = { clientOrderId: 'b', size: 2, price: 11, stopPrice: 12 }
  assert.deepEqual(replaceOrder('p1', { orderId: '3' }, change), { ...replace, ...change })
})

test('a cancel of all orders is of the symbol and side that are given', () => {
  const all = { type: 'order.cancelAll', accountId: 'p1' } as const
  assert.deepEqual(cancelAllOrders('p1', {}), all)
  assert.deepEqual(cancelAllOrders('p1', { symbol: 'VELTR', side: 'sell' }), { ...all, symbol: 'VELTR', side: 'sell' })
})
