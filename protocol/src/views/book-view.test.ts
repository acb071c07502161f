// A reader's book against a reference book: from any snapshot, by single or merged changes, it is the same. Stale
// changes are dropped; changes after a gap are not applied.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bookChecksum } from '../checksum.ts'
import { ticksOf } from '../instruments.ts'
import type { Book, LevelChange } from '../schemas/feed/events.ts'
import { holds } from '../testing/seeded-property.ts'
import { BookView } from './book-view.ts'

const TICK = 0.05
type Levels = Map<number, number>
interface NaiveBook {
  readonly bid: Levels
  readonly ask: Levels
}

const anyChange = fc
  .tuple(fc.constantFrom('bid', 'ask'), fc.integer({ min: 980, max: 1_020 }), fc.integer({ min: 0, max: 3 }))
  .map(([side, ticks, size]): LevelChange => [side, (ticks * 500) / 10_000, size])
const anyUpdates = fc.array(fc.array(anyChange, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 40 })

function sides({ bid, ask }: NaiveBook) {
  const sorted = (levels: Levels, direction: 1 | -1) => [...levels].sort(([a], [b]) => (a - b) * direction)
  return { bids: sorted(bid, -1), asks: sorted(ask, 1) }
}

function checksumOf(book: NaiveBook): number {
  const { bids, asks } = sides(book)
  const inTicks = (levels: [number, number][]) => levels.map(([price, size]) => [ticksOf(price, TICK), size] as const)
  return bookChecksum(inTicks(bids), inTicks(asks))
}

/** The log of one book, whose events have every second number, and the book after each. */
function history(updates: readonly (readonly LevelChange[])[]) {
  const book: NaiveBook = { bid: new Map(), ask: new Map() }
  const states = [{ seq: 0, ...sides(book), checksum: checksumOf(book) }]
  const events = updates.map((changes, i): Book => {
    for (const [side, price, size] of changes) {
      if (size === 0) book[side].delete(price)
      else book[side].set(price, size)
    }
    const seq = 2 * (i + 1)
    const checksum = checksumOf(book)
    states.push({ seq, ...sides(book), checksum })
    return { seq, ts: seq, time: seq, symbol: 'PPR', prevSeq: 2 * i, changes: [...changes], checksum }
  })
  return { events, states }
}

/** Merges several events: the last size of each level, with the prevSeq of the first. */
function merge(events: readonly Book[]): Book {
  const last = events.at(-1)!
  return { ...last, prevSeq: events[0]!.prevSeq, changes: events.flatMap(({ changes }) => changes) }
}

/** Cuts a list into parts of the given lengths, repeatedly. */
function* runs<T>(items: readonly T[], lengths: readonly number[]): Generator<T[]> {
  for (let at = 0, i = 0; at < items.length; i++) {
    const length = lengths[i % lengths.length]!
    yield items.slice(at, at + length)
    at += length
  }
}

describe('a book', () => {
  test('equals the reference book after every change, with its checksum', () => {
    holds(
      import.meta.filename,
      fc.property(anyUpdates, updates => {
        const { events, states } = history(updates)
        const view = new BookView(TICK)
        events.forEach((event, i) => {
          assert.equal(view.apply(event), 'applied')
          assert.deepEqual(view.snapshot(), states[i + 1])
          assert.equal(view.checksum(), event.checksum)
        })
      }),
    )
  })

  test('from any snapshot, with merged changes that began before it, is the same', () => {
    const anyLengths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })
    holds(
      import.meta.filename,
      fc.property(anyUpdates, fc.nat(), anyLengths, (updates, nat, lengths) => {
        const { events, states } = history(updates)
        const from = states[nat % states.length]!
        const view = new BookView(TICK)
        view.reset(from)
        for (const run of runs(events, lengths)) {
          const merged = merge(run)
          assert.equal(view.apply(merged), merged.seq <= from.seq ? 'stale' : 'applied')
        }
        assert.deepEqual(view.snapshot(), states.at(-1))
      }),
    )
  })

  test('drops stale changes, stops at a gap, and is unchanged by both', () => {
    holds(
      import.meta.filename,
      fc.property(anyUpdates, fc.nat(), fc.nat(), (updates, nat, other) => {
        const { events, states } = history(updates)
        const at = nat % states.length
        const view = new BookView(TICK)
        view.reset(states[at]!)
        const event = events[other % events.length]!
        const expected = event.seq <= view.seq ? 'stale' : event.prevSeq > view.seq ? 'gap' : 'applied'
        assert.equal(view.apply(event), expected)
        assert.deepEqual(view.snapshot(), states[expected === 'applied' ? at + 1 : at])
      }),
    )
  })
})

test('removing a level that does not exist has no effect', () => {
  const view = new BookView(TICK)
  const event: Book = { seq: 1, ts: 1, time: 1, symbol: 'PPR', prevSeq: 0, changes: [['bid', 50, 0]], checksum: 0 }
  assert.equal(view.apply(event), 'applied')
  assert.deepEqual([view.bids, view.asks, view.seq], [[], [], 1])
})

test('a snapshot does not change with the book', () => {
  const view = new BookView(TICK)
  const { events, states } = history([[['bid', 50, 1]], [['bid', 50, 2]]])
  view.apply(events[0]!)
  const taken = view.snapshot()
  view.apply(events[1]!)
  assert.deepEqual(taken, states[1])
})
