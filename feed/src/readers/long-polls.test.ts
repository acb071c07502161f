// Long polls on a manual clock: what each is answered with and when, and how a wait ends.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedRequest, PollAnswer } from '@papertape/protocol'
import { createFeed } from '../testing/test-feed.ts'

const RAW: FeedRequest = {
  symbols: [],
  events: ['trade', 'quote', 'book', 'status'],
  books: [],
  maxHz: null,
  snapshot: true,
  last: undefined,
}
const WAIT_MS = 25_000
/** Promises of a page follow one another. */
const settled = () => new Promise(setImmediate)

function createPolls(given: Parameters<typeof createFeed>[0] = {}) {
  const hub = createFeed(given)
  /** The answer when there is one. */
  const poll = (request: Partial<FeedRequest> = {}, waitMs = WAIT_MS) => {
    const answered: { answer?: PollAnswer; atMs?: number; error?: unknown } = {}
    const held = hub.feed.poll({ ...RAW, ...request }, waitMs)!
    held.answer.then(
      json => {
        Object.assign(answered, { answer: JSON.parse(json), atMs: hub.clock.nowMs() })
        held.close()
      },
      error => Object.assign(answered, { error }),
    )
    return { answered, close: held.close }
  }
  /** Lets time pass, with the promises that timers settle. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      hub.pass(10)
      await settled()
    }
  }
  return { ...hub, poll, pass }
}

const seqsOf = (answer: PollAnswer | undefined) => answer?.events.map(({ data }) => (data as { seq: number }).seq)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('a poll without a position that can be resumed', () => {
  test('is answered at once with a snapshot', async () => {
    const { poll, publish } = createPolls()
    publish(7)
    const { answered } = poll({ symbols: ['PPR'] })
    await settled()
    assert.deepEqual([answered.answer!.last, answered.answer!.events], ['k3f9-7', []])
    assert.deepEqual(Object.keys(answered.answer!), ['last', 'snapshot', 'events'])
    assert.deepEqual(
      [answered.answer!.snapshot!.id, answered.answer!.snapshot!.instruments.map(({ symbol }) => symbol)],
      ['k3f9-7', ['PPR']],
    )
  })

  for (const [last, reason] of [
    ['nonsense', 'bad-id'],
    ['zzzz-5', 'epoch'],
    ['k3f9-2001', 'ahead'],
    ['k3f9-999', 'expired'],
  ] as const) {
    test(`${reason}: is answered at once with a reset and a snapshot`, async () => {
      const { poll, publish } = createPolls({ eventsKept: 1_000 })
      publish(2_000)
      const { answered } = poll({ last })
      await settled()
      const { reset, snapshot, events } = answered.answer!
      assert.deepEqual(reset, { reason, requested: last, epoch: 'k3f9', oldest: 1_001, head: 2_000 })
      assert.deepEqual([snapshot!.id, events], ['k3f9-2000', []])
    })
  }
})

describe('a raw poll', () => {
  test('is answered at once with the events after its position, at most 512 at a time', async () => {
    const { poll, publish } = createPolls()
    publish(700)
    const first = poll({ last: 'k3f9-0' }).answered
    await settled()
    assert.deepEqual([first.answer!.last, seqsOf(first.answer)], ['k3f9-512', upTo(1, 512)])
    assert.deepEqual(
      first.answer!.events.map(({ id }) => id),
      upTo(1, 512).map(seq => `k3f9-${seq}`),
    )
    const second = poll({ last: first.answer!.last }).answered
    await settled()
    assert.deepEqual([second.answer!.last, seqsOf(second.answer)], ['k3f9-700', upTo(513, 700)])
  })

  test('reads the journal where the memory ends', async () => {
    const { poll, publish } = createPolls({ old: 100 })
    publish(10)
    const { answered } = poll({ last: 'k3f9-50' })
    await settled()
    assert.deepEqual(seqsOf(answered.answer), upTo(51, 110))
  })

  test('at the head waits for the next event that its filter includes', async () => {
    const { poll, publish, pass } = createPolls()
    publish(10)
    const { answered } = poll({ last: 'k3f9-10', events: ['status'] })
    await pass(1_000)
    publish(3)
    await pass(1_000)
    assert.equal(answered.answer, undefined)
    // Status is each fifth event, at 4, 9, 14.
    publish(1)
    await settled()
    assert.deepEqual([answered.answer!.last, seqsOf(answered.answer)], ['k3f9-14', [14]])
  })

  test('is answered with an empty page at its deadline, at the position that it has covered', async () => {
    const { poll, publish, pass, clock, feed } = createPolls()
    publish(10)
    const startMs = clock.nowMs()
    const { answered } = poll({ last: 'k3f9-10', events: ['news'] })
    await pass(WAIT_MS - 10)
    publish(7)
    assert.deepEqual([answered.answer, feed.polls], [undefined, 1])
    await pass(20)
    assert.deepEqual(answered.answer, { last: 'k3f9-17', events: [] })
    assert.equal(answered.atMs, startMs + WAIT_MS)
    assert.equal(feed.polls, 0)
  })

  test('covers all events up to its deadline, also more than a page of them', async () => {
    const { poll, publish, pass } = createPolls()
    publish(10)
    const { answered } = poll({ last: 'k3f9-10', events: ['news'] })
    await pass(WAIT_MS - 10)
    publish(700)
    await pass(20)
    assert.deepEqual(answered.answer, { last: 'k3f9-710', events: [] })
  })

  test('is answered with a reset when its events are gone from the journal meanwhile', async () => {
    const { poll, log, publish } = createPolls({ old: 100 })
    publish(1)
    log.inJournal = async () => undefined
    const { answered } = poll({ last: 'k3f9-50' })
    await settled()
    const { reset, snapshot } = answered.answer!
    assert.deepEqual([reset!.reason, reset!.requested, snapshot!.id], ['expired', 'k3f9-50', 'k3f9-101'])
  })

  test('fails when a page cannot be read', async () => {
    const { poll, breakJournal } = createPolls({ old: 100 })
    breakJournal()
    const { answered } = poll({ last: 'k3f9-50' })
    await settled()
    assert.match(`${answered.error}`, /the page cannot be read/)
  })
})

describe('a conflated poll', () => {
  test('is answered with what is never conflated in order, then each quote and book once', async () => {
    const { poll, publish, written } = createPolls()
    publish(40)
    const { answered } = poll({ last: 'k3f9-0', maxHz: 10 })
    await settled()
    const isConflated = ({ event }: { event: string }) => ['quote', 'book'].includes(event)
    const events = answered.answer!.events.map(({ id, event, data }) => [id, event, (data as { seq: number }).seq])
    const unconflated = written.filter(event => !isConflated(event))
    assert.deepEqual(
      events.slice(0, unconflated.length),
      unconflated.map(({ seq, event }) => [`k3f9-${seq}`, event, seq]),
    )
    const newest = [...new Map(written.filter(isConflated).map(one => [`${one.event} ${one.symbol}`, one])).values()]
    assert.deepEqual(
      events.slice(unconflated.length).sort(),
      newest.map(({ event, seq }) => [undefined, event, seq]).sort(),
    )
  })

  test('with quotes and books alone is answered after one period, with an event that is never conflated at once', async () => {
    const { poll, publish, pass, clock } = createPolls()
    publish(10)
    const request = { last: 'k3f9-10', maxHz: 1 }
    const startMs = clock.nowMs()
    const quotes = poll({ ...request, events: ['quote', 'book'] }).answered
    const all = poll(request).answered
    // A book, a quote and a book; the next event is a status.
    publish(3)
    await pass(500)
    assert.deepEqual([quotes.answer, all.answer], [undefined, undefined])
    publish(1)
    await settled()
    assert.equal(all.atMs, startMs + 500)
    assert.equal(all.answer!.last, 'k3f9-14')
    assert.equal(quotes.answer, undefined)
    await pass(500)
    assert.equal(quotes.atMs, startMs + 1_000)
    assert.ok(quotes.answer!.events.length >= 2 && quotes.answer!.events.every(({ id }) => id === undefined))
  })
})

describe('a wait', () => {
  test('ends when the feed closes, with the position that was covered; later polls do not wait', async () => {
    const { poll, feed, publish } = createPolls()
    publish(10)
    const held = [1, 2].map(() => poll({ last: 'k3f9-10', events: ['news'] }).answered)
    await settled()
    publish(2)
    feed.close(() => 500)
    held.push(poll({ last: 'k3f9-12', events: ['news'] }).answered)
    await settled()
    for (const { answer } of held) assert.deepEqual(answer, { last: 'k3f9-12', events: [] })
    assert.equal(feed.polls, 0)
  })

  test('ends when the reader has gone, and frees its place', async () => {
    const { poll, feed, publish } = createPolls()
    publish(10)
    const { close } = poll({ last: 'k3f9-10' })
    await settled()
    assert.equal(feed.polls, 1)
    close()
    assert.equal(feed.polls, 0)
  })

  test('for the same page has it built once, however many polls wait', async t => {
    const { poll, publish, feed } = createPolls({ streamsMax: 100 })
    publish(10)
    const polls = Array.from({ length: 50 }, () => poll({ last: 'k3f9-10', events: ['book'], maxHz: 60 }).answered)
    await settled()
    assert.equal(feed.polls, 50)
    const parse = t.mock.method(JSON, 'parse')
    publish(5)
    feed.close(() => 0)
    await settled()
    for (const { answer } of polls) assert.equal(answer!.last, polls[0]!.answer!.last)
    // The test decodes each answer, the feed the published events and those of the one page.
    assert.ok(parse.mock.callCount() < 50 + 20, `${parse.mock.callCount()} calls`)
  })
})
