// The feed as a whole: classes shared by readers, places shared by readers and polls, and closing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFeed, dataOf } from './testing/test-feed.ts'

const request = { symbols: [], events: ['news'], books: [], maxHz: null, snapshot: true } as const

test('readers with equal requests share a class, which is gone when the last of them has gone', () => {
  const { open, feed } = createFeed()
  const readers = [open(), open({ snapshot: false }), open({ symbols: ['PPR'] })].map(({ reader }) => reader)
  assert.deepEqual([feed.readers, feed.classes, feed.isFull], [3, 2, true])
  for (const reader of readers) reader.close()
  assert.deepEqual([feed.readers, feed.classes, feed.isFull], [0, 0, false])
})

test('close ends every reader with a time to reconnect after, and nothing follows', () => {
  const { open, feed, publish } = createFeed()
  const wires = [open().wire, open({ maxHz: 10 }).wire]
  const retries = [700, 900]
  feed.close(() => retries.shift()!)
  publish(20)
  assert.deepEqual(
    wires.map(wire => [wire.ended, wire.frames.at(-1)!.event, dataOf(wire.frames.at(-1))]),
    [
      ['drain', 'drain', { retryMs: 700 }],
      ['drain', 'drain', { retryMs: 900 }],
    ],
  )
})

test('each event is decoded once, however many classes conflate it', t => {
  const { open, publish, pass } = createFeed()
  for (const maxHz of [1, 10, null]) open({ maxHz })
  const parse = t.mock.method(JSON, 'parse')
  publish(100)
  pass(2_000)
  assert.equal(parse.mock.callCount(), 100)
})

test('readers and held polls share the places, and a poll that needs none is answered when there is none left', async () => {
  const { open, feed } = createFeed()
  const { reader } = open()
  const last = feed.log.headPosition
  const polls = [1, 2].map(() => feed.poll({ ...request, last }, 1_000)!)
  assert.deepEqual([feed.readers, feed.polls, feed.isFull], [1, 2, true])
  assert.equal(feed.poll({ ...request, last }, 1_000), undefined)
  for (const given of [undefined, 'nonsense']) {
    const { answer, close } = feed.poll({ ...request, last: given }, 1_000)!
    assert.equal(JSON.parse(await answer).snapshot.id, last)
    close()
  }
  polls[0]!.close()
  assert.equal(feed.isFull, false)
  polls[0]!.close()
  polls[1]!.close()
  reader.close()
  assert.deepEqual([feed.readers, feed.polls], [0, 0])
})
