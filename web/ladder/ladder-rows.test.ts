// The rows of the ladder: fixed prices, sums of groups, own orders, trades; one-sided, crossed and empty books.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '@papertape/protocol'
import { cumulate } from '../market/depth.ts'
import { type LadderSources, ladderRows, ownInBook, ownInRow, ownSideAt } from './ladder-rows.ts'

const NO_TRADES = { byPrice: new Map(), last: undefined }
const BOOK = {
  bids: cumulate([
    [10.04, 5],
    [10.03, 7],
    [9.98, 11],
  ]),
  asks: cumulate([
    [10.06, 2],
    [10.11, 3],
  ]),
  own: [],
  volume: NO_TRADES,
  indicative: null,
} satisfies LadderSources

const grid = (groupTicks: number) => ({ tickSize: 0.01, decimals: 2, groupTicks })

function orderOf(side: 'buy' | 'sell', price: number | null, change: Partial<Order> = {}): Order {
  return {
    orderId: '1',
    clientOrderId: 'a',
    symbol: 'AAA',
    side,
    orderType: 'limit',
    timeInForce: 'GTC',
    postOnly: false,
    size: 100,
    price,
    orderStatus: 'new',
    cumSize: 40,
    leavesSize: 60,
    avgPrice: null,
    ts: 0,
    ...change,
  }
}

const table = (sources: LadderSources, groupTicks: number, top: number, count: number) =>
  ladderRows(sources, { grid: grid(groupTicks), top, count }).map(row => [
    row.price,
    row.bid,
    row.ask,
    row.bidTotal,
    row.askTotal,
    row.place,
  ])

test('each row is a price with the sizes of the book, whether it has orders or not', () => {
  assert.deepEqual(table(BOOK, 1, 1006, 5), [
    [10.06, 0, 2, 0, 2, 'bestAsk'],
    [10.05, 0, 0, 0, 0, 'spread'],
    [10.04, 5, 0, 5, 0, 'bestBid'],
    [10.03, 7, 0, 12, 0, 'other'],
    [10.02, 0, 0, 12, 0, 'other'],
  ])
})

test('a group shows no bid above its price and no offer below; the sums stay', () => {
  assert.deepEqual(table(BOOK, 5, 203, 5), [
    [10.15, 0, 3, 0, 5, 'other'],
    [10.1, 0, 2, 0, 2, 'bestAsk'],
    [10.05, 0, 0, 0, 0, 'spread'],
    [10, 12, 0, 12, 0, 'bestBid'],
    [9.95, 11, 0, 23, 0, 'other'],
  ])
})

test('books without a side, without orders, and crossed as in an auction', () => {
  assert.deepEqual(table({ ...BOOK, asks: [] }, 1, 1005, 2), [
    [10.05, 0, 0, 0, 0, 'other'],
    [10.04, 5, 0, 5, 0, 'bestBid'],
  ])
  assert.deepEqual(table({ ...BOOK, bids: [], asks: [] }, 1, 1005, 1), [[10.05, 0, 0, 0, 0, 'other']])
  assert.deepEqual(table({ ...BOOK, asks: cumulate([[10.03, 4]]) }, 1, 1004, 2), [
    [10.04, 5, 0, 5, 4, 'bestBid'],
    [10.03, 7, 4, 12, 4, 'bestAsk'],
  ])
  assert.deepEqual(table({ ...BOOK, asks: cumulate([[10.04, 4]]) }, 1, 1004, 1), [[10.04, 5, 4, 5, 4, 'bestBoth']])
})

test('no row is at zero or below', () => {
  assert.deepEqual(
    ladderRows(BOOK, { grid: grid(1), top: 2, count: 6 }).map(row => row.price),
    [0.02, 0.01],
  )
})

test('own orders are in the row of their group: those of the instrument that wait in its book', () => {
  const own = ownInBook(
    [
      orderOf('buy', 10.04),
      orderOf('buy', 10.01, { leavesSize: 5 }),
      orderOf('sell', 10.11),
      orderOf('buy', null),
      orderOf('buy', 10.04, { symbol: 'BBB' }),
      orderOf('buy', 10.04, { stopPrice: 10.05 }),
      orderOf('buy', 10.04, { listRole: 'takeProfit', held: true }),
      orderOf('buy', 10.04, { stopPrice: 10.05, triggered: true, leavesSize: 1 }),
    ],
    'AAA',
  )
  const rows = ladderRows({ ...BOOK, own }, { grid: grid(5), top: 203, count: 5 })
  assert.deepEqual(
    rows.map(row => [row.price, row.ownBuy, row.ownSell]),
    [
      [10.15, 0, 60],
      [10.1, 0, 0],
      [10.05, 0, 0],
      [10, 66, 0],
      [9.95, 0, 0],
    ],
  )
  assert.deepEqual(
    ownInRow(own, 'buy', 200, grid(5)).map(order => order.leavesSize),
    [60, 5, 1],
  )
})

test('trades are in the row where the order was that they took', () => {
  const byPrice = new Map([[10.03, { bought: 4, sold: 9 }]])
  const rows = (aggressor: 'buy' | 'sell') =>
    ladderRows(
      { ...BOOK, volume: { byPrice, last: { price: 10.03, aggressor } } },
      { grid: grid(5), top: 201, count: 2 },
    )
  assert.deepEqual(
    rows('buy').map(row => [row.price, row.traded, row.isLast]),
    [
      [10.05, 4, true],
      [10, 9, false],
    ],
  )
  assert.deepEqual(
    rows('sell').map(row => row.isLast),
    [false, true],
  )
})

test('the row of the indicative price is marked', () => {
  const marked = (groupTicks: number, top: number) =>
    ladderRows({ ...BOOK, indicative: 10.04 }, { grid: grid(groupTicks), top, count: 3 })
      .filter(row => row.isIndicative)
      .map(row => row.price)
  assert.deepEqual([marked(1, 1005), marked(5, 201)], [[10.04], [10]])
})

test('a cell stands for the own orders of its column, in the column of prices for those that there are', () => {
  const own = [orderOf('buy', 10.04), orderOf('sell', 10.04), orderOf('sell', 10.05)]
  const rows = ladderRows({ ...BOOK, own }, { grid: grid(1), top: 1006, count: 3 })
  const sides = (group: number) => (['bid', 'price', 'ask'] as const).map(column => ownSideAt(rows, group, column))
  assert.deepEqual(sides(1004), ['buy', 'buy', 'sell'])
  assert.deepEqual(sides(1005), [undefined, 'sell', 'sell'])
  assert.deepEqual(sides(1006), [undefined, undefined, undefined])
  assert.equal(ownSideAt(rows, 1, 'price'), undefined, 'a row that is not shown')
})
