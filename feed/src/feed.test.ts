// The hub: who shares a class, who is woken, and how everybody is sent away.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEventName } from '@papertape/protocol'
import { createFeed, dataOf } from './testing/test-feed.ts'

test('the hub has one class for those who want the same, and none when they have gone', () => {
  const { open, feed } = createFeed()
  const readers = [open(), open({ snapshot: false }), open({ symbols: ['PPR'] })].map(({ reader }) => reader)
  assert.deepEqual([feed.readers, feed.classes, feed.isFull], [3, 2, true])
  for (const reader of readers) reader.close()
  assert.deepEqual([feed.readers, feed.classes, feed.isFull], [0, 0, false])
})

test('a hub that closes sends everybody away with a time to come back, and nothing after it', () => {
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

test('an event wakes those who wait for one of its kind, once, unless they have taken it back', () => {
  const { feed, publish } = createFeed()
  const woken: [string, number][] = []
  const request = { symbols: [], books: [], maxHz: null, snapshot: true, last: undefined }
  const wait = (name: string, events: readonly FeedEventName[]) =>
    feed.onceTaken({ ...request, events }, seq => woken.push([name, seq]))
  wait('a', ['quote'])
  wait('b', ['quote'])
  const takeBack = wait('c', ['quote'])
  wait('news', ['news'])
  takeBack()
  publish(0)
  publish(1)
  assert.deepEqual(woken, [], 'a book')
  publish(2)
  publish(5)
  assert.deepEqual(woken, [
    ['a', 2],
    ['b', 2],
  ])
  takeBack()
})

test('streams and held polls share the places that there are', () => {
  const { open, feed } = createFeed()
  const { reader } = open()
  const giveBack = [feed.holdPoll(() => {}), feed.holdPoll(() => {})]
  assert.deepEqual([feed.readers, feed.polls, feed.isFull], [1, 2, true])
  giveBack[0]!()
  assert.equal(feed.isFull, false)
  giveBack[1]!()
  giveBack[1]!()
  reader.close()
  assert.deepEqual([feed.readers, feed.polls], [0, 0])
})

test('a hub that closes has every held poll answered', () => {
  const { feed } = createFeed()
  const answered: string[] = []
  for (const name of ['a', 'b']) feed.holdPoll(() => answered.push(name))
  feed.holdPoll(() => answered.push('gone'))()
  assert.equal(feed.isClosing, false)
  feed.close(() => 500)
  assert.deepEqual([answered, feed.isClosing], [['a', 'b'], true])
})
