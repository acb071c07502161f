// Scenarios in a market: the market is unchanged before one starts and in symbols it does not affect, several run at
// once, and a market that is saved and restored in the middle continues unchanged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import type { FeedEvent } from '@papertape/protocol'
import type { MarketPort, SourceState } from '../../market-source.ts'
import { type PlannedScenario, SCENARIO_NAMES } from '../../planned-scenario.ts'
import { createSimulation, type Simulation } from '../../simulation.ts'
import { DESK, slotRef } from '../desks.ts'
import { selectInstruments } from '../instruments.ts'
import { createSimulatedMarket } from '../market.ts'
import { USUAL_CONDITIONS } from '../market-conditions.ts'
import { seedRandom } from '../random/random.ts'
import { createDirector, type ScenarioTarget } from './director.ts'
import { scenarioOf } from './scenario-of.ts'

const START = 1_767_623_400_000
const MINUTE_MS = 60_000
const instruments = selectInstruments(2)
const given = process.env.TEST_SEED
const SEEDS = given === undefined ? [1, 2, 3] : [Number(given)]

function open(seed: number, scenarios: readonly PlannedScenario[]): Simulation {
  return createSimulation(createSimulatedMarket({ seed, instruments, startTime: START, scenarios }))
}

function run(simulation: Simulation, endTime: number): FeedEvent[] {
  while (simulation.step(endTime));
  return simulation.takeEvents()
}

function text(events: readonly FeedEvent[]): string[] {
  return events.map(event => JSON.stringify(event))
}

/** The events of one symbol, without the numbers that count over the whole market. */
function textOf(symbol: string, events: readonly FeedEvent[]): string[] {
  const own = events.filter(({ event, data }) => event !== 'candle' && 'symbol' in data && data.symbol === symbol)
  return own.map(({ event, data }) => JSON.stringify({ event, ...data, seq: 0, prevSeq: 0, tradeId: 0 }))
}

function repeat(seed: number): string {
  return `TEST_SEED=${seed} node --test simulators/src/market/scenarios/director.test.ts`
}

test('for any seed: until a scenario starts the tape is that without it, to the byte', () => {
  for (const seed of SEEDS) {
    const usual = open(seed, [])
    const startTime = START + MINUTE_MS + ((seed * 7919) % MINUTE_MS)
    const before = text(run(usual, startTime))
    const after = text(run(usual, startTime + MINUTE_MS))
    for (const name of SCENARIO_NAMES) {
      const market = open(seed, [{ name, startTime }])
      assert.deepEqual(text(run(market, startTime)), before, `${name}. Repeat: ${repeat(seed)}`)
      assert.notDeepEqual(text(run(market, startTime + MINUTE_MS)), after, `${name} changes nothing`)
    }
  }
})

test('for any seed: a scenario of the first symbol does not affect the second', () => {
  const { symbol } = instruments[1]!
  for (const seed of SEEDS) {
    const usual = textOf(symbol, run(open(seed, []), START + 4 * MINUTE_MS))
    for (const name of ['fat-finger', 'news-jump', 'halt'] as const) {
      const market = open(seed, [{ name, startTime: START + MINUTE_MS }])
      const events = run(market, START + 4 * MINUTE_MS)
      assert.deepEqual(textOf(symbol, events), usual, `${name}. Repeat: ${repeat(seed)}`)
    }
  }
})

test('for any seed: a market that is saved and restored during scenarios continues unchanged', () => {
  const endTime = START + 9 * MINUTE_MS
  const scenarios: readonly PlannedScenario[] = [
    { name: 'volatile-day', startTime: START },
    { name: 'flash-crash', startTime: START + MINUTE_MS },
    { name: 'halt', startTime: START + 2 * MINUTE_MS },
    { name: 'feed-burst', startTime: START + 3 * MINUTE_MS },
    { name: 'feed-burst', startTime: START + 6 * MINUTE_MS },
  ]
  for (const seed of SEEDS) {
    const whole = text(run(open(seed, scenarios), endTime))
    const random = seedRandom(seed, 'restarts')
    const lines: string[] = []
    let simulation = open(seed, scenarios)
    // Also exactly when a step starts or ends.
    const round = [1, 3, 5, 7].map(minute => START + minute * MINUTE_MS)
    const restarts = [...round, ...Array.from({ length: 4 }, () => START + random.below(9 * MINUTE_MS))]
    for (const time of restarts.sort((a, b) => a - b)) {
      lines.push(...text(run(simulation, time)))
      const source = JSON.parse(JSON.stringify(simulation.source.save())) as SourceState
      const exchange = createExchange({ instruments }, JSON.parse(JSON.stringify(simulation.exchange.checkpoint())))
      simulation = createSimulation(createSimulatedMarket({ seed, instruments, startTime: START }, source), exchange)
    }
    lines.push(...text(run(simulation, endTime)))
    assert.equal(lines.length, whole.length, `Repeat: ${repeat(seed)}`)
    for (const [i, line] of lines.entries()) assert.equal(line, whole[i], `Repeat: ${repeat(seed)}`)
  }
})

