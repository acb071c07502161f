// The read queue on a manual clock: reads are answered in turn, at the share of the time that they may use.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../manual-clock.ts'
import { ReadQueue } from './read-queue.ts'

/** A thread on which each read takes so long. */
function setUp(readMs: number) {
  const clock = new ManualClock(0, 1_000)
  const answered: number[] = []
  const queue = new ReadQueue<number>({
    clock,
    answer(read) {
      clock.suspend(readMs)
      answered.push(read)
    },
  })
  return { queue, answered, clock }
}

test('several reads are answered at once', () => {
  const { queue, answered, clock } = setUp(2)
  for (let read = 0; read < 8; read++) queue.add(read)
  assert.deepEqual(answered, [0, 1, 2, 3, 4, 5, 6, 7])
  assert.equal(clock.runNext(), false)
})

test('many reads use a quarter of the time, and all are answered in their order', () => {
  const { queue, answered, clock } = setUp(5)
  for (let read = 0; read < 1_000; read++) queue.add(read)
  clock.pass(10_000)
  const share = (answered.length * 5) / 10_000
  assert.ok(share > 0.2 && share < 0.26, `${share} of ten seconds`)
  clock.pass(50_000)
  assert.deepEqual(
    answered,
    Array.from({ length: 1_000 }, (_, read) => read),
  )
  assert.equal(clock.runNext(), false, 'no timer runs when no read waits')
})
