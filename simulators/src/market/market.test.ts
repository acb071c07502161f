// The simulated market on the real exchange: equal seeds give equal tapes, random streams are independent, and a
// restored market continues unchanged. Properties for any seed are in market.property.test.ts.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import type { FeedEvent, InstrumentSpec } from '@papertape/protocol'
import type { SourceState } from '../market-source.ts'
import { createSimulation } from '../simulation.ts'
import { DAY_MS } from '../time-units.ts'
import { selectInstruments } from './instruments.ts'
import { createSimulatedMarket } from './market.ts'

const START = 1_767_623_400_000
const MINUTE_MS = 60_000

/** All events of a run, each as text. */
function tape(seed: number, symbols: number | readonly InstrumentSpec[], durationMs: number): string[] {
  const instruments = typeof symbols === 'number' ? selectInstruments(symbols) : symbols
  const source = createSimulatedMarket({ seed, instruments, startTime: START })
  const simulation = createSimulation(source)
  while (simulation.step(START + durationMs));
  simulation.finish(START + durationMs)
  return simulation.takeEvents().map(event => JSON.stringify(event))
}

function hash(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

test('equal seeds give equal tapes, different seeds different ones', () => {
  assert.equal(hash(tape(7, 5, 5 * MINUTE_MS)), hash(tape(7, 5, 5 * MINUTE_MS)))
  const hashes = [0, 1, 2, 7, 2 ** 40].map(seed => hash(tape(seed, 2, MINUTE_MS)))
  assert.equal(new Set(hashes).size, hashes.length)
})

test('adding symbols does not change the events of the others', () => {
  /** A symbol's events without the numbers that count over the whole market; any command closes the minute of all. */
  const of = (symbol: string, lines: readonly string[]) =>
    lines
      .map(line => JSON.parse(line) as FeedEvent)
      .filter(({ data }) => 'symbol' in data && data.symbol === symbol)
      .map(({ event, data }) => {
        const closing = event === 'candle' ? { ts: 0 } : {}
        return JSON.stringify({ event, ...data, seq: 0, prevSeq: 0, tradeId: 0, ...closing })
      })
  // The last of four is the first when it is alone: neither number nor position of the symbols matters.
  const four = selectInstruments(4)
  const alone = tape(3, four.slice(3), 5 * MINUTE_MS)
  const together = tape(3, four, 5 * MINUTE_MS)
  const { symbol } = four[3]!
  const expected = of(symbol, alone)
  const found = of(symbol, together)
  expected.forEach((line, i) => {
    assert.equal(found[i], line)
  })
  assert.equal(found.length, expected.length)
  assert.ok(expected.length > 500)
})

test('each agent has its own random stream, whatever the other symbols are', () => {
  const streams = (instruments: readonly InstrumentSpec[]) => {
    const { agents } = createSimulatedMarket({ seed: 3, instruments, startTime: START }).save() as {
      agents: [string][]
    }
    return agents.map(([random]) => random)
  }
  const four = selectInstruments(4)
  const all = streams(four)
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.length > 30)
  for (const random of streams([...four].reverse())) assert.ok(all.includes(random))
})

test('a market that is saved and restored continues unchanged', () => {
  const instruments = selectInstruments(6)
  const durationMs = 10 * MINUTE_MS
  let exchange = createExchange({ instruments })
  const lines: string[] = []
  let state: SourceState | undefined
  // Restored a dozen times, at times that are not round.
  for (let part = 1; part <= 12; part++) {
    const saved = state === undefined ? undefined : (JSON.parse(JSON.stringify(state)) as SourceState)
    // The start time does not matter with a state, which has the agents' next wakes.
    const startTime = START + (part - 1) * 999
    const simulation = createSimulation(createSimulatedMarket({ seed: 11, instruments, startTime }, saved), exchange)
    const end = START + Math.floor((durationMs * part) / 12)
    while (simulation.step(end));
    if (part === 12) simulation.finish(end)
    lines.push(...simulation.takeEvents().map(event => JSON.stringify(event)))
    state = simulation.source.save()
    // Every other time the exchange is restored too, as on a restart of the server.
    if (part % 2 === 0) exchange = createExchange({ instruments }, JSON.parse(JSON.stringify(exchange.checkpoint())))
  }
  assert.equal(hash(lines), hash(tape(11, 6, durationMs)))
  assert.ok(JSON.stringify(state).length < 850 * instruments.length, 'the state is small')
})

