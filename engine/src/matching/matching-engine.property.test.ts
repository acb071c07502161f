// The matching engine against the reference engine: after each of the same random commands both have the same result,
// the same events in the same order, and the same books down to each order's place in its queue.

import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { bookHash } from '../testing/book-hash.ts'
import { openLots, ReferenceEngine, type ReferenceOrder } from '../testing/reference-engine.ts'
import { EVENT, INSTRUCTION, SELF_TRADE } from './codes.ts'
import { createMatchingEngine, type MatchingEngine } from './matching-engine.ts'

interface Profile {
  readonly runs: number
  readonly commandsMax: number
  readonly priceTicksMax: readonly number[]
  /** In ticks, from a middle that `move` commands shift. */
  readonly prices: fc.Arbitrary<number>
  readonly moves?: fc.Arbitrary<number>
  readonly ids: fc.Arbitrary<number>
  readonly sizes: fc.Arbitrary<number>
  readonly displays: fc.Arbitrary<number>
  /** Of about ten commands. */
  readonly cancels?: number
}

const NO_DISPLAY = fc.constant(0)
const SMALL_DISPLAYS = fc.oneof(
  { weight: 3, arbitrary: NO_DISPLAY },
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 5 }) },
)

// Seven, because each catches bugs that the others miss: one book that runs empty, one that never does, and so on. Few
// ids, so that commands meet open orders, ended ones and duplicates.
const PROFILES: Readonly<Record<string, Profile>> = {
  'edge: books of about six orders, which run empty': {
    runs: 800,
    commandsMax: 60,
    priceTicksMax: [9],
    prices: fc.integer({ min: 0, max: 10 }),
    ids: fc.integer({ min: 1, max: 8 }),
    sizes: fc.integer({ min: 0, max: 7 }),
    displays: SMALL_DISPLAYS,
  },
  'aggressive: long queues on three prices': {
    runs: 120,
    commandsMax: 160,
    priceTicksMax: [3],
    prices: fc.integer({ min: 0, max: 4 }),
    ids: fc.integer({ min: 1, max: 60 }),
    sizes: fc.integer({ min: 1, max: 30 }),
    displays: SMALL_DISPLAYS,
  },
  'deep: across all words of the bitmap': {
    runs: 80,
    commandsMax: 200,
    priceTicksMax: [70_000, 33, 2_100],
    prices: fc.oneof(
      fc.constantFrom(1, 2, 31, 32, 33, 63, 64, 1023, 1024, 1025, 2047, 2048, 32_767, 32_768, 32_769, 65_536, 70_000),
      fc.integer({ min: 1, max: 33 }),
      fc.integer({ min: 0, max: 70_000 }),
    ),
    ids: fc.integer({ min: 1, max: 150 }).map(id => (id * 33_554_467) % 2_147_483_647), // ids that collide in the table
    sizes: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(2_147_483_647)),
    displays: fc.constantFrom(0, 0, 0, 1_000_000_000, 2_147_483_647),
  },
  'realistic: thick at the touch, thin behind it': {
    runs: 120,
    commandsMax: 160,
    priceTicksMax: [200],
    prices: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 98, max: 102 }) },
      { weight: 2, arbitrary: fc.integer({ min: 90, max: 110 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 }) },
    ),
    ids: fc.integer({ min: 1, max: 40 }),
    sizes: fc.integer({ min: 1, max: 20 }),
    displays: SMALL_DISPLAYS,
    cancels: 3,
  },
  'cancel-heavy: most of what comes goes again': {
    runs: 120,
    commandsMax: 200,
    priceTicksMax: [12],
    prices: fc.integer({ min: 1, max: 12 }),
    ids: fc.integer({ min: 1, max: 30 }),
    sizes: fc.integer({ min: 1, max: 9 }),
    displays: SMALL_DISPLAYS,
    cancels: 6,
  },
  'many symbols: a dozen books end to end': {
    runs: 60,
    commandsMax: 160,
    priceTicksMax: [4, 7, 1, 31, 32, 33, 5, 5, 5, 64, 2, 9],
    prices: fc.integer({ min: 0, max: 6 }),
    ids: fc.integer({ min: 1, max: 50 }),
    sizes: fc.integer({ min: 1, max: 6 }),
    displays: SMALL_DISPLAYS,
  },
  'swing: the market moves across its ladder': {
    runs: 120,
    commandsMax: 160,
    priceTicksMax: [4_200],
    prices: fc.integer({ min: -4, max: 4 }),
    moves: fc.integer({ min: -700, max: 900 }),
    ids: fc.integer({ min: 1, max: 30 }),
    sizes: fc.integer({ min: 1, max: 9 }),
    displays: SMALL_DISPLAYS,
    cancels: 2,
  },
}

/** How long a failing list of commands is shrunk. */
const SHRINKING_MS_MAX = 180_000
const OWNERS = [-3, 0, 7]

