// The rules of the matching engine, one a test. matching-engine.property.test.ts compares it with the reference engine.

import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { bookHash } from '../testing/book-hash.ts'
import { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from './codes.ts'
import { createMatchingEngine, type MatchingEngine } from './matching-engine.ts'

const { buy, sell } = SIDE
const { rest, immediateOrCancel, fillOrKill, postOnly, call } = INSTRUCTION
const { none, cancelTaker, cancelMaker, cancelBoth, decrement } = SELF_TRADE
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

test('an order that does not trade rests and is the best price of its side', () => {
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

test('the rest of a limit order rests at its price', () => {
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

test('a market order takes any price; the rest is canceled', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, ANY_PRICE, 20, immediateOrCancel), RESULT.lapsed)
  equal(fills(engine).length, 3)
  equal(engine.orderCount(), 0)
  equal(engine.place(0, 5, 9, buy, ANY_PRICE, 1, rest), RESULT.badPrice)
})

test('immediate-or-cancel trades what it can and rests nothing', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 100, 12, immediateOrCancel), RESULT.lapsed)
  deepEqual([fills(engine).length, engine.restedLots(), engine.has(4), engine.bestBid(0)], [2, 0, false, 0])
})

test('fill-or-kill trades completely across levels or changes nothing', () => {
  const engine = engineWithAsks()
  const before = bookHash(engine, 1)
  equal(engine.place(0, 4, 9, buy, 100, 11, fillOrKill), RESULT.cannotFill)
  equal(engine.place(0, 4, 9, buy, ANY_PRICE, 16, fillOrKill), RESULT.cannotFill)
  deepEqual([fills(engine), bookHash(engine, 1)], [[], before])
  equal(engine.place(0, 4, 9, buy, 101, 15, fillOrKill), RESULT.filled)
})

test('post-only rests or is rejected; it never trades', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 100, 1, postOnly), RESULT.wouldCross)
  equal(engine.place(0, 4, 9, buy, 99, 1, postOnly), RESULT.rested)
})

test('bad prices, bad sizes and ids in use are rejected', () => {
  const engine = engineWithAsks()
  for (const price of [-1, 0, 1001, 1.5, Number.NaN]) equal(engine.place(0, 9, 9, buy, price, 1, rest), RESULT.badPrice)
  for (const size of [0, -1, 0.5, 2 ** 31, Number.NaN]) equal(engine.place(0, 9, 9, buy, 1, size, rest), RESULT.badSize)
  equal(engine.place(0, 1, 9, buy, 1, 1, rest), RESULT.duplicateOrder)
  engine.cancel(1)
  equal(engine.place(0, 1, 9, buy, 1, 1, rest), RESULT.rested)
})

test('cancel returns the lots that were open, once', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 100, 2, rest)
  equal(engine.cancel(1), 3)
  equal(engine.cancel(1), RESULT.unknownOrder)
  deepEqual([engine.headOrder(0, 100), engine.levelLots(0, 100)], [2, 5])
})

test('reduce keeps the place of an order, and removes it when nothing is left', () => {
  const engine = engineWithAsks()
  equal(engine.reduce(1, 2), 2)
  deepEqual([engine.headOrder(0, 100), engine.openLots(1), engine.levelLots(0, 100)], [1, 3, 8])
  equal(engine.reduce(1, 9), 3)
  deepEqual([engine.has(1), engine.levelOrders(0, 100)], [false, 1])
  deepEqual([engine.reduce(1, 1), engine.reduce(2, 0)], [RESULT.unknownOrder, RESULT.badSize])
})

test('a replace to a smaller size keeps the place, also with a new id', () => {
  const engine = engineWithAsks()
  equal(engine.replace(1, 11, 100, 4, rest), RESULT.rested)
  deepEqual([engine.restedLots(), engine.headOrder(0, 100), engine.has(1), engine.ownerOf(11)], [4, 11, false, 71])
})

test('a replace to a larger size goes to the end of the queue', () => {
  const engine = engineWithAsks()
  equal(engine.replace(1, 1, 100, 6, rest), RESULT.rested)
  deepEqual([engine.headOrder(0, 100), engine.nextInQueue(2), engine.aheadLots(1)], [2, 1, 5])
})

test('a replace to a price that crosses trades, and the rest rests', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 90, 7, rest)
  equal(engine.replace(4, 5, 101, 17, rest), RESULT.rested)
  deepEqual([fills(engine).length, engine.restedLots(), engine.bestBid(0), engine.has(4)], [3, 2, 101, false])
})

