// Conflation over random events and times: no symbol's quote or book leaves more often than asked for, the newest state
// always does, nothing is counted twice or lost, and a folded book does what the single ones did.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Book, BookView, type LevelChange } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import type { EncodedEvent } from '@papertape/venue'
import fc from 'fast-check'
import { Conflation, mergeBooks } from './conflation.ts'
import type { Frame } from './frame.ts'

interface Folded {
  readonly seq: number
  readonly symbol: string
  readonly folded: number
}

const anyStep = fc.record({
  waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 400 })),
  symbol: fc.constantFrom('PPR', 'TAPE'),
  event: fc.constantFrom('quote', 'book'),
  changes: fc.array(
    fc.tuple(fc.constantFrom('bid', 'ask'), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 3 })),
    { minLength: 1, maxLength: 4 },
  ),
})
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 120, size: 'max' })

/** The steps as a log: each with its time, and books that follow one another. */
function toLog(steps: readonly (typeof anyStep extends fc.Arbitrary<infer S> ? S : never)[]) {
  const bookSeqs = new Map<string, number>()
  let timeMs = 0
  return steps.map(({ waitMs, symbol, event, changes }, i) => {
    timeMs += waitMs
    const seq = i + 1
    const stamp = { seq, ts: seq, time: seq, symbol }
    const prevSeq = bookSeqs.get(symbol) ?? 0
    const book: Book = { ...stamp, prevSeq, changes: changes as LevelChange[], checksum: seq }
    if (event === 'book') bookSeqs.set(symbol, seq)
    const data = event === 'book' ? book : { ...stamp, bid: seq, bidSize: 1, ask: null, askSize: 0 }
    const encoded: EncodedEvent = { seq, event, symbol, data: JSON.stringify(data) }
    return { timeMs, encoded }
  })
}
type Log = ReturnType<typeof toLog>

/** Runs a log through, waking up whenever something is due; what left, and when. */
function conflate(log: Log, maxHz: number): { atMs: number; frame: Frame }[] {
  const conflation = new Conflation(maxHz)
  const left: { atMs: number; frame: Frame }[] = []
  const wakeUntil = (untilMs: number) => {
    for (let dueMs = conflation.nextDueMs(); dueMs !== undefined && dueMs <= untilMs; dueMs = conflation.nextDueMs()) {
      // A division may leave the last digit short of due: a timer would wake a little later again.
      const atMs = dueMs + 1e-6
      for (const frame of conflation.due(atMs)) left.push({ atMs, frame })
    }
  }
  for (const { timeMs, encoded } of log) {
    wakeUntil(timeMs)
    const frame = conflation.add(encoded, timeMs)
    if (frame !== undefined) left.push({ atMs: timeMs, frame })
  }
  wakeUntil(Number.MAX_SAFE_INTEGER)
  assert.deepEqual([conflation.nextDueMs(), conflation.due()], [undefined, []])
  return left
}

const keyOf = ({ event, symbol }: { event: string; symbol: string | null }) => `${event} ${symbol}`
const byKey = (left: readonly { atMs: number; frame: Frame }[]) =>
  Map.groupBy(
    left.map(({ atMs, frame }) => ({ atMs, event: frame.event, ...(JSON.parse(frame.data) as Folded) })),
    keyOf,
  )
const anyHz = fc.constantFrom(0.1, 1, 3, 10, 60)

