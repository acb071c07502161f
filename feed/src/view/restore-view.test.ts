// A view that is restored from the journal against one that was reduced from the whole log: the same tickers, books,
// bars and news, over midnight, after a halt, and when the journal has forgotten most of the log.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Bar, type FeedEvent, type InstrumentSpec, type Interval, toPrice } from '@papertape/protocol'
import { createSimulatedMarket, createSimulation, type PastSettings, selectInstruments } from '@papertape/simulators'
import {
  decodeEvent,
  type EncodedEvent,
  encodeEvent,
  type Journal,
  MemoryJournal,
  readInstrument,
  type VenueState,
} from '@papertape/venue'
import { createFilter } from '../classes/filter.ts'
import { FeedView } from './feed-view.ts'
import { restoreView } from './restore-view.ts'

const SPECS = selectInstruments(3)
const MIDNIGHT = 20_456 * 86_400_000
const ALL = createFilter({
  symbols: [],
  events: ['book', 'news'],
  books: [],
  maxHz: 10,
  snapshot: true,
  last: undefined,
})
const untouched = SPECS.map(({ symbol }) => ({
  symbol,
  phase: 'continuous' as const,
  book: { seq: 0, bids: [], asks: [], checksum: 0 },
}))

/** A market from one time to another, with a halt of its second instrument on the way; and the half minute after it. */
function trade(startTime: number, endTime: number) {
  const market = createSimulation(createSimulatedMarket({ seed: 9, instruments: SPECS, startTime }))
  const { exchange } = market
  const setPhase = (phase: 'halted' | 'continuous') => {
    const stamp = { ts: exchange.time * 1_000, time: exchange.time }
    exchange.apply(
      { type: 'phase.set', symbol: SPECS[1]!.symbol, phase, reason: 'test', until: exchange.time + 60_000 },
      stamp,
    )
  }
  const publishNews = () => {
    const stamp = { ts: exchange.time * 1_000, time: exchange.time }
    exchange.apply({ type: 'news.publish', headline: 'Halted', symbols: [SPECS[1]!.symbol], severity: 'alert' }, stamp)
  }
  const events: FeedEvent[] = []
  const runUntil = (time: number) => {
    while (market.step(time));
    events.push(...market.takeEvents())
  }
  runUntil((startTime + endTime) / 2)
  setPhase('halted')
  publishNews()
  runUntil(endTime - 20_000)
  setPhase('continuous')
  runUntil(endTime)
  const state = {
    specs: SPECS,
    instruments: SPECS.map((spec, index) => readInstrument(exchange, spec, index)),
  } as unknown as VenueState
  const { length } = events
  runUntil(endTime + 30_000)
  const all = events.map(encodeEvent)
  return { encoded: all.slice(0, length), later: all.slice(length), state }
}

function reduceAll(encoded: readonly EncodedEvent[]): FeedView {
  const view = new FeedView(SPECS, untouched)
  for (const event of encoded) view.apply(decodeEvent(event))
  return view
}

function restore(journal: Journal, state: VenueState, head: number): Promise<FeedView> {
  return restoreView(
    state,
    async (symbol, event, limit) => journal.history(symbol, event, head + 1, limit),
    async (symbol, before, limit) => journal.history(symbol, 'candle', before, limit),
  )
}

function writeJournal(events: readonly EncodedEvent[]): Journal {
  const journal = new MemoryJournal()
  journal.append({ commands: [], events, privateEvents: [], source: null })
  return journal
}

const WHOLE = { from: 0, to: Number.POSITIVE_INFINITY, limit: 5_000 }

async function assertSame(view: FeedView, expected: FeedView, intervals: readonly Interval[]): Promise<void> {
  const snapshot = expected.snapshot('k3f9-1', ALL)
  assert.deepEqual(view.snapshot('k3f9-1', ALL), snapshot)
  assert.equal(snapshot.news?.length, 1)
  for (const { symbol } of SPECS) {
    const [one, other] = [view.instrument(symbol)!, expected.instrument(symbol)!]
    assert.deepEqual(one.describe(), other.describe())
    for (const interval of intervals) {
      const wanted = (await other.bars(interval, WHOLE)).bars
      assert.ok(wanted.length > 0)
      assert.deepEqual((await one.bars(interval, WHOLE)).bars, wanted, `${symbol} ${interval}`)
    }
  }
}

const RUNS: readonly [name: string, startTime: number, endTime: number][] = [
  ['within a day', MIDNIGHT + 3_600_000, MIDNIGHT + 3_600_000 + 400_000],
  ['over midnight', MIDNIGHT - 200_000, MIDNIGHT + 190_500],
  ['just before midnight', MIDNIGHT - 200_000, MIDNIGHT - 1],
  ['just after midnight', MIDNIGHT - 200_000, MIDNIGHT + 2_000],
  ['not a minute long', MIDNIGHT + 60_000, MIDNIGHT + 85_000],
]

