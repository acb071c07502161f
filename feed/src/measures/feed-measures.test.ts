// What the feed counts while it publishes, conflates, replays and resets.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFeed } from '../testing/test-feed.ts'

test('resumes are counted by outcome, and by who resumes; a reader without a position is none', async () => {
  const { feed, open, publish } = createFeed({ eventsKept: 1_000 })
  publish(2_000)
  for (const last of [undefined, 'k3f9-2000', 'k3f9-1999', 'nonsense', 'zzzz-5', 'k3f9-2001', 'k3f9-999'])
    open({ last })
  const request = { symbols: [], events: ['trade'], books: [], maxHz: null, snapshot: true, last: 'k3f9-2000' } as const
  feed.poll(request, 0)?.close()
  const { stream, poll } = feed.measures.read().resumes
  assert.deepEqual(stream, { resumed: 2, 'bad-id': 1, epoch: 1, ahead: 1, expired: 1 })
  assert.deepEqual(poll, { resumed: 1, 'bad-id': 0, epoch: 0, ahead: 0, expired: 0 })
})

test('events that a reader was sent from the log count as replayed', () => {
  const { feed, open, publish } = createFeed()
  publish(700)
  const { wire } = open({ last: 'k3f9-100', events: ['trade', 'status'] })
  assert.ok(wire.seqs.length > 0)
  publish(10)
  const live = wire.seqs.filter(seq => seq > 700).length
  assert.equal(feed.measures.read().replayed, wire.seqs.length - live)
})

test('what a class merged into later frames counts as conflated: raw readers have none', () => {
  const raw = createFeed()
  raw.open()
  raw.publish(100)
  assert.equal(raw.feed.measures.read().conflated, 0)

  const { feed, open, publish, pass } = createFeed()
  const { wire } = open({ maxHz: 1 })
  publish(500)
  pass(5_000)
  const sent = wire.frames.filter(({ event, id }) => ['quote', 'book'].includes(event) && id === undefined)
  const standFor = sent.reduce((sum, { data }) => sum + JSON.parse(data).folded, 0)
  assert.ok(standFor > sent.length)
  assert.equal(feed.measures.read().conflated, standFor - sent.length)
})

test('the age of a chunk is measured when its readers have been written it', () => {
  const { feed, open, clock, written, publish, turn } = createFeed()
  open()
  publish(1)
  const { seq, event, symbol } = written.at(-1)!
  const ts = (clock.wallMs() - 40) * 1_000
  const before = feed.measures.read().ageSeconds
  let isPublished = false
  const next = {
    seq: seq + 1,
    event,
    symbol,
    data: JSON.stringify({ ...JSON.parse(written.at(-1)!.data), seq: seq + 1, ts }),
  }
  feed.publish([next], () => {
    isPublished = true
  })
  for (let turns = 0; turns < 10 && !isPublished; turns++) turn()
  assert.ok(isPublished)
  const { counts, bounds, sum } = feed.measures.read().ageSeconds
  const bucket = bounds.indexOf(0.05)
  assert.equal(counts[bucket]! - before.counts[bucket]!, 1)
  assert.ok(Math.abs(sum - before.sum - 0.04) < 0.005, String(sum))
})
