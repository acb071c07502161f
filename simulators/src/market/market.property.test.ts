// Properties of the simulated market for any seed: two-sided books with depth, prices in range, steady activity. A
// seed that fails prints the command that repeats it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toPrice } from '@papertape/protocol'
import { createSimulation, type Simulation } from '../simulation.ts'
import { selectInstruments } from './instruments.ts'
import { createSimulatedMarket } from './market.ts'

const START = 1_767_623_400_000
const HOUR_MS = 3_600_000
const given = process.env.TEST_SEED
const SEEDS = given === undefined ? [1, 2, 3, 4] : [Number(given)]

function repeat(seed: number): string {
  return `repeat: TEST_SEED=${seed} npm test --workspace simulators -- --test-name-pattern="for any seed"`
}

function levels(side: 'buy' | 'sell', symbol: number, { exchange }: Simulation): number {
  let count = 0
  let ticks = side === 'buy' ? exchange.bestBid(symbol) : exchange.bestAsk(symbol)
  while (ticks !== 0) {
    count++
    ticks = side === 'buy' ? exchange.nextBidBelow(symbol, ticks) : exchange.nextAskAbove(symbol, ticks)
  }
  return count
}

test('for any seed: no book is ever empty or crossed, and prices stay in range', () => {
  const instruments = selectInstruments(20)
  for (const seed of SEEDS) {
    const simulation = createSimulation(createSimulatedMarket({ seed, instruments, startTime: START }))
    const closes = new Map(instruments.map(spec => [spec.symbol, toPrice(spec, spec.previousCloseTicks)]))
    while (simulation.source.nextTime === START) simulation.step(START + 1)
    simulation.takeEvents()
    let wakes = 0
    while (simulation.step(START + HOUR_MS / 5)) {
      // A best price changes only with a quote event.
      for (const { event, data } of simulation.takeEvents()) {
        if (event !== 'quote') continue
        const { bid, ask, symbol } = data
        const where = `${symbol} ${bid}/${ask} at ${data.time}. ${repeat(seed)}`
        assert.ok(bid !== null && ask !== null && bid < ask, `empty or crossed: ${where}`)
        const move = bid / closes.get(symbol)!
        assert.ok(move > 0.9 && move < 1.1, `out of range: ${where}`)
      }
      if (++wakes % 997 !== 0) continue
      for (let symbol = 0; symbol < instruments.length; symbol++) {
        for (const side of ['buy', 'sell'] as const) {
          const count = levels(side, symbol, simulation)
          assert.ok(count >= 5, `${count} levels to ${side} ${instruments[symbol]!.symbol}. ${repeat(seed)}`)
        }
      }
    }
  }
})

test('for any seed: a steady rate of events, tight spreads in liquid symbols, and prices that move', () => {
  const instruments = selectInstruments(20)
  for (const seed of SEEDS.slice(0, 2)) {
    const simulation = createSimulation(createSimulatedMarket({ seed, instruments, startTime: START }))
    const { exchange } = simulation
    const trades = new Map(instruments.map(spec => [spec.symbol, 0]))
    const spreads: number[] = []
    let second = START + 1000
    while (simulation.step(START + HOUR_MS / 2)) {
      for (const { event, data } of simulation.takeEvents()) {
        if (event === 'trade') trades.set(data.symbol, trades.get(data.symbol)! + 1)
      }
      if (simulation.source.nextTime! < second) continue
      second += 1000
      spreads.push(exchange.bestAsk(0) - exchange.bestBid(0))
    }
    const perSecond = simulation.commands / 1800
    assert.ok(perSecond > 50 && perSecond < 200, `${perSecond} commands a second. ${repeat(seed)}`)
    const median = spreads.sort((a, b) => a - b)[spreads.length >> 1]!
    assert.ok(median >= 1 && median <= 6, `a median spread of ${median} ticks. ${repeat(seed)}`)
    for (const [symbol, count] of trades) {
      const meanMs = HOUR_MS / 2 / count
      const liquid = instruments.findIndex(spec => spec.symbol === symbol) < 6
      assert.ok(meanMs < (liquid ? 8000 : 45_000), `${symbol}: a trade each ${meanMs} ms. ${repeat(seed)}`)
    }
    const moved = instruments.filter(
      (spec, i) => Math.abs(exchange.lastTicks(i) / spec.previousCloseTicks - 1) > 0.0005,
    )
    assert.ok(moved.length >= 10, `only ${moved.length} prices have moved. ${repeat(seed)}`)
  }
})

test('for any seed: a large order does not empty the book, and the price recovers', () => {
  for (const seed of SEEDS) {
    const instruments = selectInstruments(1)
    const simulation = createSimulation(createSimulatedMarket({ seed, instruments, startTime: START }))
    const { exchange } = simulation
    const end = START + HOUR_MS / 4
    while (simulation.step(START + HOUR_MS / 12));
    const before = exchange.lastTicks(0)
    // Twenty thousand shares at any price: twenty times what rests near the best prices.
    const order = {
      desk: 99,
      ref: 1,
      symbol: instruments[0]!.symbol,
      side: 'sell',
      priceTicks: 0,
      sizeLots: 20_000,
    } as const
    const time = simulation.source.nextTime!
    exchange.apply({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' }, { ts: time * 1000, time })
    assert.ok(exchange.bestBid(0) > 0, `emptied. ${repeat(seed)}`)
    assert.ok(exchange.lastTicks(0) < before * 0.998, `no impact: ${exchange.lastTicks(0)} after ${before}`)
    while (simulation.step(end));
    const back = exchange.lastTicks(0) / before
    assert.ok(back > 0.99 && back < 1.01, `${exchange.lastTicks(0)} after ${before}. ${repeat(seed)}`)
  }
})