for (const [name, startTime, endTime] of RUNS) {
  describe(`a market ${name}`, () => {
    const { encoded, later, state } = trade(startTime, endTime)
    const expected = reduceAll(encoded)

    test('is the same from its journal as from the whole log', async () => {
      const journal = writeJournal(encoded)
      await assertSame(await restore(journal, state, encoded.length), expected, ['1s', '1m', '5m', '1h', '1d'])
    })

    test('stays the same with the events that follow', async () => {
      const restored = await restore(writeJournal(encoded), state, encoded.length)
      assert.ok(later.length > 20)
      for (const event of later) restored.apply(decodeEvent(event))
      await assertSame(restored, reduceAll([...encoded, ...later]), ['1s', '1m', '5m', '1h', '1d'])
    })

    test('is the same when the journal has forgotten all but the newest events', async () => {
      const journal = writeJournal(encoded)
      journal.forget(20)
      assert.equal(journal.oldest(), encoded.length - 19)
      // Bars of seconds are reduced from trades alone, which are forgotten.
      await assertSame(await restore(journal, state, encoded.length), expected, ['1m', '5m', '1h', '1d'])
    })
  })
}

test('a market that has not traded has its previous close and nothing else', async () => {
  const state = { specs: SPECS, instruments: untouched } as unknown as VenueState
  const view = await restore(writeJournal([]), state, 0)
  assert.deepEqual(view.snapshot('k3f9-0', ALL), reduceAll([]).snapshot('k3f9-0', ALL))
  assert.equal(view.instrument('VELTR')?.ticker.day.previousClose, 184.2)
  assert.deepEqual((await view.instrument('VELTR')!.bars('1m', WHOLE)).bars, [])
})

describe('a market that has run for days', () => {
  const [spec] = SPECS as [InstrumentSpec, ...InstrumentSpec[]]
  const only = [untouched[0]!]
  const minute = (number: number): FeedEvent => {
    const price = toPrice(spec, spec.previousCloseTicks + (number % 7))
    const [time, bar] = [MIDNIGHT + number * 60_000, { open: price, high: price, low: price, close: price }]
    const stamp = { seq: number + 1, ts: time * 1_000, symbol: spec.symbol, interval: '1m' as const }
    return { event: 'candle', data: { ...stamp, time, ...bar, volume: 10, vwap: price, trades: 1 } }
  }
  const events = Array.from({ length: 4_000 }, (_, number) => minute(number))
  const past: PastSettings = { seed: 9, openTime: MIDNIGHT, days: 1, hours: null }
  const stateOf = (more: object) => ({ specs: [spec], instruments: only, ...more }) as unknown as VenueState

  test('has its older minutes in the journal, and before them those of the past', async () => {
    const view = await restore(writeJournal(events.map(encodeEvent)), stateOf({ past }), events.length)
    const read = async (range: object) => view.instrument(spec.symbol)!.bars('1m', { ...WHOLE, ...range })
    const timesOf = (bars: readonly Bar[]) => bars.map(({ time }) => (time - MIDNIGHT) / 60_000)
    assert.deepEqual(timesOf((await read({ to: MIDNIGHT + 60_000 * 100, limit: 3 })).bars), [97, 98, 99])
    const first = await read({ to: MIDNIGHT + 60_000, limit: 2 })
    assert.deepEqual(timesOf(first.bars), [-1, 0])
    assert.equal(first.bars[0]!.close, 184.2)
    const { bars, beginning } = await read({ to: MIDNIGHT, limit: 5_000 })
    assert.deepEqual([bars.length, beginning], [1_440, MIDNIGHT - 86_400_000])
  })

  test('has the day of its last trade, not that of its past', async () => {
    const journal = writeJournal(events.map(encodeEvent))
    const [whole, restored] = [
      await restore(journal, stateOf({}), 4_000),
      await restore(journal, stateOf({ past }), 4_000),
    ]
    const { day } = restored.instrument(spec.symbol)!.ticker
    assert.deepEqual(day, whole.instrument(spec.symbol)!.ticker.day)
    assert.deepEqual([day.volume, day.previousClose], [10 * (4_000 - 2 * 1_440), toPrice(spec, 18_420 + (2_879 % 7))])
  })

  test('begins with the day of its past, to which the first trades belong', async () => {
    const openTime = MIDNIGHT + 600 * 60_000
    const view = await restore(writeJournal([]), stateOf({ past: { ...past, openTime } }), 0)
    const instrument = view.instrument(spec.symbol)!
    const opening = instrument.ticker.day
    const { bars } = await instrument.bars('1d', WHOLE)
    assert.deepEqual([opening.open, opening.high, opening.low], [bars[1]!.open, bars[1]!.high, bars[1]!.low])
    assert.deepEqual([opening.volume, opening.previousClose], [bars[1]!.volume, bars[0]!.close])
    assert.equal(instrument.ticker.lastTrade, null)
    const stamp = { seq: 1, ts: openTime * 1_000, time: openTime, symbol: spec.symbol }
    instrument.apply({ event: 'trade', data: { ...stamp, tradeId: 1, price: 900, size: 5, aggressor: 'buy' } })
    assert.deepEqual(instrument.ticker.day, { ...opening, high: 900, volume: opening.volume + 5 })
  })
})
