// What a user of the matching engine relies on, one rule a test. The random comparison with the naive twin is next
// door; here each rule can be read.

import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { createMatchingEngine, INSTRUCTION, type MatchingEngine, RESULT, SIDE } from './matching-engine.ts'
import { stateHash } from './state-hash.ts'

const { buy, sell } = SIDE
const { rest, immediateOrCancel, fillOrKill, postOnly } = INSTRUCTION
const ANY_PRICE = 0

function engineOf(symbolsCount = 1): MatchingEngine {
  const symbols = Array.from({ length: symbolsCount }, () => ({ priceTicksMax: 1000 }))
  return createMatchingEngine({ symbols, ordersMax: 8 })
}

/** An engine with asks 1 and 2 of five lots at 100 and ask 3 of five lots at 101. */
function engineWithAsks(): MatchingEngine {
  const engine = engineOf()
  engine.place(0, 1, 71, sell, 100, 5, rest)
  engine.place(0, 2, 72, sell, 100, 5, rest)
  engine.place(0, 3, 73, sell, 101, 5, rest)
  return engine
}

/** The fills of the last command: maker, price, lots, lots the maker has left. */
function fills({ events }: MatchingEngine): number[][] {
  const read = (at: number) => [
    events.makerId(at),
    events.priceTicks(at),
    events.sizeLots(at),
    events.makerOpenLots(at),
  ]
  return Array.from({ length: events.count }, (_, at) => read(at))
}

test('an order that meets nobody rests, and is the best price of its side', () => {
  const engine = engineOf()
  equal(engine.place(0, 1, 7, buy, 99, 10, rest), RESULT.rested)
  equal(engine.restedLots(), 10)
  deepEqual([engine.bestBid(0), engine.bestAsk(0)], [99, 0])
  deepEqual([engine.levelLots(0, 99), engine.levelOrders(0, 99), engine.levelSide(0, 99)], [10, 1, buy])
  deepEqual([engine.openLots(1), engine.priceOf(1), engine.sideOf(1), engine.ownerOf(1)], [10, 99, buy, 7])
})

test('the best price trades first, at one price the oldest order, always at the price of the maker', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 105, 12, rest), RESULT.filled)
  deepEqual(fills(engine), [
    [1, 100, 5, 0],
    [2, 100, 5, 0],
    [3, 101, 2, 3],
  ])
  deepEqual([engine.events.takerId(0), engine.events.makerOwner(0), engine.events.symbol(0)], [4, 71, 0])
  deepEqual([engine.bestBid(0), engine.bestAsk(0)], [0, 101])
})

test('what a limit order does not fill rests at its price', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 100, 12, rest), RESULT.rested)
  equal(engine.restedLots(), 2)
  deepEqual([engine.bestBid(0), engine.bestAsk(0)], [100, 101])
})

test('a partly filled order keeps its place', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 100, 2, rest)
  engine.place(0, 5, 9, buy, 100, 4, rest)
  deepEqual(fills(engine), [
    [1, 100, 3, 0],
    [2, 100, 1, 4],
  ])
})

test('a market order takes any price, and what nobody offers lapses', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, ANY_PRICE, 20, immediateOrCancel), RESULT.lapsed)
  equal(fills(engine).length, 3)
  equal(engine.orderCount(), 0)
  equal(engine.place(0, 5, 9, buy, ANY_PRICE, 1, rest), RESULT.badPrice)
})

test('immediate-or-cancel trades what it can and leaves nothing behind', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 100, 12, immediateOrCancel), RESULT.lapsed)
  deepEqual([fills(engine).length, engine.restedLots(), engine.has(4), engine.bestBid(0)], [2, 0, false, 0])
})

