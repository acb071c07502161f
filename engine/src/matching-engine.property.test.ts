// The matching engine against its naive twin: the same random commands to both, and after each one the same result,
// the same fills in the same order, and the same book down to each order's place in its queue.
// Goal: any change of the engine that a user could notice fails here, with a shortest list of commands.

import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMatchingEngine, type MatchingEngine } from './matching-engine.ts'
import { NaiveMatchingEngine } from './naive-matching-engine.ts'
import { stateHash } from './state-hash.ts'

interface Profile {
  readonly runs: number
  readonly commandsMax: number
  readonly priceTicksMax: readonly number[]
  readonly prices: fc.Arbitrary<number>
  readonly ids: fc.Arbitrary<number>
  readonly sizes: fc.Arbitrary<number>
}

// Few ids, so that commands meet living orders, dead ones and duplicates without being told to.
const PROFILES: Readonly<Record<string, Profile>> = {
  'books of about six orders, which run empty': {
    runs: 500,
    commandsMax: 60,
    priceTicksMax: [9],
    prices: fc.integer({ min: 0, max: 10 }),
    ids: fc.integer({ min: 1, max: 8 }),
    sizes: fc.integer({ min: 0, max: 7 }),
  },
  'long queues on three prices of three symbols': {
    runs: 100,
    commandsMax: 200,
    priceTicksMax: [3, 4, 3],
    prices: fc.integer({ min: 0, max: 4 }),
    ids: fc.integer({ min: 1, max: 60 }),
    sizes: fc.integer({ min: 1, max: 30 }),
  },
  'deep books across all words of the bitmap': {
    runs: 60,
    commandsMax: 250,
    priceTicksMax: [70_000, 33, 2_100],
    prices: fc.oneof(
      fc.constantFrom(1, 2, 31, 32, 33, 63, 64, 1023, 1024, 1025, 2047, 2048, 32_767, 32_768, 32_769, 65_536, 70_000),
      fc.integer({ min: 1, max: 33 }),
      fc.integer({ min: 0, max: 70_000 }),
    ),
    ids: fc.integer({ min: 1, max: 150 }).map(id => (id * 33_554_467) % 2_147_483_647), // ids that collide in the table
    sizes: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(2_147_483_647)),
  },
}

/** A failure stops looking for a shorter list of commands after this time. */
const SHRINKING_MS_MAX = 20_000

type Command =
  | { do: 'place'; symbol: number; id: number; side: number; price: number; size: number; instruction: number }
  | { do: 'cancel'; id: number }
  | { do: 'reduce'; id: number; size: number }
  | { do: 'replace'; id: number; newId: number; price: number; size: number; instruction: number }
  | { do: 'shrinkInPlace'; id: number; newId: number; size: number }

function commandsOf(profile: Profile): fc.Arbitrary<Command[]> {
  const { ids: id, prices: price, sizes: size } = profile
  const symbol = fc.nat(profile.priceTicksMax.length - 1)
  const side = fc.nat(1)
  const instruction = fc.constantFrom(0, 0, 0, 1, 2, 3)
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('place' as const), symbol, id, side, price, size, instruction }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), id }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reduce' as const), id, size }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('replace' as const), id, newId: id, price, size, instruction }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('shrinkInPlace' as const), id, newId: id, size }) },
  )
  return fc.array(command, { maxLength: profile.commandsMax, size: 'max' })
}

function apply(engine: MatchingEngine | NaiveMatchingEngine, command: Command): number {
  switch (command.do) {
    case 'place': {
      const { symbol, id, side, price, size, instruction } = command
      return engine.place(symbol, id, -id, side, price, size, instruction)
    }
    case 'cancel':
      return engine.cancel(command.id)
    case 'reduce':
      return engine.reduce(command.id, command.size)
    case 'replace':
      return engine.replace(command.id, command.newId, command.price, command.size, command.instruction)
    case 'shrinkInPlace': {
      const price =
        engine instanceof NaiveMatchingEngine ? engine.find(command.id)?.priceTicks : engine.priceOf(command.id)
      return engine.replace(command.id, command.newId, price ?? 0, command.size, 0)
    }
  }
}

function fillsOf({ events }: MatchingEngine): number[][] {
  return Array.from({ length: events.count }, (_, at) => [
    events.symbol(at),
    events.makerId(at),
    events.takerId(at),
    events.priceTicks(at),
    events.sizeLots(at),
    events.makerOpenLots(at),
    events.makerOwner(at),
  ])
}

