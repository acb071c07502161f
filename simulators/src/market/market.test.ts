// The simulated market through the real exchange: the same seed is the same tape, streams keep apart, and a market that
// was put away goes on as if nothing had happened. What must hold for any seed is in market.property.test.ts.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createExchange } from '@papertape/engine'
import type { FeedEvent, InstrumentSpec } from '@papertape/protocol'
import type { SourceState } from '../market-source.ts'
import { createSimulation } from '../simulation.ts'
import { selectInstruments } from './instruments.ts'
import { createMarket } from './market.ts'

const START = 1_767_623_400_000
const MINUTE_MS = 60_000

/** All events of a run, each as text. */
function tape(seed: number, symbols: number | readonly InstrumentSpec[], durationMs: number): string[] {
  const instruments = typeof symbols === 'number' ? selectInstruments(symbols) : symbols
  const source = createMarket({ seed, instruments, startTime: START })
  const simulation = createSimulation(source)
  while (simulation.step(START + durationMs));
  simulation.finish(START + durationMs)
  return simulation.takeEvents().map(event => JSON.stringify(event))
}

function hash(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

test('the same seed makes the same tape, another seed another one', () => {
  assert.equal(hash(tape(7, 5, 5 * MINUTE_MS)), hash(tape(7, 5, 5 * MINUTE_MS)))
  const hashes = [0, 1, 2, 7, 2 ** 40].map(seed => hash(tape(seed, 2, MINUTE_MS)))
  assert.equal(new Set(hashes).size, hashes.length)
})

test('more symbols leave what happens in the others alone', () => {
  /** A symbol's events without what is counted over the whole market; any command closes the minute for all. */
  const of = (symbol: string, lines: readonly string[]) =>
    lines
      .map(line => JSON.parse(line) as FeedEvent)
      .filter(({ data }) => 'symbol' in data && data.symbol === symbol)
      .map(({ event, data }) => {
        const closing = event === 'candle' ? { ts: 0 } : {}
        return JSON.stringify({ event, ...data, seq: 0, prevSeq: 0, tradeId: 0, ...closing })
      })
  // The last of four, which is the first when it is alone: neither their number nor its place among them counts.
  const four = selectInstruments(4)
  const alone = tape(3, four.slice(3), 5 * MINUTE_MS)
  const crowded = tape(3, four, 5 * MINUTE_MS)
  const { symbol } = four[3]!
  const expected = of(symbol, alone)
  const found = of(symbol, crowded)
  expected.forEach((line, i) => {
    assert.equal(found[i], line)
  })
  assert.equal(found.length, expected.length)
  assert.ok(expected.length > 500)
})

test('each agent draws from a stream of its own, whoever else takes part', () => {
  const streams = (instruments: readonly InstrumentSpec[]) => {
    const { agents } = createMarket({ seed: 3, instruments, startTime: START }).save() as { agents: [string][] }
    return agents.map(([random]) => random)
  }
  const four = selectInstruments(4)
  const all = streams(four)
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.length > 30)
  for (const random of streams([...four].reverse())) assert.ok(all.includes(random))
})

test('a market that is saved and taken up again goes on exactly', () => {
  const instruments = selectInstruments(6)
  const durationMs = 10 * MINUTE_MS
  let exchange = createExchange({ instruments })
  const lines: string[] = []
  let state: SourceState | undefined
  // Taken up a dozen times, at moments that are no round numbers.
  for (let part = 1; part <= 12; part++) {
    const saved = state === undefined ? undefined : (JSON.parse(JSON.stringify(state)) as SourceState)
    // The time of a later start is of no account: the state says when its agents wake.
    const startTime = START + (part - 1) * 999
    const simulation = createSimulation(createMarket({ seed: 11, instruments, startTime }, saved), exchange)
    const end = START + Math.floor((durationMs * part) / 12)
    while (simulation.step(end));
    if (part === 12) simulation.finish(end)
    lines.push(...simulation.takeEvents().map(event => JSON.stringify(event)))
    state = simulation.source.save()
    // Every other time the exchange has been put away too, as a restart of the server does.
    if (part % 2 === 0) exchange = createExchange({ instruments }, JSON.parse(JSON.stringify(exchange.checkpoint())))
  }
  assert.equal(hash(lines), hash(tape(11, 6, durationMs)))
  assert.ok(JSON.stringify(state).length < 750 * instruments.length, 'the state is small')
})

test('a market that was put away for long leaves the pause out', () => {
  const instruments = selectInstruments(2)
  const first = createSimulation(createMarket({ seed: 3, instruments, startTime: START }))
  while (first.step(START + MINUTE_MS));
  first.takeEvents()
  const later = START + 60 * MINUTE_MS
  const saved = JSON.parse(JSON.stringify(first.source.save())) as SourceState
  const source = createMarket({ seed: 3, instruments, startTime: later }, saved)
  assert.equal(source.nextTime, later)
  const again = createSimulation(source, createExchange({ instruments }, first.exchange.checkpoint()))
  while (again.step(later + MINUTE_MS));
  const events = again.takeEvents()
  assert.ok(events.some(({ event }) => event === 'trade'))
  // The minute that was open when it was put away closes first; nothing else belongs to the pause.
  assert.ok(events.every(({ event, data }) => event === 'candle' || data.time >= later))
})

test("a user's order at the touch is traded with, and one through the market trades at once", () => {
  const instruments = selectInstruments(1)
  const simulation = createSimulation(createMarket({ seed: 5, instruments, startTime: START }))
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
  place('through', exchange.bestAsk(0) + 20)
  assert.equal(held(), 100)
  place('touch', exchange.bestBid(0) + 1)
  while (held() < 200 && simulation.step(START + 5 * MINUTE_MS));
  assert.equal(held(), 200)
})

test('a state of another market is refused', () => {
  const options = { seed: 1, instruments: selectInstruments(2), startTime: START }
  const state = createMarket(options).save()
  assert.throws(() => createMarket({ ...options, seed: 2 }, state), /seed 1, not 2/)
  assert.throws(() => createMarket({ ...options, instruments: selectInstruments(3) }, state), /not one of a market/)
})