describe('conflated, each quote and each book', () => {
  test('leaves at most so often', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        for (const sent of byKey(conflate(toLog(steps), maxHz)).values()) {
          sent.slice(1).forEach(({ atMs }, i) => {
            assert.ok(atMs - sent[i]!.atMs >= 1_000 / maxHz - 1e-5, `${atMs - sent[i]!.atMs} ms at ${maxHz} Hz`)
          })
        }
      }),
    )
  })

  test('leaves at once when nothing left before, else when its time has come, and not later', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const log = toLog(steps)
        for (const [key, sent] of byKey(conflate(log, maxHz))) {
          const given = log.filter(({ encoded }) => keyOf(encoded) === key)
          assert.equal(sent[0]!.atMs, given[0]!.timeMs)
          for (const { timeMs, encoded } of given) {
            const carrier = sent.find(({ seq }) => seq >= encoded.seq)!
            assert.ok(carrier.atMs - timeMs <= 1_000 / maxHz + 1e-5, `waited ${carrier.atMs - timeMs} ms`)
          }
        }
      }),
    )
  })

  test('ends with the newest state, and counts every event once', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const log = toLog(steps)
        const given = Map.groupBy(log, ({ encoded }) => keyOf(encoded))
        const sent = byKey(conflate(log, maxHz))
        assert.deepEqual([...sent.keys()].sort(), [...given.keys()].sort())
        for (const [key, events] of given) {
          const frames = sent.get(key)!
          assert.equal(frames.at(-1)!.seq, events.at(-1)!.encoded.seq)
          let from = 0
          for (const { seq, folded } of frames) {
            const upTo = events.findIndex(({ encoded }) => encoded.seq === seq) + 1
            assert.equal(folded, upTo - from, `${key} ${seq}`)
            from = upTo
          }
        }
      }),
    )
  })

  test('has no position of its own: resuming there would skip what was folded elsewhere', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, steps => {
        assert.ok(conflate(toLog(steps), 10).every(({ frame }) => frame.id === undefined))
      }),
    )
  })
})

describe('folded books', () => {
  test('do what the single ones did, and follow one another without a gap', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const log = toLog(steps)
        for (const symbol of ['PPR', 'TAPE']) {
          const [single, folded] = [new BookView(1), new BookView(1)]
          for (const { encoded } of log) {
            if (keyOf(encoded) === `book ${symbol}`) single.apply(JSON.parse(encoded.data))
          }
          for (const { frame } of conflate(log, maxHz)) {
            const data = JSON.parse(frame.data) as Book
            if (frame.event === 'book' && data.symbol === symbol) assert.equal(folded.apply(data), 'applied')
          }
          assert.deepEqual(folded.snapshot(), single.snapshot())
        }
      }),
    )
  })

  // 256 books are merged on the way: one fewer, just as many, one more.
  for (const last of [2, 3, 256, 257, 258, 513, 1_000]) {
    test(`stay as small as the book, and whole: ${last - 1} folded`, () => {
      const conflation = new Conflation(0.1)
      const book = (seq: number): EncodedEvent => {
        const changes = [['bid', 1 + (seq % 7), seq]]
        const data = { seq, ts: seq, time: seq, symbol: 'PPR', prevSeq: seq - 1, changes, checksum: seq }
        return { seq, event: 'book', symbol: 'PPR', data: JSON.stringify(data) }
      }
      assert.ok(conflation.add(book(1), 0) !== undefined)
      for (let seq = 2; seq <= last; seq++) assert.equal(conflation.add(book(seq), seq), undefined)
      const [frame] = conflation.due(10_000)
      const { seq, prevSeq, changes, folded, checksum } = JSON.parse(frame!.data)
      assert.deepEqual(
        [seq, prevSeq, folded, checksum, changes.length],
        [last, 1, last - 1, last, Math.min(7, last - 1)],
      )
    })
  }

  test('of one are that one', () => {
    const book: Book = { seq: 5, ts: 1, time: 1, symbol: 'PPR', prevSeq: 3, changes: [['ask', 2, 0]], checksum: 9 }
    assert.deepEqual(mergeBooks([book]), book)
  })
})

test('what is only held leaves when asked for, whole', () => {
  const conflation = new Conflation()
  for (const { encoded } of toLog(fc.sample(anySteps, { numRuns: 1, seed: 1 })[0]!)) conflation.hold(encoded)
  const frames = conflation.due()
  assert.equal(
    new Set(frames.map(({ event, data }) => keyOf({ event, symbol: JSON.parse(data).symbol }))).size,
    frames.length,
  )
  assert.deepEqual(conflation.due(), [])
})
