// The replay on logs of a few lines: the effect of each, and that a restored replay continues unchanged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceState } from '../../market-source.ts'
import { createSimulation, type Simulation } from '../../simulation.ts'
import { parseBitstamp } from './log.ts'
import { type BitstampReplay, createBitstampReplay } from './replay.ts'

const START = 1_430_438_400_000

type LogEntry = readonly [
  afterMs: number,
  event: string,
  id: number,
  dollars: number,
  bitcoins: number,
  side?: 'buy' | 'sell',
]

function text(lines: readonly (LogEntry | string)[]): string {
  return lines
    .map(line => {
      if (typeof line === 'string') return line
      const [afterMs, event, id, price, amount, side] = line
      const sided = side === undefined ? {} : { order_type: side === 'buy' ? 0 : 1 }
      return `${START + afterMs} ${event} ${JSON.stringify({ price, amount, id, ...sided })}`
    })
    .join('\n')
}

function start(
  lines: readonly (LogEntry | string)[],
  state?: SourceState,
  exchange?: Simulation['exchange'],
): Simulation {
  return createSimulation(createBitstampReplay(parseBitstamp(text(lines)), state), exchange)
}

function play(simulation: Simulation, steps = Number.POSITIVE_INFINITY): Simulation {
  for (let i = 0; i < steps && simulation.step(Number.POSITIVE_INFINITY); i++);
  return simulation
}

function trades(simulation: Simulation): string[] {
  return simulation
    .takeEvents()
    .flatMap(({ event, data }) => (event === 'trade' ? [`${data.aggressor} ${data.size} at ${data.price}`] : []))
}

test('an order trades as much as in the log, and the rest of it rests', () => {
  const simulation = play(
    start([
      [0, 'order_created', 10, 236, 1, 'sell'],
      [5, 'order_created', 11, 236.5, 1, 'sell'],
      [10, 'order_created', 12, 236.4, 3, 'buy'],
      [100, 'order_changed', 12, 236.4, 2, 'buy'],
      [102, 'order_deleted', 10, 236, 0, 'sell'],
      [110, 'trade', 500, 236, 1],
      [5000, 'order_changed', 11, 236.5, 0.4, 'sell'],
    ]),
  )
  assert.deepEqual(trades(simulation), ['buy 10000 at 236'])
  assert.equal(simulation.exchange.levelLots(0, 23640), 20_000)
  assert.equal(simulation.exchange.levelLots(0, 23650), 4000)
})

test('several trades of one order are one aggressive order, also when lines are out of order', () => {
  const simulation = play(
    start([
      [0, 'order_created', 10, 236, 1, 'sell'],
      [1, 'order_created', 11, 237, 1, 'sell'],
      [10, 'order_created', 12, 240, 2, 'buy'],
      [130, 'order_deleted', 12, 240, 0, 'buy'],
      [131, 'order_changed', 12, 240, 1, 'buy'],
    ]),
  )
  assert.deepEqual(trades(simulation), ['buy 10000 at 236', 'buy 10000 at 237'])
  assert.deepEqual([simulation.exchange.bestBid(0), simulation.exchange.bestAsk(0)], [0, 0])
})

test('orders that a resting order would cross are deleted as ghosts', () => {
  const simulation = play(
    start([
      [0, 'order_created', 10, 236, 1, 'sell'],
      [1000, 'order_created', 11, 236.5, 2, 'buy'],
      [9000, 'order_deleted', 11, 236.5, 2, 'buy'],
    ]),
    2,
  )
  assert.deepEqual(trades(simulation), [])
  assert.deepEqual([simulation.exchange.bestBid(0), simulation.exchange.bestAsk(0)], [23650, 0])
})

test('an order never created is placed before the first with a higher id; the first book shows the others', () => {
  const book = `${START + 5} order_book {"bids":[["235.00","3"]],"asks":[["236.00","1"],["237.00","2.5"]]}`
  const simulation = play(
    start([
      [0, 'order_created', 10, 236, 1, 'sell'],
      book,
      [10, 'order_deleted', 9, 235, 2, 'buy'],
      [20, 'order_created', 12, 230, 1, 'buy'],
      [30, 'order_deleted', 11, 231, 4, 'buy'],
    ]),
    2,
  )
  const { exchange } = simulation
  assert.deepEqual(
    [235, 236, 237, 231].map(price => exchange.levelLots(0, price * 100)),
    [30_000, 10_000, 25_000, 0],
  )
  play(simulation, 2)
  assert.deepEqual(
    [235, 231, 230].map(price => exchange.levelLots(0, price * 100)),
    [10_000, 40_000, 10_000],
  )
})

