// The journal in memory where it must agree with the port and server/src/journal/memory-journal.test.ts does not look:
// bounds, what it keeps, and that it shares no state. That one compares it with the journal in SQLite.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent } from '../messages.ts'
import type { Checkpoint, Flush } from './journal.ts'
import { MemoryJournal } from './memory-journal.ts'

const EMPTY: Flush = { commands: [], events: [], privateEvents: [], source: null }
const event = (seq: number, kind: FeedEventName = 'book', symbol: string | null = 'PPR'): EncodedEvent => ({
  seq,
  event: kind,
  symbol,
  data: `{"seq":${seq}}`,
})
const command = (number: number) =>
  ({ number, stamp: { ts: number, time: number }, command: { type: 'clock.advance' } }) as const
const checkpoint = (number: number, market: unknown = {}): Checkpoint => ({
  number,
  seq: number * 10,
  hash: `${number}`,
  version: 1,
  market,
  changes: [{ part: 'order', id: number, body: `${number}` }],
})
const seqsOf = (events: readonly EncodedEvent[]) => events.map(({ seq }) => seq)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('append', () => {
  test('takes a flush of any size', () => {
    const journal = new MemoryJournal()
    journal.append({ ...EMPTY, events: upTo(1, 300_000).map(seq => event(seq)) })
    assert.equal(journal.head(), 300_000)
  })

  test('stores all of a flush or nothing', () => {
    const journal = new MemoryJournal()
    const source: { self?: object } = {}
    source.self = source
    assert.throws(() => journal.append({ ...EMPTY, commands: [command(1)], events: [event(1)], source }))
    assert.deepEqual([journal.head(), journal.lastCommand, journal.source()], [0, 0, undefined])
  })

  test('stores the state of the source and of a checkpoint as they are then', () => {
    const journal = new MemoryJournal()
    const state = { at: 1 }
    journal.append({ ...EMPTY, source: state, checkpoint: checkpoint(1, state) })
    state.at = 2
    assert.deepEqual(journal.source(), { at: 1 })
    ;(journal.checkpoint('newest')!.market as typeof state).at = 3
    assert.deepEqual(journal.checkpoint('newest')!.market, { at: 1 })
  })
})

describe('forget', () => {
  /** Five commands with ten events and a checkpoint each. */
  function createLong(): MemoryJournal {
    const journal = new MemoryJournal()
    for (let number = 1; number <= 5; number++) {
      const events = upTo(number * 10 - 9, number * 10).map(seq => event(seq, seq % 10 === 5 ? 'candle' : 'book'))
      journal.append({ ...EMPTY, commands: [command(number)], events })
      journal.writeCheckpoint(checkpoint(number))
    }
    return journal
  }

  test('keeps the newest events, candles, and two checkpoints with the commands after the older one', () => {
    const journal = createLong()
    journal.forget(12)
    assert.deepEqual([journal.oldest(), journal.head(), journal.lastCommand], [39, 50, 5])
    assert.deepEqual(seqsOf(journal.eventsFrom(0, 100)), upTo(39, 50))
    assert.deepEqual(seqsOf(journal.history('PPR', 'candle', 51, 100)), [45, 35, 25, 15, 5])
    assert.deepEqual([journal.checkpoint('oldest')?.number, journal.checkpoint('newest')?.number], [4, 5])
    assert.deepEqual(
      [...journal.commandsAfter(0)].map(({ number }) => number),
      [5],
    )
    const idsOf = (which: 'oldest' | 'newest') =>
      journal
        .checkpoint(which)!
        .rows()
        .map(({ id }) => id)
    assert.deepEqual([idsOf('oldest'), idsOf('newest')], [upTo(1, 4), upTo(1, 5)])
    journal.forget(1_000)
    assert.equal(journal.oldest(), 39, 'what is forgotten stays forgotten')
  })

  test('keeps what a feed restores its view from: news, last quotes and trades, trades of the open minute', () => {
    const journal = new MemoryJournal()
    const kinds: readonly [FeedEventName, string | null][] = [
      ['trade', 'QUIET'], // 1: in a minute that closed
      ['candle', 'QUIET'], // 2
      ['trade', 'QUIET'], // 3: in the open minute
      ['quote', 'QUIET'], // 4: an older quote
      ['trade', 'QUIET'], // 5: the last trade
      ['quote', 'QUIET'], // 6: the last quote
      ['book', 'QUIET'], // 7
      ['trade', 'STILL'], // 8: the last trade, in a minute that closed
      ['candle', 'STILL'], // 9
      ['news', null], // 10
    ]
    journal.append({ ...EMPTY, events: kinds.map(([kind, symbol], i) => event(i + 1, kind, symbol)) })
    journal.forget(0)
    const kept = (symbol: string | null, kind: FeedEventName) => seqsOf(journal.history(symbol, kind, 11, 5))
    assert.deepEqual([kept('QUIET', 'trade'), kept('QUIET', 'candle'), kept('QUIET', 'quote')], [[5, 3], [2], [6]])
    assert.deepEqual([kept('STILL', 'trade'), kept('STILL', 'candle'), kept(null, 'news')], [[8], [9], [10]])
    assert.deepEqual(seqsOf(journal.eventsFrom(0, 100)), [])
    assert.deepEqual([journal.oldest(), journal.head()], [11, 10])
  })

  test('does not change the head, also when no event is left', () => {
    const journal = new MemoryJournal()
    journal.append({ ...EMPTY, events: upTo(1, 5).map(seq => event(seq)) })
    journal.forget(0)
    assert.deepEqual([journal.eventsFrom(0, 10), journal.head(), journal.oldest()], [[], 5, 6])
    journal.append({ ...EMPTY, events: [event(6)] })
    assert.equal(journal.head(), 6)
  })
})

test('reading the order archive of an unknown account changes nothing', () => {
  const { orders } = new MemoryJournal()
  const none = { ids: 0, ended: 0, counted: 0, firstSeq: null }
  assert.deepEqual([orders.rowsOf('eve'), orders.endedOrders('eve', 10, 10)], [none, []])
})

test('private events from before a time are forgotten, also in a journal that is saved', () => {
  const journal = new MemoryJournal()
  const privateEvents = [1, 2, 3].map(seq => ({ accountId: 'ann', seq, data: `{"seq":${seq},"ts":${seq * 10}}` }))
  journal.append({ commands: [], events: [], privateEvents, source: null })
  journal.forget(1_000, 25)
  const restored = new MemoryJournal(structuredClone(journal.save()))
  assert.deepEqual(
    restored.privateEvents('ann', 1, 10).map(({ seq }) => seq),
    [3],
  )
  assert.deepEqual([restored.privateOldest('ann'), restored.privateOldest('bob')], [3, 1])
})

test('private events that changed cash are kept for the ledger alone', () => {
  const journal = new MemoryJournal()
  const texts = [
    '{"type":"balance","seq":1,"ts":10}',
    '{"type":"queue","seq":2,"ts":20}',
    '{"type":"queue","seq":3,"ts":30}',
  ]
  const privateEvents = texts.map((data, i) => ({ accountId: 'ann', seq: i + 1, data }))
  journal.append({ commands: [], events: [], privateEvents, source: null })
  const seqs = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq)
  for (const sinceUs of [15, 25]) journal.forget(1_000, sinceUs)
  assert.deepEqual(seqs(journal.privateEvents('ann', 1, 10)), [3])
  assert.deepEqual(seqs(journal.cashEvents('ann', 10, 10)), [1])
})
