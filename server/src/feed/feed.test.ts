// The hub: who shares a class, who is woken, and how everybody is sent away.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFeed, createTimed, dataOf } from '../testing/test-feed.ts'

test('the hub has one class for those who want the same, and none when they have gone', () => {
  const { open, feed } = createFeed()
  const readers = [open(), open({ snapshot: false }), open({ symbols: ['PPR'] })].map(({ reader }) => reader)
  assert.deepEqual([feed.readers, feed.classes, feed.isFull], [3, 2, true])
  for (const reader of readers) reader.close()
  assert.deepEqual([feed.readers, feed.classes, feed.isFull], [0, 0, false])
})

test('a hub that closes sends everybody away with a time to come back, and nothing after it', t => {
  const { open, feed, publish } = createTimed(t)
  const wires = [open().wire, open({ maxHz: 10 }).wire]
  const retries = [700, 900]
  feed.close(() => retries.shift()!)
  publish(20)
  assert.deepEqual(
    wires.map(wire => [wire.ended, wire.frames.at(-1)!.event, dataOf(wire.frames.at(-1))]),
    [
      [true, 'drain', { retryMs: 700 }],
      [true, 'drain', { retryMs: 900 }],
    ],
  )
})

test('a growing log wakes those who wait for the log to grow, once, unless they have taken it back', () => {
  const { feed, publish } = createFeed()
  const woken: string[] = []
  feed.onceGrown(() => woken.push('a'))
  const takeBack = feed.onceGrown(() => woken.push('b'))
  takeBack()
  publish(0)
  assert.deepEqual(woken, [])
  publish(1)
  publish(1)
  assert.deepEqual(woken, ['a'])
})