test('a restored replay continues unchanged, wherever it is cut', () => {
  const lines: (LogEntry | string)[] = [`${START} order_book {"bids":[["230.00","5"]],"asks":[["239.00","5"]]}`]
  for (let id = 1; id <= 60; id++) {
    const side = id % 2 === 0 ? 'buy' : 'sell'
    // Some rest, some trade, some cross orders whose end is not in the log.
    lines.push([id * 50, 'order_created', id * 2, 235 + ((id * 7) % 5) - 2, 1 + (id % 3), side])
    if (id % 3 === 0) lines.push([id * 50 + 1, 'order_deleted', id * 2, 235, id % 2, side])
    if (id % 5 === 0) lines.push([id * 50 + 2, 'order_deleted', id * 2 - 3, 235, 1, 'buy'])
  }
  const whole = play(start(lines))
  const expected = JSON.stringify(whole.takeEvents())
  for (let cut = 0; cut <= lines.length; cut++) {
    const first = play(start(lines), cut)
    const state = JSON.parse(JSON.stringify(first.source.save())) as SourceState
    const second = play(start(lines, state, first.exchange))
    assert.equal(JSON.stringify(second.takeEvents()), expected, `cut after ${cut}`)
    assert.deepEqual(second.source.save(), whole.source.save())
  }
  assert.throws(() => start(lines, { source: 'lobster' }), /not of a replay/)
})

const BASE: readonly LogEntry[] = [
  [0, 'order_created', 1, 237.1, 2, 'buy'],
  [100, 'order_created', 2, 237.2, 1.5, 'sell'],
]
const figuresOf = (simulation: Simulation) => (simulation.source as BitstampReplay).figures

test('a market order takes as much as in the log, never rests, and deletes no order', () => {
  for (const [price, side] of [
    [0, 'sell'],
    [9_999_999_999.99, 'buy'],
  ] as const) {
    const untold = play(start([...BASE, [150, 'order_created', 7, price, 0.5, side]]))
    assert.deepEqual(trades(untold), [])
    assert.deepEqual([untold.exchange.bestBid(0), untold.exchange.bestAsk(0)], [23710, 23720])
    assert.deepEqual([figuresOf(untold).marketOrders, figuresOf(untold).ghosts], [1, 0])
    const filled: LogEntry[] = [
      [150, 'order_created', 7, price, 0.5, side],
      [160, 'order_deleted', 7, price, 0, side],
    ]
    const replayed = play(start([...BASE, ...filled]))
    assert.deepEqual(trades(replayed), [side === 'sell' ? 'sell 5000 at 237.1' : 'buy 5000 at 237.2'])
  }
})

test('crossing levels of the first book make no trade; the other levels rest', () => {
  const book = `${START} order_book {"bids":[["238.00","1"],["236.00","1"]],"asks":[["237.00","1"],["239.00","1"]]}`
  const simulation = play(start([book, ...BASE]))
  assert.deepEqual(trades(simulation), [])
  assert.equal(figuresOf(simulation).crossed, 2)
  assert.deepEqual([simulation.exchange.bestBid(0), simulation.exchange.bestAsk(0)], [23710, 23720])
  assert.deepEqual(
    [23600, 23900].map(ticks => simulation.exchange.levelLots(0, ticks)),
    [10_000, 10_000],
  )
  // Also when it crosses orders that the log created before it.
  const late = `${START + 200} order_book {"bids":[["237.50","1"]],"asks":[["237.60","1"]]}`
  const second = play(start([...BASE, late]))
  assert.deepEqual(trades(second), [])
  assert.equal(figuresOf(second).crossed, 1)
})

test('the ladder reaches the prices of the log; prices beyond it are counted or refused', () => {
  for (const dollars of [3_700, 67_000, 100_000]) {
    const simulation = play(
      start([
        [0, 'order_created', 1, dollars, 2, 'buy'],
        [100, 'order_created', 2, dollars + 0.2, 1.5, 'sell'],
      ]),
    )
    const { exchange } = simulation
    assert.deepEqual([exchange.bestBid(0), exchange.bestAsk(0)], [dollars * 100, dollars * 100 + 20])
    assert.equal(figuresOf(simulation).outOfRange, 0)
  }
  const far = play(start([...BASE, [200, 'order_created', 3, 1_000_000, 1, 'sell']]))
  assert.equal(figuresOf(far).outOfRange, 1)
  assert.throws(
    () => start([[0, 'order_created', 1, 200_000, 2, 'buy']]),
    /^BitstampError: line 1: a market at 200000 is/,
  )
})

test('an order of less than half a lot is left out and counted', () => {
  const simulation = play(start([[0, 'order_created', 1, 237, 0.00004, 'buy'], ...BASE.slice(1)]))
  assert.equal(figuresOf(simulation).tooSmall, 1)
})