/** Every level as side, price, lots, number of orders, and each order in turn with what is ahead of it. */
function bookOf(engine: MatchingEngine, symbol: number): unknown[] {
  const levels: unknown[] = []
  const pricesMax = engine.orderCount()
  const push = (price: number) => {
    ok(levels.length < pricesMax, 'a walk along the levels ends')
    const queue: number[][] = []
    for (let id = engine.headOrder(symbol, price); id !== 0; id = engine.nextInQueue(id)) {
      queue.push([id, engine.openLots(id), engine.aheadLots(id), engine.ownerOf(id), engine.sideOf(id)])
      deepEqual([engine.priceOf(id), engine.symbolOf(id)], [price, symbol])
    }
    levels.push([engine.levelSide(symbol, price), price, engine.levelLots(symbol, price), queue])
    equal(engine.levelOrders(symbol, price), queue.length)
  }
  for (let price = engine.bestBid(symbol); price !== 0; price = engine.nextBidBelow(symbol, price)) push(price)
  for (let price = engine.bestAsk(symbol); price !== 0; price = engine.nextAskAbove(symbol, price)) push(price)
  return levels
}

function naiveBookOf(naive: NaiveMatchingEngine, symbol: number): unknown[] {
  return [0, 1].flatMap(side =>
    naive.prices(symbol, side).map(price => {
      let ahead = 0
      const queue = naive.level(symbol, price).map(({ id, openLots, owner }) => {
        ahead += openLots
        return [id, openLots, ahead - openLots, owner, side]
      })
      return [side, price, ahead, queue]
    }),
  )
}

function expectSame(engine: MatchingEngine, naive: NaiveMatchingEngine, command: Command, symbols: number): void {
  equal(apply(engine, command), apply(naive, command), 'result')
  deepEqual(fillsOf(engine), naive.fills, 'fills')
  equal(engine.restedLots(), naive.restedLots, 'rested lots')
  equal(engine.orderCount(), naive.resting.length, 'order count')
  for (let symbol = 0; symbol < symbols; symbol++) {
    deepEqual(bookOf(engine, symbol), naiveBookOf(naive, symbol), 'book')
    for (const [side, size, limit] of [
      [0, 40, 0],
      [1, 40, 0],
      [0, 9, 3],
      [1, 9, 3],
    ] as const) {
      const swept = naive.sweep(symbol, side, size, limit)
      equal(
        engine.fillableLots(symbol, side, size, limit),
        swept.reduce((sum, [, lots]) => sum + lots, 0),
      )
      equal(
        engine.costToFill(symbol, side, size, limit),
        swept.reduce((sum, [price, lots]) => sum + price * lots, 0),
      )
    }
  }
}

for (const [name, profile] of Object.entries(PROFILES)) {
  test(`engine and naive twin agree on ${name}`, () => {
    const symbols = profile.priceTicksMax.map(priceTicksMax => ({ priceTicksMax }))
    const property = fc.property(commandsOf(profile), commands => {
      const engine = createMatchingEngine({ symbols, ordersMax: 1, eventsMax: 1 }) // too small on purpose: all must grow
      const naive = new NaiveMatchingEngine(symbols)
      for (const command of commands) expectSame(engine, naive, command, symbols.length)
      expectSameHash(engine, naive, symbols)
    })
    const seed = Number(process.env.TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31))
    const limits = { interruptAfterTimeLimit: SHRINKING_MS_MAX, markInterruptAsFailure: true }
    const details = fc.check(property, { seed, numRuns: profile.runs, ...limits })
    if (!details.failed) return
    const again = `TEST_SEED=${seed} node --test --test-name-pattern="${name}" engine/src/matching-engine.property.test.ts`
    throw new Error(`${fc.defaultReportMessage(details)}\n\nAgain with: ${again}`)
  })
}

/** The hash sees the book, not the history: an engine that gets the naive book order by order has the same one. */
function expectSameHash(
  engine: MatchingEngine,
  naive: NaiveMatchingEngine,
  symbols: readonly { priceTicksMax: number }[],
): void {
  const rebuilt = createMatchingEngine({ symbols, ordersMax: 1000 })
  for (const order of naive.resting) {
    rebuilt.place(order.symbol, order.id, order.owner, order.side, order.priceTicks, order.openLots, 0)
  }
  const hash = stateHash(engine, symbols.length)
  equal(hash, stateHash(rebuilt, symbols.length), 'state hash')
  const first = naive.resting[0]
  if (first === undefined) return
  rebuilt.reduce(first.id, 1)
  equal(hash === stateHash(rebuilt, symbols.length), false, 'the hash sees one lot')
}