test('fill-or-kill trades whole across levels or changes nothing', () => {
  const engine = engineWithAsks()
  const before = stateHash(engine, 1)
  equal(engine.place(0, 4, 9, buy, 100, 11, fillOrKill), RESULT.cannotFill)
  equal(engine.place(0, 4, 9, buy, ANY_PRICE, 16, fillOrKill), RESULT.cannotFill)
  deepEqual([fills(engine), stateHash(engine, 1)], [[], before])
  equal(engine.place(0, 4, 9, buy, 101, 15, fillOrKill), RESULT.filled)
})

test('post-only rests or is refused, it never trades', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 100, 1, postOnly), RESULT.wouldCross)
  equal(engine.place(0, 4, 9, buy, 99, 1, postOnly), RESULT.rested)
})

test('bad prices, bad sizes and living ids are refused', () => {
  const engine = engineWithAsks()
  for (const price of [-1, 0, 1001, 1.5, Number.NaN]) equal(engine.place(0, 9, 9, buy, price, 1, rest), RESULT.badPrice)
  for (const size of [0, -1, 0.5, 2 ** 31, Number.NaN]) equal(engine.place(0, 9, 9, buy, 1, size, rest), RESULT.badSize)
  equal(engine.place(0, 1, 9, buy, 1, 1, rest), RESULT.duplicateOrder)
  engine.cancel(1)
  equal(engine.place(0, 1, 9, buy, 1, 1, rest), RESULT.rested)
})

test('cancel answers the lots that were open, once', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 100, 2, rest)
  equal(engine.cancel(1), 3)
  equal(engine.cancel(1), RESULT.unknownOrder)
  deepEqual([engine.headOrder(0, 100), engine.levelLots(0, 100)], [2, 5])
})

test('reduce keeps the place of an order and removes it at nothing', () => {
  const engine = engineWithAsks()
  equal(engine.reduce(1, 2), 2)
  deepEqual([engine.headOrder(0, 100), engine.openLots(1), engine.levelLots(0, 100)], [1, 3, 8])
  equal(engine.reduce(1, 9), 3)
  deepEqual([engine.has(1), engine.levelOrders(0, 100)], [false, 1])
  deepEqual([engine.reduce(1, 1), engine.reduce(2, 0)], [RESULT.unknownOrder, RESULT.badSize])
})

test('a replace that only makes an order smaller keeps its place, under the new id too', () => {
  const engine = engineWithAsks()
  equal(engine.replace(1, 11, 100, 4, rest), RESULT.rested)
  deepEqual([engine.restedLots(), engine.headOrder(0, 100), engine.has(1), engine.ownerOf(11)], [4, 11, false, 71])
})

test('a replace that makes an order larger sends it to the end of the queue', () => {
  const engine = engineWithAsks()
  equal(engine.replace(1, 1, 100, 6, rest), RESULT.rested)
  deepEqual([engine.headOrder(0, 100), engine.nextInQueue(2), engine.aheadLots(1)], [2, 1, 5])
})

test('a replace to a price that crosses trades and rests what is left', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 90, 7, rest)
  equal(engine.replace(4, 5, 101, 17, rest), RESULT.rested)
  deepEqual([fills(engine).length, engine.restedLots(), engine.bestBid(0), engine.has(4)], [3, 2, 101, false])
})

test('a refused replace leaves the resting order as it was', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 90, 7, rest)
  const before = stateHash(engine, 1)
  equal(engine.replace(4, 5, 100, 7, postOnly), RESULT.wouldCross)
  equal(engine.replace(4, 5, 101, 99, fillOrKill), RESULT.cannotFill)
  equal(engine.replace(4, 1, 91, 7, rest), RESULT.duplicateOrder)
  equal(engine.replace(4, 5, 1001, 7, rest), RESULT.badPrice)
  equal(engine.replace(4, 5, 91, 0, rest), RESULT.badSize)
  equal(engine.replace(6, 5, 91, 1, rest), RESULT.unknownOrder)
  equal(stateHash(engine, 1), before)
})

