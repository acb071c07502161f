// Readers of a feed who have missed much, more than there are places for, among others who have missed little.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedRequest } from '@papertape/protocol'
import { createFeed } from '../testing/test-feed.ts'

const PLACES = 32
const LONG = 10_001

function openFeed() {
  const given = createFeed({ streamsMax: 100, hasTurns: true })
  given.publish(LONG)
  const behind = (events: number): FeedRequest => {
    const request = { symbols: [], events: ['status' as const], books: [], maxHz: null, snapshot: true }
    return { ...request, last: `k3f9-${given.log.head - events}` }
  }
  return { ...given, behind, causeOf: (events: number) => given.feed.refuse(behind(events))?.cause }
}

test('so many replay a long past at once, and others are refused until one of them is live', () => {
  const { open, behind, causeOf, turn, feed } = openFeed()
  for (let n = 0; n < PLACES; n++) {
    assert.equal(causeOf(LONG), undefined, `the reader before has ${n} others beside it`)
    open(behind(LONG))
  }
  assert.equal(causeOf(LONG), 'replays')
  assert.deepEqual([causeOf(LONG - 1), feed.refuse()], [undefined, undefined], 'who has missed less, or nothing')
  assert.equal(feed.admission.refused.replays, 1)
  // A page of each in turn: all are live at about the same time.
  for (let turns = 0; turns < 200 && feed.replayPlaces.taken === PLACES; turns++) turn()
  assert.equal(causeOf(LONG), undefined)
  for (let turns = 0; turns < 200; turns++) turn()
  assert.equal(feed.replayPlaces.taken, 0)
})

test('who leaves during a replay frees its place, once', () => {
  const { open, behind, causeOf, feed } = openFeed()
  const readers = Array.from({ length: PLACES }, () => open(behind(LONG)).reader)
  assert.equal(causeOf(LONG), 'replays')
  readers[0]!.close()
  readers[0]!.close()
  assert.deepEqual([causeOf(LONG), feed.replayPlaces.taken], [undefined, PLACES - 1])
})
