// A view that is restored from the journal against one that was reduced from the whole log: the same tickers, books,
// bars and news, over midnight, after a halt, and when the journal has forgotten most of the log.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEvent, Interval } from '@papertape/protocol'
import { createSimulatedMarket, createSimulation, selectInstruments } from '@papertape/simulators'
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
    exchange.apply({ type: 'phase.set', symbol: SPECS[1]!.symbol, phase, reason: 'test', until: null }, stamp)
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
  return restoreView(state, async (symbol, event, limit) => journal.history(symbol, event, head + 1, limit))
}

function writeJournal(events: readonly EncodedEvent[]): Journal {
  const journal = new MemoryJournal()
  journal.append({ commands: [], events, privateEvents: [], source: null })
  return journal
}

function assertSame(view: FeedView, expected: FeedView, intervals: readonly Interval[]): void {
  const snapshot = expected.snapshot('k3f9-1', ALL)
  assert.deepEqual(view.snapshot('k3f9-1', ALL), snapshot)
  assert.equal(snapshot.news?.length, 1)
  for (const { symbol } of SPECS) {
    const [one, other] = [view.instrument(symbol)!, expected.instrument(symbol)!]
    assert.deepEqual(one.describe(), other.describe())
    for (const interval of intervals) {
      assert.ok(other.bars(interval).length > 0)
      assert.deepEqual(one.bars(interval), other.bars(interval), `${symbol} ${interval}`)
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
      assertSame(await restore(journal, state, encoded.length), expected, ['1s', '1m', '5m', '1h', '1d'])
    })

    test('stays the same with the events that follow', async () => {
      const restored = await restore(writeJournal(encoded), state, encoded.length)
      assert.ok(later.length > 20)
      for (const event of later) restored.apply(decodeEvent(event))
      assertSame(restored, reduceAll([...encoded, ...later]), ['1s', '1m', '5m', '1h', '1d'])
    })

    test('is the same when the journal has forgotten all but the newest events', async () => {
      const journal = writeJournal(encoded)
      journal.forget(20)
      assert.equal(journal.oldest(), encoded.length - 19)
      // Bars of seconds are reduced from trades alone, which are forgotten.
      assertSame(await restore(journal, state, encoded.length), expected, ['1m', '5m', '1h', '1d'])
    })
  })
}

test('a market that has not traded has its previous close and nothing else', async () => {
  const state = { specs: SPECS, instruments: untouched } as unknown as VenueState
  const view = await restore(writeJournal([]), state, 0)
  assert.deepEqual(view.snapshot('k3f9-0', ALL), reduceAll([]).snapshot('k3f9-0', ALL))
  assert.equal(view.instrument('VELTR')?.ticker.day.previousClose, 184.2)
  assert.deepEqual(view.instrument('VELTR')?.bars('1m'), [])
})