test('the cost of a fill is known before it happens', () => {
  const engine = engineWithAsks()
  deepEqual([engine.costToFill(0, buy, 12, ANY_PRICE), engine.fillableLots(0, buy, 12, ANY_PRICE)], [1202, 12])
  deepEqual([engine.costToFill(0, buy, 12, 100), engine.fillableLots(0, buy, 12, 100)], [1000, 10])
  deepEqual([engine.costToFill(0, sell, 1, ANY_PRICE), engine.fillableLots(0, sell, 1, ANY_PRICE)], [0, 0])
})

test('levels can be walked from the best price outwards, and from prices that are no level', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 90, 1, rest)
  engine.place(0, 5, 9, buy, 1, 1, rest)
  deepEqual([engine.nextAskAbove(0, 100), engine.nextAskAbove(0, 101), engine.nextAskAbove(0, -5)], [101, 0, 100])
  deepEqual([engine.nextBidBelow(0, 90), engine.nextBidBelow(0, 1), engine.nextBidBelow(0, 1e9)], [1, 0, 90])
  deepEqual([engine.levelLots(0, 95), engine.levelSide(0, -1), engine.headOrder(0, 1e9)], [0, -1, 0])
})

test('the books of symbols do not touch each other', () => {
  const engine = engineOf(3)
  engine.place(0, 1, 9, sell, 1000, 5, rest)
  engine.place(2, 2, 9, buy, 1, 5, rest)
  equal(engine.place(1, 3, 9, buy, 1000, 5, rest), RESULT.rested)
  equal(engine.place(1, 4, 9, sell, 1, 1, rest), RESULT.filled)
  deepEqual(
    [engine.events.symbol(0), engine.symbolOf(3), engine.nextAskAbove(0, 1), engine.bestAsk(1)],
    [1, 1, 1000, 0],
  )
})

test('an order that is not there has no properties', () => {
  const engine = engineOf()
  deepEqual([engine.openLots(1), engine.priceOf(1), engine.nextInQueue(1), engine.aheadLots(1)], [0, 0, 0, 0])
  deepEqual([engine.has(1), engine.sideOf(1), engine.symbolOf(1), engine.ownerOf(1)], [false, -1, -1, -1])
  for (let id = 1; id <= 8; id++) engine.place(0, id, 9, buy, 1, 1, rest)
  for (let id = 1; id <= 8; id++) engine.cancel(id)
  deepEqual([engine.has(0), engine.has(-1), engine.nextInQueue(0)], [false, false, 0])
})

test('a level may hold more lots than an int32', () => {
  const engine = engineOf()
  for (let id = 1; id <= 4; id++) engine.place(0, id, 9, sell, 100, 2_147_483_647, rest)
  equal(engine.levelLots(0, 100), 4 * 2_147_483_647)
  equal(engine.costToFill(0, buy, 2_147_483_647, ANY_PRICE), 214_748_364_700)
})

test('more orders and more fills than there was room for are no failure', () => {
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 10 }], ordersMax: 1, eventsMax: 1 })
  for (let id = 1; id <= 5000; id++) engine.place(0, id, 9, sell, 10, 1, rest)
  equal(engine.place(0, 5001, 9, buy, 10, 5000, fillOrKill), RESULT.filled)
  deepEqual([engine.events.count, engine.events.makerId(4999), engine.orderCount()], [5000, 5000, 0])
})

test('a mistake of the program, not of a user, stops it', () => {
  const engine = engineOf()
  throws(() => engine.place(1, 1, 9, buy, 1, 1, rest), /the symbol exists/)
  throws(() => engine.place(0, 0, 9, buy, 1, 1, rest), /order id/)
  throws(() => engine.place(0, 1, 9, 2, 1, 1, rest), /buys or sells/)
  throws(() => engine.place(0, 1, 9, buy, 1, 1, 4), /instruction/)
  throws(() => engine.events.makerId(0), /within its count/)
})