type Terms = { size: number; instruction: number }
type Placing = Terms & { symbol: number; id: number; owner: number; side: number; selfTrade: number; display: number }
type Command =
  | ({ do: 'place'; price: number } & Placing)
  | { do: 'cancel'; id: number }
  | { do: 'reduce'; id: number; size: number }
  | ({ do: 'replace'; id: number; newId: number; price: number } & Terms)
  | { do: 'shrinkInPlace'; id: number; newId: number; size: number }
  | { do: 'move'; by: number }
  | { do: 'uncross'; symbol: number; price: number }

const { rest, immediateOrCancel, fillOrKill, postOnly, call } = INSTRUCTION

function commandsOf(profile: Profile): fc.Arbitrary<Command[]> {
  const { ids: id, prices: price, sizes: size, displays: display } = profile
  const symbol = fc.nat(profile.priceTicksMax.length - 1)
  const side = fc.nat(1)
  const owner = fc.constantFrom(...OWNERS)
  const instruction = fc.constantFrom(rest, rest, rest, rest, immediateOrCancel, fillOrKill, postOnly, call)
  const selfTrade = fc.constantFrom(0, 0, 0, ...Object.values(SELF_TRADE))
  const place = { symbol, id, owner, side, price, size, instruction, selfTrade, display }
  const replace = { id, newId: id, price, size, instruction }
  const kinds: [weight: number, arbitrary: fc.Arbitrary<Command>][] = [
    [6, fc.record({ do: fc.constant('place' as const), ...place })],
    [profile.cancels ?? 1, fc.record({ do: fc.constant('cancel' as const), id })],
    [1, fc.record({ do: fc.constant('reduce' as const), id, size })],
    [1, fc.record({ do: fc.constant('replace' as const), ...replace })],
    [1, fc.record({ do: fc.constant('shrinkInPlace' as const), id, newId: id, size })],
    [1, fc.record({ do: fc.constant('uncross' as const), symbol, price })],
  ]
  if (profile.moves) kinds.push([1, fc.record({ do: fc.constant('move' as const), by: profile.moves })])
  const command = fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight, arbitrary })))
  return fc.array(command, { maxLength: profile.commandsMax, size: 'max' })
}

type Engine = Pick<MatchingEngine, 'place' | 'cancel' | 'reduce' | 'replace' | 'uncross'>

function apply(engine: Engine, command: Command, reference: ReferenceEngine, middle: number): number {
  switch (command.do) {
    case 'place': {
      const { symbol, id, owner, side, price, size, instruction, selfTrade, display } = command
      return engine.place(symbol, id, owner, side, middle + price, size, instruction, selfTrade, display)
    }
    case 'cancel':
      return engine.cancel(command.id)
    case 'reduce':
      return engine.reduce(command.id, command.size)
    case 'replace':
      return engine.replace(command.id, command.newId, middle + command.price, command.size, command.instruction)
    case 'shrinkInPlace':
      return engine.replace(command.id, command.newId, reference.find(command.id)?.priceTicks ?? 0, command.size, rest)
    case 'uncross':
      return engine.uncross(command.symbol, middle + command.price)
    case 'move':
      return 0
  }
}

function eventsOf({ events }: MatchingEngine): number[][] {
  return Array.from({ length: events.count }, (_, at) => [
    events.kind(at),
    events.symbol(at),
    events.orderId(at),
    events.kind(at) === EVENT.crossed ? events.levelTicks(at) * 2 + events.side(at) : events.takerId(at),
    events.priceTicks(at),
    events.sizeLots(at),
    events.openLots(at),
    events.owner(at),
  ])
}

/** Every level of one side: price, lots shown, and each order with the lots ahead of it. */
function bookOf(engine: MatchingEngine, symbol: number, side: number): unknown[] {
  const levels: unknown[] = []
  const pricesMax = engine.orderCount()
  const [first, next] =
    side === 0
      ? [engine.bestBid(symbol), (price: number) => engine.nextBidBelow(symbol, price)]
      : [engine.bestAsk(symbol), (price: number) => engine.nextAskAbove(symbol, price)]
  for (let price = first; price !== 0; price = next(price)) {
    ok(levels.length < pricesMax, 'the iteration over the levels ends')
    const queue: number[][] = []
    let before = 0
    for (let id = engine.headOrder(symbol, price, side); id !== 0; id = engine.nextInQueue(id)) {
      const terms = [engine.displayLots(id), engine.selfTradeOf(id)]
      queue.push([id, engine.openLots(id), engine.hiddenLots(id), engine.aheadLots(id), engine.ownerOf(id), ...terms])
      deepEqual([engine.priceOf(id), engine.symbolOf(id), engine.sideOf(id)], [price, symbol, side])
      ok(before === 0 || ((engine.arrival(before) - engine.arrival(id)) | 0) < 0, 'arrivals follow the queue')
      before = id
    }
    levels.push([price, engine.levelLots(symbol, price, side), queue])
    equal(engine.levelOrders(symbol, price, side), queue.length)
    const other = engine.levelOrders(symbol, price, 1 - side)
    equal(engine.levelSide(symbol, price), other > 0 ? 0 : side)
  }
  return levels
}

