// LOBSTER's files as a day: which rows are one command, where quotes come from, what is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIDE } from '@papertape/engine'
import { FLOW } from '../../order-flow/order-flow.ts'
import { marketOrdersOf } from '../facts/market-orders.ts'
import { readLobsterDay } from './lobster-day.ts'

const MESSAGES = [
  '34200.5,1,1,100,100100,-1',
  '34200.6,1,2,50,100200,-1',
  '34200.7,1,3,70,100000,1',
  '34201.000000007,4,1,100,100100,-1',
  '34201.000000007,4,2,20,100200,-1',
  '34201.000000007,5,0,10,100150,-1',
  '34201.000000007,4,3,5,100000,1',
  '34202,2,3,10,100000,1',
  '34203,3,3,55,100000,1',
]

test('executions of one microsecond and side are one market order; without an orderbook file, quotes come from the replay', () => {
  const { flow, openMs, closeMs } = readLobsterDay('TEST', MESSAGES.join('\n'), undefined)
  const column = (values: ArrayLike<number>) => Array.from({ length: flow.count }, (_, i) => values[i]!)
  assert.deepEqual([openMs, closeMs, flow.count], [34_200_000, 36_000_000, 9])
  assert.deepEqual(marketOrdersOf(flow), {
    rows: [3, 6],
    timesMs: [34_201_000, 34_201_000],
    signs: [1, -1],
    lots: [120, 5],
    fills: 3,
  })
  assert.deepEqual(column(flow.kinds).slice(3, 7), [FLOW.execute, FLOW.execute, FLOW.executeHidden, FLOW.execute])
  assert.deepEqual(column(flow.sides).slice(5, 8), [SIDE.sell, SIDE.buy, SIDE.buy])
  assert.deepEqual(column(flow.pricesTicks).slice(3, 6), [1001, 1002, 1001.5])
  assert.deepEqual(column(flow.asksTicks), [1001, 1001, 1001, 1002, 1002, 1002, 1002, 1002, 1002])
  assert.deepEqual(column(flow.asksLots), [100, 100, 100, 50, 30, 30, 30, 30, 30])
  assert.deepEqual(column(flow.bidsLots), [0, 0, 70, 70, 70, 70, 65, 55, 0])
  assert.equal(flow.timesMs[2], 34_200_700)
})

test('an orderbook file with a row a message is used; an empty side is 0', () => {
  const books: string[] = MESSAGES.map((_, i) => (i === 0 ? '100300,8,-9999999999,0' : '9999999999,0,100000,7'))
  const { flow, depth } = readLobsterDay('TEST', MESSAGES.join('\n'), `${books.join('\n')}\n`)
  assert.deepEqual([flow.asksTicks[0], flow.asksLots[0], flow.bidsTicks[0], flow.bidsLots[0]], [1003, 8, 0, 0])
  assert.deepEqual([flow.asksTicks[1], flow.asksLots[1], flow.bidsTicks[1], flow.bidsLots[1]], [0, 0, 1000, 7])
  assert.equal(depth, undefined)
  books[4] = '100300,eight,100000,7'
  assert.throws(
    () => readLobsterDay('TEST', MESSAGES.join('\n'), books.join('\n')),
    /line 5: expected the price and size/,
  )
})
