// The hash of a book depends on everything that decides future trades, and on nothing else.

import { equal, notEqual } from 'node:assert/strict'
import { test } from 'node:test'
import { createMatchingEngine } from '../matching/matching-engine.ts'
import { bookHash } from './book-hash.ts'

type Order = [symbol: number, id: number, owner: number, side: number, priceTicks: number, sizeLots: number]

const ORDERS: readonly Order[] = [
  [0, 1, 7, 0, 50, 5],
  [0, 2, 8, 0, 50, 5],
  [1, 3, 7, 1, 60, 9],
]

function hashOf(orders: readonly Order[], ordersMax = 10): string {
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 99 }, { priceTicksMax: 99 }], ordersMax })
  for (const order of orders) engine.place(...order, 0)
  return bookHash(engine, 2)
}

test('a hash is sixteen hexadecimal digits and does not change between versions', () => {
  equal(hashOf([]), '173586ab546e833d')
  equal(hashOf(ORDERS), '9ecb2dd5b1a00cf6')
})

test('slots, tables and history do not change the hash', () => {
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 99 }, { priceTicksMax: 99 }], ordersMax: 500 })
  for (let id = 100; id < 200; id++) engine.place(0, id, 1, 0, 10, 1, 0)
  for (let id = 100; id < 200; id++) engine.cancel(id)
  for (const order of ORDERS.toReversed()) engine.place(...order, 0)
  engine.replace(1, 1, 50, 6, 0)
  engine.replace(2, 2, 50, 6, 0)
  engine.reduce(1, 1)
  engine.reduce(2, 1)
  equal(bookHash(engine, 2), hashOf(ORDERS, 1))
})

test('every field of an order and its place in the queue change the hash', () => {
  const others = [
    [1, 1, 7, 0, 50, 5],
    [0, 9, 7, 0, 50, 5],
    [0, 1, 9, 0, 50, 5],
    [0, 1, 7, 1, 51, 5],
    [0, 1, 7, 0, 51, 5],
    [0, 1, 7, 0, 50, 6],
  ]
  for (const other of others as Order[])
    notEqual(hashOf([other, ORDERS[1]!, ORDERS[2]!]), hashOf(ORDERS), String(other))
  notEqual(hashOf([ORDERS[1]!, ORDERS[0]!, ORDERS[2]!]), hashOf(ORDERS))
})

test('so do display size, hidden lots and self-trade prevention', () => {
  const hash = (shown: number, hidden: number, selfTrade: number, display: number) => {
    const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 99 }], ordersMax: 1 })
    engine.restore(0, 1, 7, 0, 50, shown, hidden, selfTrade, display)
    return bookHash(engine, 1)
  }
  const hashes = [hash(5, 0, 0, 0), hash(5, 0, 1, 0), hash(5, 0, 0, 6), hash(5, 2, 0, 6), hash(4, 3, 0, 6)]
  equal(new Set(hashes).size, hashes.length)
})
