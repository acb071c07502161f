// Orders as levels, the machine of moving one, and labels that do not cover each other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '@papertape/protocol'
import {
  labelPlaces,
  levelText,
  next,
  type OrderMove,
  type OrderMoveEvent,
  orderLevels,
  STILL,
} from './order-levels.ts'

const orderOf = (orderId: string, change: Partial<Order> = {}) =>
  ({
    orderId,
    clientOrderId: `c${orderId}`,
    symbol: 'AAA',
    side: 'buy',
    size: 150,
    leavesSize: 100,
    price: 10,
    ...change,
  }) as Order

test('an order has a level at its limit and, until it is triggered, one at its stop', () => {
  const orders = [
    orderOf('1'),
    orderOf('2', { side: 'sell', price: null, stopPrice: 9 }),
    orderOf('3', { price: 12, stopPrice: 11 }),
    orderOf('4', { price: 12, stopPrice: 11, triggered: true }),
    orderOf('5', { symbol: 'BBB' }),
    orderOf('6', { price: null }),
  ]
  assert.deepEqual(
    orderLevels(orders, 'AAA').map(level => `${level.key}: ${levelText(level, 2)}`),
    [
      '1-limit: Buy 100 @ 10.00',
      '2-stop: Sell 100 stop 9.00',
      '3-limit: Buy 100 @ 12.00',
      '3-stop: Buy 100 stop 11.00',
      '4-limit: Buy 100 @ 12.00',
    ],
  )
})

test('a move is held, sent, and ends with its answer; aborted, nothing is sent', () => {
  const run = (...events: OrderMoveEvent[]) => events.reduce(next, STILL)
  const moved = { type: 'moved', key: 'k', price: 11 } as const
  const sent = { type: 'sent', replaces: 'c1' } as const
  assert.deepEqual(run(moved), { phase: 'held', key: 'k', price: 11 })
  assert.deepEqual(run(moved, { ...moved, price: 12 }), { phase: 'held', key: 'k', price: 12 })
  assert.deepEqual(run(moved, sent), { phase: 'sent', key: 'k', price: 11, replaces: 'c1' })
  assert.equal(run(moved, { type: 'aborted' }), STILL)
  assert.equal(run(moved, sent, { type: 'answered' }), STILL)
})

test('every state has an answer to every event: what is sent cannot be aborted, what is still cannot be sent', () => {
  const states: readonly OrderMove[] = [
    STILL,
    { phase: 'held', key: 'k', price: 1 },
    { phase: 'sent', key: 'k', price: 1, replaces: 'c' },
  ]
  const events: readonly OrderMoveEvent[] = [
    { type: 'moved', key: 'k', price: 2 },
    { type: 'aborted' },
    { type: 'sent', replaces: 'c' },
    { type: 'answered' },
  ]
  assert.deepEqual(
    states.map(state => events.map(event => next(state, event).phase)),
    [
      ['held', 'still', 'still', 'still'],
      ['held', 'still', 'sent', 'held'],
      ['held', 'sent', 'sent', 'still'],
    ],
  )
})

test('labels of near prices stand beside each other, where there is no room beneath each other', () => {
  const columns = (ys: readonly number[]) => labelPlaces(ys, { width: 800, height: 400 }).map(({ column }) => column)
  assert.deepEqual(columns([100, 110, 200]), [0, 1, 0])
  assert.deepEqual(columns([110, 100, 105]), [2, 0, 1])
  assert.deepEqual(columns([100, 112, 125]), [0, 1, 0])
  assert.deepEqual(columns([]), [])
  const beneath = (ys: readonly number[]) => labelPlaces(ys, { width: 290, height: 260 }).map(({ y }) => y)
  assert.deepEqual(beneath([110, 100, 200]), [124, 100, 200])
  assert.deepEqual(beneath([240, 246, 246, 100]), [200, 224, 248, 100], 'none leaves the plot')
})
