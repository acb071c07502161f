// The rows of time and sales: ticks, and the size filter.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tradeOf } from '../testing/sample-market.ts'
import { tapeRows } from './tape-rows.ts'

/** Newest first: price and size. */
const TRADES = (
  [
    [11, 50],
    [11, 500],
    [10, 20],
    [12, 300],
  ] as const
).map(([price, size], at) => tradeOf(9 - at, price, { size, aggressor: 'sell' }))

test('a tick compares with the trade before, whatever side took the price; the first known trade has none', () => {
  const { rows, hiddenCount } = tapeRows(TRADES, 0, 10)
  assert.deepEqual(
    rows.map(({ tick }) => tick),
    ['same', 'up', 'down', undefined],
  )
  assert.equal(hiddenCount, 0)
})

test('a filter hides small trades and counts them; ticks still compare with these', () => {
  const { rows, hiddenCount } = tapeRows(TRADES, 300, 10)
  assert.deepEqual(
    rows.map(({ trade, tick }) => [trade.size, tick]),
    [
      [500, 'up'],
      [300, undefined],
    ],
  )
  assert.equal(hiddenCount, 2)
})

test('no more rows than allowed', () => {
  assert.deepEqual(
    tapeRows(TRADES, 0, 2).rows.map(({ trade }) => trade.seq),
    [9, 8],
  )
})