test('a rejected replace changes nothing', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 90, 7, rest)
  const before = bookHash(engine, 1)
  equal(engine.replace(4, 5, 100, 7, postOnly), RESULT.wouldCross)
  equal(engine.replace(4, 5, 101, 99, fillOrKill), RESULT.cannotFill)
  equal(engine.replace(4, 1, 91, 7, rest), RESULT.duplicateOrder)
  equal(engine.replace(4, 5, 1001, 7, rest), RESULT.badPrice)
  equal(engine.replace(4, 5, 91, 0, rest), RESULT.badSize)
  equal(engine.replace(6, 5, 91, 1, rest), RESULT.unknownOrder)
  equal(bookHash(engine, 1), before)
})

/** Two asks at 100: iceberg 1 of ten lots that shows four, then order 2 of five. */
function engineWithIceberg(): MatchingEngine {
  const engine = engineOf()
  engine.place(0, 1, 71, sell, 100, 10, rest, none, 4)
  engine.place(0, 2, 72, sell, 100, 5, rest)
  return engine
}

test('an iceberg shows a part, and the level counts only that', () => {
  const engine = engineWithIceberg()
  deepEqual([engine.levelLots(0, 100), engine.levelOrders(0, 100), engine.aheadLots(2)], [9, 2, 4])
  deepEqual([engine.openLots(1), engine.hiddenLots(1), engine.displayLots(1)], [10, 6, 4])
  deepEqual([engine.openLots(2), engine.hiddenLots(2), engine.displayLots(2)], [5, 0, 0])
})

test('a filled part is refilled at the end of the queue, as a new arrival', () => {
  const engine = engineWithIceberg()
  equal(engine.place(0, 3, 9, buy, 100, 4, rest), RESULT.filled)
  deepEqual(fills(engine)[0], [1, 100, 4, 6])
  const { events } = engine
  deepEqual([events.kind(1), events.orderId(1), events.takerId(1), events.owner(1)], [EVENT.refilled, 1, 3, 71])
  deepEqual([events.priceTicks(1), events.sizeLots(1), events.hiddenLots(1)], [100, 4, 2])
  deepEqual([engine.headOrder(0, 100), engine.nextInQueue(2), engine.levelLots(0, 100)], [2, 1, 9])
  equal(((engine.arrival(2) - engine.arrival(1)) | 0) < 0, true)
})

test('a taker trades the shown lots at a price, then the refills, then the next price', () => {
  const engine = engineWithIceberg()
  engine.place(0, 3, 73, sell, 101, 1, rest)
  equal(engine.place(0, 4, 9, buy, 101, 16, fillOrKill), RESULT.filled)
  const { events } = engine
  const makers = Array.from({ length: events.count }, (_, at) => [
    events.kind(at),
    events.makerId(at),
    events.sizeLots(at),
  ])
  const { fill, refilled } = EVENT
  deepEqual(makers, [
    [fill, 1, 4],
    [refilled, 1, 4],
    [fill, 2, 5],
    [fill, 1, 4],
    [refilled, 1, 2],
    [fill, 1, 2],
    [fill, 3, 1],
  ])
})

test('estimates include hidden lots', () => {
  const engine = engineWithIceberg()
  deepEqual([engine.fillableLots(0, buy, 99, ANY_PRICE), engine.costToFill(0, buy, 99, ANY_PRICE)], [15, 1500])
})

test('an iceberg that is reduced loses hidden lots first, and keeps its place', () => {
  const engine = engineWithIceberg()
  equal(engine.reduce(1, 5), 5)
  deepEqual([engine.openLots(1), engine.hiddenLots(1), engine.levelLots(0, 100)], [5, 1, 9])
  equal(engine.replace(1, 11, 100, 3, rest), RESULT.rested)
  deepEqual([engine.openLots(11), engine.hiddenLots(11), engine.levelLots(0, 100)], [3, 0, 8])
  deepEqual([engine.headOrder(0, 100), engine.cancel(11)], [11, 3])
})

test('a replace keeps display size and self-trade prevention', () => {
  const engine = engineOf()
  engine.place(0, 1, 7, sell, 100, 3, rest, cancelMaker, 4)
  equal(engine.replace(1, 2, 101, 9, rest), RESULT.rested)
  deepEqual([engine.hiddenLots(2), engine.displayLots(2), engine.selfTradeOf(2)], [5, 4, cancelMaker])
  engine.place(0, 3, 7, buy, 90, 1, rest)
  equal(engine.replace(2, 4, 90, 2, rest), RESULT.rested)
  deepEqual([engine.events.kind(0), engine.has(3), engine.openLots(4)], [EVENT.prevented, false, 2])
})