test('scenarios run at the same time and can be repeated', () => {
  const halted = (events: readonly FeedEvent[]) =>
    events.flatMap(({ event, data }) =>
      event === 'status' ? [`${data.phase} ${(data.time - START) / MINUTE_MS}`] : [],
    )
  const market = open(1, [
    { name: 'halt', startTime: START + MINUTE_MS },
    { name: 'liquidity-drought', startTime: START + MINUTE_MS },
    { name: 'halt', startTime: START + 11 * MINUTE_MS },
  ])
  const events = run(market, START + 20 * MINUTE_MS)
  const phases = halted(events.filter(({ event, data }) => event === 'status' && data.auction === undefined))
  assert.deepEqual(phases, ['halted 1', 'paused 6', 'continuous 7', 'halted 11', 'paused 16', 'continuous 17'])
  const spread = (fromMinute: number, toMinute: number) => {
    const quotes = events.flatMap(({ event, data }) => (event === 'quote' && data.symbol === 'NIMBR' ? [data] : []))
    const within = quotes.filter(
      ({ time }) => time >= START + fromMinute * MINUTE_MS && time < START + toMinute * MINUTE_MS,
    )
    return within.reduce((sum, { bid, ask }) => sum + ask! - bid!, 0) / within.length
  }
  assert.ok(spread(2, 11) > 2 * spread(12, 20), 'the drought is over, the second halt is not')
})

test('conditions of several scenarios multiply, and return to usual when they end', () => {
  const conditions = { ...USUAL_CONDITIONS }
  const target = { conditions, traded: { index: 0 } } as unknown as ScenarioTarget
  const director = createDirector(1, [target], scenarioOf)
  const port = { book: { lastTicks: () => 100 } } as unknown as MarketPort
  director.plan({ name: 'volatile-day', startTime: START })
  director.plan({ name: 'liquidity-drought', startTime: START + MINUTE_MS })
  const play = (untilTime: number) => {
    while (director.nextTimeUs <= untilTime * 1000) director.wake(director.nextTimeUs, port)
    return { ...conditions }
  }
  const [usual, alone, both] = [play(START - 1), play(START), play(START + MINUTE_MS)]
  assert.deepEqual(usual, USUAL_CONDITIONS)
  assert.deepEqual(both, { ...alone, depth: alone.depth * 0.2, spread: alone.spread * 5 })
  assert.deepEqual(play(START + 11 * MINUTE_MS), alone)
  assert.deepEqual(play(Number.MAX_SAFE_INTEGER / 1000), USUAL_CONDITIONS)
})

test('a liquidity drought thins the whole book at once, and the book refills after it', () => {
  const market = open(1, [{ name: 'liquidity-drought', startTime: START + 4 * MINUTE_MS }])
  const { exchange } = market
  const restingAt = (minute: number) => {
    run(market, START + minute * MINUTE_MS)
    let lots = 0
    for (let ticks = exchange.bestBid(0); ticks !== 0; ticks = exchange.nextBidBelow(0, ticks)) {
      lots += exchange.levelLots(0, ticks)
    }
    const slots = Array.from({ length: 1000 }, (_, slot) => exchange.openLots(DESK.liquidityProvider, slotRef(0, slot)))
    return { lots, orders: slots.filter(open => open > 0).length }
  }
  const before = restingAt(4)
  const within = restingAt(4.25)
  const after = restingAt(15)
  assert.ok(within.lots < 0.5 * before.lots && after.lots > 1.5 * within.lots, `${within.lots} of ${before.lots} lots`)
  assert.ok(within.orders < 0.4 * before.orders, `${within.orders} of ${before.orders} orders`)
})

test('a scenario planned in the past starts with the next action, and is listed until it ends', () => {
  const source = createSimulatedMarket({ seed: 1, instruments, startTime: START })
  const simulation = createSimulation(source)
  run(simulation, START + MINUTE_MS)
  source.scenarios.plan({ name: 'feed-burst', startTime: START })
  const [planned] = source.scenarios.running
  assert.equal(planned?.name, 'feed-burst')
  assert.ok(planned.startTime >= START + MINUTE_MS && planned.startTime < START + MINUTE_MS + 1000)
  const events = run(simulation, START + 2 * MINUTE_MS)
  assert.ok(events.length > 5 * 60 * instruments.length, 'the burst is in the events')
  run(simulation, START + 3 * MINUTE_MS)
  assert.deepEqual(source.scenarios.running, [])
})
