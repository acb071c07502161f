// Conflation of random events at random times: what waits leaves together and no more often than asked for, the newest
// state always leaves, each event is counted once, and a merged book has the effect of the single ones.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Book, BookView, type LevelChange } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { PublishedEvent } from '../log/published-event.ts'
import { Conflation } from './conflation.ts'
import type { Frame } from './frame.ts'
import { MergedBooks } from './merged-books.ts'

interface Conflated {
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

/** A log of the steps: events with their times, and books that follow one another. */
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
    return { timeMs, published: new PublishedEvent({ seq, event, symbol, data: JSON.stringify(data) }) }
  })
}
type Log = ReturnType<typeof toLog>

/** The frames that a log is conflated to, and when each left. */
function conflate(log: Log, maxHz: number): { atMs: number; frame: Frame }[] {
  const conflation = new Conflation(new MergedBooks(), maxHz)
  const left: { atMs: number; frame: Frame }[] = []
  const flushUntil = (untilMs: number) => {
    for (let dueMs = conflation.nextDueMs(); dueMs !== undefined && dueMs <= untilMs; dueMs = conflation.nextDueMs()) {
      // A division may be off in the last digit: a timer would be set again.
      const atMs = dueMs + 1e-6
      for (const frame of conflation.flushDue(atMs)) left.push({ atMs, frame })
    }
  }
  for (const { timeMs, published } of log) {
    flushUntil(timeMs)
    conflation.add(published)
    for (const frame of conflation.flushDue(timeMs)) left.push({ atMs: timeMs, frame })
  }
  flushUntil(Number.MAX_SAFE_INTEGER)
  assert.deepEqual([conflation.nextDueMs(), conflation.flushDue()], [undefined, []])
  return left
}

const keyOf = ({ event, symbol }: { event: string; symbol: string | null }) => `${event} ${symbol}`
const dataOf = ({ event, data }: Frame) => ({ event, ...(JSON.parse(data) as Conflated) })
const byKey = (left: readonly { atMs: number; frame: Frame }[]) =>
  Map.groupBy(
    left.map(({ frame }) => dataOf(frame)),
    keyOf,
  )
const anyHz = fc.constantFrom(0.1, 1, 3, 10, 60)

describe('each conflated quote and book', () => {
  test('leaves at most so often, and with all that waits then', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const left = conflate(toLog(steps), maxHz)
        const times = [...new Set(left.map(({ atMs }) => atMs))]
        times.slice(1).forEach((atMs, i) => {
          assert.ok(atMs - times[i]! >= 1_000 / maxHz - 1e-5, `${atMs - times[i]!} ms at ${maxHz} Hz`)
        })
        assert.equal(new Set(left.map(({ atMs, frame }) => `${atMs} ${keyOf(dataOf(frame))}`)).size, left.length)
      }),
    )
  })

  test('leaves at once after a pause, else when the period is over', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const log = toLog(steps)
        const left = conflate(log, maxHz)
        const periodMs = 1_000 / maxHz
        for (const { timeMs, published } of log) {
          const isCarrier = ({ frame }: { frame: Frame }) => {
            const data = dataOf(frame)
            return data.seq >= published.seq && keyOf(data) === keyOf(published)
          }
          const { atMs } = left.find(isCarrier)!
          const before = left.findLast(other => other.atMs < atMs)?.atMs ?? Number.NEGATIVE_INFINITY
          const dueMs = Math.max(timeMs, before + periodMs)
          assert.ok(Math.abs(atMs - dueMs) < 1e-5, `event ${published.seq} left at ${atMs}, and was due at ${dueMs}`)
        }
      }),
    )
  })

  test('ends with the newest state, and counts every event once', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const log = toLog(steps)
        const given = Map.groupBy(log, ({ published }) => keyOf(published))
        const sent = byKey(conflate(log, maxHz))
        assert.deepEqual([...sent.keys()].sort(), [...given.keys()].sort())
        for (const [key, events] of given) {
          const frames = sent.get(key)!
          assert.equal(frames.at(-1)!.seq, events.at(-1)!.published.seq)
          let from = 0
          for (const { seq, folded } of frames) {
            const upTo = events.findIndex(({ published }) => published.seq === seq) + 1
            assert.equal(folded, upTo - from, `${key} ${seq}`)
            from = upTo
          }
        }
      }),
    )
  })

  test('has no position: resuming there would skip events of other symbols', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, steps => {
        assert.ok(conflate(toLog(steps), 10).every(({ frame }) => frame.id === undefined))
      }),
    )
  })
})

describe('merged books', () => {
  test('have the effect of the single ones, and follow one another without a gap', () => {
    holds(
      import.meta.filename,
      fc.property(anySteps, anyHz, (steps, maxHz) => {
        const log = toLog(steps)
        for (const symbol of ['PPR', 'TAPE']) {
          const [single, merged] = [new BookView(1), new BookView(1)]
          for (const { published } of log) {
            if (keyOf(published) === `book ${symbol}`) single.apply(JSON.parse(published.data))
          }
          for (const { frame } of conflate(log, maxHz)) {
            const data = JSON.parse(frame.data) as Book
            if (frame.event === 'book' && data.symbol === symbol) assert.equal(merged.apply(data), 'applied')
          }
          assert.deepEqual(merged.snapshot(), single.snapshot())
        }
      }),
    )
  })

  // 256 waiting books are merged into one: one fewer, just as many, one more.
  for (const last of [2, 3, 256, 257, 258, 513, 1_000]) {
    test(`are no larger than the book, and complete: ${last - 1} merged`, () => {
      const conflation = new Conflation(new MergedBooks(), 0.1)
      const book = (seq: number) => {
        const changes = [['bid', 1 + (seq % 7), seq]]
        const data = { seq, ts: seq, time: seq, symbol: 'PPR', prevSeq: seq - 1, changes, checksum: seq }
        return new PublishedEvent({ seq, event: 'book', symbol: 'PPR', data: JSON.stringify(data) })
      }
      conflation.add(book(1))
      assert.equal(conflation.flushDue(0).length, 1)
      for (let seq = 2; seq <= last; seq++) {
        conflation.add(book(seq))
        assert.deepEqual(conflation.flushDue(seq), [])
      }
      const [frame] = conflation.flushDue(10_000)
      const { seq, prevSeq, changes, folded, checksum } = JSON.parse(frame!.data)
      assert.deepEqual(
        [seq, prevSeq, folded, checksum, changes.length],
        [last, 1, last - 1, last, Math.min(7, last - 1)],
      )
    })
  }
})

test('what is added without a flush leaves with the next flush, each quote and book once', () => {
  const conflation = new Conflation(new MergedBooks())
  for (const { published } of toLog(fc.sample(anySteps, { numRuns: 1, seed: 1 })[0]!)) conflation.add(published)
  const frames = conflation.flushDue()
  assert.equal(
    new Set(frames.map(({ event, data }) => keyOf({ event, symbol: JSON.parse(data).symbol }))).size,
    frames.length,
  )
  assert.deepEqual(conflation.flushDue(), [])
})