test('an invalid display size is rejected', () => {
  const engine = engineOf()
  for (const lots of [-1, 0.5, 2 ** 31, Number.NaN]) {
    equal(engine.place(0, 1, 9, buy, 1, 1, rest, none, lots), RESULT.badDisplay)
  }
})

/** A buyer of eight lots whose owner has ask 1 (five lots) but not ask 2 (five lots). */
function meetOwn(selfTrade: number, instruction: number = rest) {
  const engine = engineWithAsks()
  const result = engine.place(0, 4, 71, buy, 100, 8, instruction, selfTrade)
  const { events } = engine
  const reported = Array.from({ length: events.count }, (_, at) => [
    events.kind(at),
    events.makerId(at),
    events.sizeLots(at),
    events.makerOpenLots(at),
  ])
  return { result, reported, asks: [engine.openLots(1), engine.openLots(2)], rested: engine.restedLots() }
}

test('self-trade prevention of the taker applies: none, cancel the taker, the maker, both, or decrement', () => {
  const { fill, prevented } = EVENT
  deepEqual(meetOwn(none), {
    result: RESULT.filled,
    reported: [
      [fill, 1, 5, 0],
      [fill, 2, 3, 2],
    ],
    asks: [0, 2],
    rested: 0,
  })
  deepEqual(meetOwn(cancelTaker), {
    result: RESULT.selfTrade,
    reported: [[prevented, 1, 5, 5]],
    asks: [5, 5],
    rested: 0,
  })
  deepEqual(meetOwn(cancelMaker), {
    result: RESULT.rested,
    reported: [
      [prevented, 1, 5, 0],
      [fill, 2, 5, 0],
    ],
    asks: [0, 0],
    rested: 3,
  })
  deepEqual(meetOwn(cancelBoth), {
    result: RESULT.selfTrade,
    reported: [[prevented, 1, 5, 0]],
    asks: [0, 5],
    rested: 0,
  })
  deepEqual(meetOwn(decrement), {
    result: RESULT.selfTrade,
    reported: [
      [prevented, 1, 5, 0],
      [fill, 2, 3, 2],
    ],
    asks: [0, 2],
    rested: 0,
  })
})

test('after prevention: the rest of an IOC order lapses; an order without a rest ends as a self-trade', () => {
  equal(meetOwn(cancelMaker, immediateOrCancel).result, RESULT.lapsed)
  equal(meetOwn(cancelTaker, immediateOrCancel).result, RESULT.selfTrade)
})

test('fill-or-kill is rejected when prevention would stop it, unless the maker would be canceled', () => {
  for (const selfTrade of [cancelTaker, cancelBoth, decrement]) {
    equal(meetOwn(selfTrade, fillOrKill).result, RESULT.cannotFill)
  }
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 71, buy, 101, 11, fillOrKill, cancelMaker), RESULT.cannotFill)
  equal(engine.place(0, 4, 71, buy, 101, 10, fillOrKill, cancelMaker), RESULT.filled)
  equal(engineWithAsks().place(0, 4, 72, buy, 100, 5, fillOrKill, cancelTaker), RESULT.filled)
})

test('canceling an iceberg of the same owner includes its hidden lots; decrementing refills it', () => {
  const cancelling = engineWithIceberg()
  cancelling.place(0, 3, 71, buy, 100, 6, rest, cancelMaker)
  deepEqual([cancelling.has(1), cancelling.openLots(2), cancelling.restedLots()], [false, 0, 1])
  const decrementing = engineWithIceberg()
  equal(decrementing.place(0, 3, 71, buy, 100, 6, rest, decrement), RESULT.selfTrade)
  deepEqual([decrementing.openLots(1), decrementing.hiddenLots(1), decrementing.headOrder(0, 100)], [6, 2, 2])
})

test('the cost of a fill excludes what prevention prevents', () => {
  const engine = engineWithAsks()
  const cost = (selfTrade: number, size = 7) => engine.costToFill(0, buy, size, ANY_PRICE, 72, selfTrade)
  deepEqual([cost(none), cost(cancelTaker), cost(cancelMaker), cost(cancelBoth)], [700, 500, 702, 500])
  deepEqual([cost(decrement, 12), engine.fillableLots(0, buy, 7, ANY_PRICE, 72, cancelTaker)], [702, 5])
})

