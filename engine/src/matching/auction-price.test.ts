// The rules of the auction price one by one, then 10,000 random books against a search through all prices.

import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { ReferenceEngine } from '../testing/reference-engine.ts'
import { EVENT, INSTRUCTION, SIDE } from './codes.ts'
import { createMatchingEngine, type MatchingEngine } from './matching-engine.ts'

const { buy, sell } = SIDE
const PRICE_TICKS_MAX = 200
const MARKET = { [buy]: PRICE_TICKS_MAX, [sell]: 1 } as const

type CallOrder = readonly [side: 0 | 1, priceTicks: number, sizeLots: number, displayLots?: number]

function bookOf(...orders: readonly CallOrder[]): MatchingEngine {
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: PRICE_TICKS_MAX }], ordersMax: 8 })
  orders.forEach(([side, priceTicks, sizeLots, displayLots = 0], index) => {
    engine.place(0, index + 1, 70 + index, side, priceTicks, sizeLots, INSTRUCTION.call, 0, displayLots)
  })
  return engine
}

function auctionOf(engine: MatchingEngine, referenceTicks: number): number[] {
  const { priceTicks, pairedLots, imbalanceLots } = engine.callAuction(0, referenceTicks)
  return [priceTicks, pairedLots, imbalanceLots]
}

/** Order, price, lots, lots left, and the level of each trade of an auction. */
function crossedOf({ events }: MatchingEngine): number[][] {
  const all = Array.from({ length: events.count }, (_, at) => at)
  return all
    .filter(at => events.kind(at) === EVENT.crossed)
    .map(at => [
      events.orderId(at),
      events.priceTicks(at),
      events.sizeLots(at),
      events.openLots(at),
      events.levelTicks(at),
    ])
}

test('most lots trade at the price of the auction', () => {
  const engine = bookOf([buy, 105, 10], [buy, 103, 20], [sell, 101, 5], [sell, 103, 30])
  deepEqual(auctionOf(engine, 101), [103, 30, -5])
})

test('of prices with the same volume the one with the least surplus', () => {
  const engine = bookOf([buy, 105, 10], [buy, 102, 7], [sell, 101, 10])
  deepEqual(auctionOf(engine, 101), [103, 10, 0])
})

test('of prices with the same surplus the one nearest to the reference', () => {
  const engine = bookOf([buy, 110, 10], [sell, 100, 10])
  deepEqual(
    [90, 104, 120].map(reference => auctionOf(engine, reference)[0]),
    [100, 104, 110],
  )
})

test('between equal surpluses of buyers and sellers the price nearer to the reference', () => {
  const engine = bookOf([buy, 101, 10], [buy, 100, 4], [sell, 100, 10], [sell, 101, 4])
  deepEqual(
    [auctionOf(engine, 90), auctionOf(engine, 190)],
    [
      [100, 10, 4],
      [101, 10, -4],
    ],
  )
})

test('market orders set no price: they trade at the reference or at the limit of the other side', () => {
  deepEqual(auctionOf(bookOf([buy, MARKET[buy], 10], [sell, MARKET[sell], 10]), 77), [77, 10, 0])
  deepEqual(auctionOf(bookOf([buy, MARKET[buy], 10], [sell, 80, 10]), 77), [80, 10, 0])
})

test('a book that does not cross has no price, but an imbalance at the reference', () => {
  deepEqual(auctionOf(bookOf(), 50), [0, 0, 0])
  deepEqual(auctionOf(bookOf([buy, 40, 5], [sell, 60, 5]), 50), [0, 0, 0])
  deepEqual(auctionOf(bookOf([buy, MARKET[buy], 5]), 50), [0, 0, 5])
})

test('an auction trades at one price, on each side the better price first, then the older order', () => {
  const engine = bookOf([buy, 103, 4], [buy, 105, 4], [buy, 103, 4], [sell, 100, 6], [sell, 99, 3], [sell, 106, 9])
  equal(engine.uncross(0, 103), 9)
  deepEqual(crossedOf(engine), [
    [2, 103, 4, 0, 105],
    [1, 103, 4, 0, 103],
    [3, 103, 1, 3, 103],
    [5, 103, 3, 0, 99],
    [4, 103, 6, 0, 100],
  ])
  deepEqual([engine.bestBid(0), engine.bestAsk(0), engine.openLots(3)], [103, 106, 3])
  equal(engine.events.owner(0), 71)
  equal(engine.events.side(0), buy)
})

test('hidden lots trade in an auction after the shown lots at their price', () => {
  const engine = bookOf([sell, 100, 9, 2], [sell, 100, 3], [buy, 100, 8])
  deepEqual(auctionOf(engine, 100), [100, 8, -4])
  equal(engine.uncross(0, 100), 8)
  const sellers = crossedOf(engine).filter(([id]) => id !== 3)
  deepEqual(
    sellers.map(([id, , lots]) => [id, lots]),
    [
      [1, 2],
      [2, 3],
      [1, 2],
      [1, 1],
    ],
  )
  deepEqual([engine.openLots(1), engine.hiddenLots(1), engine.levelLots(0, 100, sell)], [4, 3, 1])
})

test('orders of one owner trade with each other in an auction', () => {
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 9 }], ordersMax: 8 })
  engine.place(0, 1, 7, buy, 5, 3, INSTRUCTION.call, 1)
  engine.place(0, 2, 7, sell, 5, 3, INSTRUCTION.call, 1)
  deepEqual([engine.uncross(0, 5), engine.orderCount()], [3, 0])
})

test('the price equals that of a search through all prices in 10,000 random books', () => {
  const order = fc.record({
    side: fc.constantFrom(buy, sell),
    price: fc.integer({ min: 1, max: 40 }),
    size: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 500 })),
    display: fc.constantFrom(0, 0, 0, 2),
  })
  const book = fc.record({
    priceTicksMax: fc.integer({ min: 1, max: 40 }),
    orders: fc.array(order, { maxLength: 30, size: 'max' }),
    reference: fc.integer({ min: 1, max: 40 }),
  })
  const property = fc.property(book, ({ priceTicksMax, orders, reference }) => {
    const engine = createMatchingEngine({ symbols: [{ priceTicksMax }], ordersMax: 30 })
    const referenceEngine = new ReferenceEngine([{ priceTicksMax }])
    orders.forEach(({ side, price, size, display }, index) => {
      // A price beyond the end of the ladder stands for a market order.
      const ticks = side === buy ? Math.min(price, priceTicksMax) : Math.max(1, Math.min(price, priceTicksMax) - 3)
      for (const book of [engine, referenceEngine])
        book.place(0, index + 1, 0, side, ticks, size, INSTRUCTION.call, 0, display)
    })
    const referenceTicks = Math.min(reference, priceTicksMax)
    const expected = referenceEngine.callAuction(0, referenceTicks)
    deepEqual(auctionOf(engine, referenceTicks), expected)
    if (expected[0] === 0) return
    equal(engine.uncross(0, expected[0]), expected[1])
    equal(auctionOf(engine, referenceTicks)[0] === 0, true, 'an uncrossed book crosses no more')
  })
  holds(import.meta.filename, property, 10_000)
})