test('a market restored after a long pause does not replay the pause', () => {
  const instruments = selectInstruments(2)
  const first = createSimulation(createSimulatedMarket({ seed: 3, instruments, startTime: START }))
  while (first.step(START + MINUTE_MS));
  first.takeEvents()
  const later = START + 60 * MINUTE_MS
  const saved = JSON.parse(JSON.stringify(first.source.save())) as SourceState
  const source = createSimulatedMarket({ seed: 3, instruments, startTime: later }, saved)
  assert.equal(source.nextTime, later)
  const again = createSimulation(source, createExchange({ instruments }, first.exchange.checkpoint()))
  while (again.step(later + MINUTE_MS));
  const events = again.takeEvents()
  assert.ok(events.some(({ event }) => event === 'trade'))
  // The candle that was open when it was saved closes first; no other event is of the pause.
  assert.ok(events.every(({ event, data }) => event === 'candle' || data.time >= later))
})

test("a user's order at the best price is filled, and a marketable one trades at once", () => {
  const instruments = selectInstruments(1)
  const simulation = createSimulation(createSimulatedMarket({ seed: 5, instruments, startTime: START }))
  const { exchange } = simulation
  const tokenHash = '0'.repeat(64)
  while (simulation.step(START + MINUTE_MS));
  const stamp = () => ({ ts: exchange.time * 1000, time: exchange.time })
  exchange.apply({ type: 'account.open', accountId: 'user', tokenHash, cash: 1_000_000 }, stamp())
  const place = (clientOrderId: string, ticks: number) => {
    const { symbol, tickUnits } = instruments[0]!
    const order = { accountId: 'user', clientOrderId, symbol, side: 'buy', orderType: 'limit', size: 100 } as const
    const price = (ticks * tickUnits) / 10_000
    exchange.apply({ type: 'order.place', ...order, price, timeInForce: 'GTC', postOnly: false }, stamp())
  }
  const held = () => exchange.account('user')!.positions[0]?.size ?? 0
  place('marketable', exchange.bestAsk(0) + 20)
  assert.equal(held(), 100)
  place('inside', exchange.bestBid(0) + 1)
  while (held() < 200 && simulation.step(START + 5 * MINUTE_MS));
  assert.equal(held(), 200)
})

test('a state of another market is refused', () => {
  const options = { seed: 1, instruments: selectInstruments(2), startTime: START }
  const state = createSimulatedMarket(options).save()
  assert.throws(() => createSimulatedMarket({ ...options, seed: 2 }, state), /seed 1, not 2/)
  assert.throws(
    () => createSimulatedMarket({ ...options, instruments: selectInstruments(3) }, state),
    /not one of a market/,
  )
})

test('a market with hours is busiest before they end, whenever it was started', () => {
  const midnight = START - (START % DAY_MS)
  const [startMs, endMs] = [14.5, 14.75].map(hour => hour * 3_600_000) as [number, number]
  const hours = { startMs, endMs }
  const startTime = midnight + startMs - MINUTE_MS
  const source = createSimulatedMarket({ seed: 5, instruments: selectInstruments(10), startTime, hours })
  const simulation = createSimulation(source)
  /** Commands a minute between two parts of the session. */
  const rate = (from: number, to: number) => {
    const [begin, end] = [from, to].map(part => midnight + startMs + part * (endMs - startMs)) as [number, number]
    while (simulation.step(begin));
    const before = simulation.commands
    while (simulation.step(end));
    return ((simulation.commands - before) * MINUTE_MS) / (end - begin)
  }
  const [midday, close] = [rate(0.4, 0.7), rate(12.5 / 13, 1)]
  assert.ok(close > 1.5 * midday, `${close} a minute at the close, ${midday} at midday`)
})