function naiveBookOf(reference: ReferenceEngine, symbol: number, side: number): unknown[] {
  const queue = reference.queue(symbol, side)
  return [...new Set(queue.map(order => order.priceTicks))].map(price => {
    let shown = 0
    const level = queue
      .filter(order => order.priceTicks === price)
      .map(order => {
        const { id, shownLots, hiddenLots, owner, displayLots, selfTrade } = order
        shown += shownLots
        return [id, openLots(order), hiddenLots, shown - shownLots, owner, displayLots, selfTrade]
      })
    return [price, shown, level]
  })
}

function expectSame(engine: MatchingEngine, reference: ReferenceEngine, command: Command, middle: number): void {
  equal(apply(engine, command, reference, middle), apply(reference, command, reference, middle), 'result')
  deepEqual(eventsOf(engine), reference.events, 'events')
  equal(engine.restedLots(), reference.restedLots, 'rested lots')
  equal(engine.orderCount(), reference.resting.length, 'order count')
}

function expectSameBook(engine: MatchingEngine, reference: ReferenceEngine, symbol: number): void {
  for (const side of [0, 1]) deepEqual(bookOf(engine, symbol, side), naiveBookOf(reference, symbol, side), 'book')
}

/** The estimates of both for a taker whose owner has resting orders too. */
function expectSameEstimates(engine: MatchingEngine, reference: ReferenceEngine, symbol: number): void {
  for (const [side, size, limit] of [
    [0, 40, 0],
    [1, 40, 0],
    [0, 9, 3],
    [1, 9, 3],
  ] as const) {
    for (const selfTrade of Object.values(SELF_TRADE)) {
      const terms = { shownLots: size, hiddenLots: 0, displayLots: 0, selfTrade }
      const trades = reference.wouldTrade({ id: 0, owner: OWNERS[0]!, symbol, side, priceTicks: limit, ...terms })
      const fillable = engine.fillableLots(symbol, side, size, limit, OWNERS[0], selfTrade)
      const cost = engine.costToFill(symbol, side, size, limit, OWNERS[0], selfTrade)
      equal(fillable, sum(trades.map(([, lots]) => lots)))
      if (selfTrade !== SELF_TRADE.decrement) equal(cost, sum(trades.map(([price, lots]) => price * lots)))
      else ok(cost >= sum(trades.map(([price, lots]) => price * lots)))
    }
  }
}

function expectSameAuction(engine: MatchingEngine, reference: ReferenceEngine, symbol: number): void {
  const { priceTicks, pairedLots, imbalanceLots } = engine.callAuction(symbol, 1)
  deepEqual([priceTicks, pairedLots, imbalanceLots], reference.callAuction(symbol, 1), 'auction')
}

for (const [name, profile] of Object.entries(PROFILES)) {
  test(`engine and reference engine agree on ${name}`, () => {
    const symbols = profile.priceTicksMax.map(priceTicksMax => ({ priceTicksMax }))
    const property = fc.property(commandsOf(profile), commands => {
      // too small on purpose: all must grow
      const engine = createMatchingEngine({ symbols, ordersMax: 1, eventsMax: 1 })
      const reference = new ReferenceEngine(symbols)
      let middle = profile.moves ? 2_000 : 0
      for (const command of commands) {
        if (command.do === 'move') middle = Math.max(5, Math.min(middle + command.by, profile.priceTicksMax[0]! - 5))
        if (command.do === 'uncross' && !isPrice(middle + command.price, symbols[command.symbol]!)) continue
        expectSame(engine, reference, command, middle)
        symbols.forEach(({ priceTicksMax }, symbol) => {
          expectSameBook(engine, reference, symbol)
          expectSameEstimates(engine, reference, symbol)
          if (priceTicksMax < 20) expectSameAuction(engine, reference, symbol)
        })
      }
      expectSameHash(engine, reference, symbols)
    })
    const limits = { interruptAfterTimeLimit: SHRINKING_MS_MAX, markInterruptAsFailure: true }
    holds(import.meta.filename, property, profile.runs, limits)
  })
}

/** The hash covers the book, not its history: an engine that is given the reference's orders has the same one. */
function expectSameHash(
  engine: MatchingEngine,
  reference: ReferenceEngine,
  symbols: readonly { priceTicksMax: number }[],
): void {
  const rebuilt = createMatchingEngine({ symbols, ordersMax: 1000 })
  for (const order of reference.resting) restore(rebuilt, order)
  const hash = bookHash(engine, symbols.length)
  equal(hash, bookHash(rebuilt, symbols.length), 'state hash')
  const first = reference.resting[0]
  if (first === undefined) return
  rebuilt.reduce(first.id, 1)
  equal(hash === bookHash(rebuilt, symbols.length), false, 'one lot changes the hash')
}

function restore(engine: MatchingEngine, order: ReferenceOrder): void {
  const { symbol, id, owner, side, priceTicks, shownLots, hiddenLots, selfTrade, displayLots } = order
  engine.restore(symbol, id, owner, side, priceTicks, shownLots, hiddenLots, selfTrade, displayLots)
}

function isPrice(priceTicks: number, { priceTicksMax }: { priceTicksMax: number }): boolean {
  return priceTicks >= 1 && priceTicks <= priceTicksMax
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