test('a call order rests where it would trade, so that both sides may rest at one price', () => {
  const engine = engineWithAsks()
  equal(engine.place(0, 4, 9, buy, 100, 3, call), RESULT.rested)
  deepEqual([engine.events.count, engine.bestBid(0), engine.bestAsk(0), engine.levelSide(0, 100)], [0, 100, 100, buy])
  deepEqual([engine.levelLots(0, 100, buy), engine.levelLots(0, 100, sell)], [3, 10])
  deepEqual(
    [engine.headOrder(0, 100, buy), engine.headOrder(0, 100, sell), engine.levelOrders(0, 100, sell)],
    [4, 1, 2],
  )
  deepEqual([engine.levelLots(0, 101, buy), engine.headOrder(0, 101, buy), engine.levelLots(0, 9_999, buy)], [0, 0, 0])
})

test('arrival numbers give the order of the queue after placing, replacing and refilling', () => {
  const engine = engineWithAsks()
  const isBefore = (a: number, b: number) => ((engine.arrival(a) - engine.arrival(b)) | 0) < 0
  equal(isBefore(1, 2), true)
  engine.reduce(1, 1)
  equal(isBefore(1, 2), true)
  engine.replace(1, 1, 100, 5, rest)
  deepEqual([isBefore(1, 2), engine.arrival(99)], [false, 0])
})

test('a restored order rests as it was saved, also a partly filled iceberg', () => {
  const engine = engineWithIceberg()
  engine.place(0, 3, 9, buy, 100, 1, rest)
  engine.place(0, 4, 9, buy, 100, 2, call)
  const restored = engineOf()
  restored.restore(0, 1, 71, sell, 100, 3, 6, none, 4)
  restored.restore(0, 2, 72, sell, 100, 5)
  restored.restore(0, 4, 9, buy, 100, 2)
  equal(bookHash(restored, 1), bookHash(engine, 1))
  for (const each of [engine, restored]) {
    each.cancel(4)
    each.place(0, 5, 9, buy, 100, 9, rest)
  }
  deepEqual(fills(restored), fills(engine))
})

test('costToFill is the cost of the fill that follows', () => {
  const engine = engineWithAsks()
  deepEqual([engine.costToFill(0, buy, 12, ANY_PRICE), engine.fillableLots(0, buy, 12, ANY_PRICE)], [1202, 12])
  deepEqual([engine.costToFill(0, buy, 12, 100), engine.fillableLots(0, buy, 12, 100)], [1000, 10])
  deepEqual([engine.costToFill(0, sell, 1, ANY_PRICE), engine.fillableLots(0, sell, 1, ANY_PRICE)], [0, 0])
})

test('levels can be iterated from the best price and from prices that are no level', () => {
  const engine = engineWithAsks()
  engine.place(0, 4, 9, buy, 90, 1, rest)
  engine.place(0, 5, 9, buy, 1, 1, rest)
  deepEqual([engine.nextAskAbove(0, 100), engine.nextAskAbove(0, 101), engine.nextAskAbove(0, -5)], [101, 0, 100])
  deepEqual([engine.nextBidBelow(0, 90), engine.nextBidBelow(0, 1), engine.nextBidBelow(0, 1e9)], [1, 0, 90])
  deepEqual([engine.levelLots(0, 95), engine.levelSide(0, -1), engine.headOrder(0, 1e9)], [0, -1, 0])
})

test('the books of symbols are independent', () => {
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

test('an unknown order has no properties', () => {
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

test('pool and event buffer grow', () => {
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 10 }], ordersMax: 1, eventsMax: 1 })
  for (let id = 1; id <= 5000; id++) engine.place(0, id, 9, sell, 10, 1, rest)
  equal(engine.place(0, 5001, 9, buy, 10, 5000, fillOrKill), RESULT.filled)
  deepEqual([engine.events.count, engine.events.makerId(4999), engine.orderCount()], [5000, 5000, 0])
})

test('an invalid call by the program throws', () => {
  const engine = engineOf()
  throws(() => engine.place(1, 1, 9, buy, 1, 1, rest), /the symbol exists/)
  throws(() => engine.place(0, 0, 9, buy, 1, 1, rest), /order id/)
  throws(() => engine.place(0, 1, 9, 2, 1, 1, rest), /buys or sells/)
  throws(() => engine.place(0, 1, 9, buy, 1, 1, 5), /instruction/)
  throws(() => engine.place(0, 1, 9, buy, 1, 1, rest, 5), /self-trade/)
  throws(() => engine.uncross(0, 0), /has a price/)
  throws(() => engine.restore(0, 1, 9, buy, 1, 5, 5, none, 4), /no more than it may/)
  throws(() => engine.events.makerId(0), /within its count/)
})
