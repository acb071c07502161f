// Continuity: holes and repeats are counted, also over a loss, and complete no step.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOTHING_YET, nextContinuity, type StreamHappening, stepsDone } from './continuity.ts'

const event = (seq: number): StreamHappening => ({ type: 'event', seq, id: `a-${seq}` })
const after = (...happenings: StreamHappening[]) => happenings.reduce(nextContinuity, NOTHING_YET)
const HELLO = { type: 'hello' } as const
const LOST = { type: 'lost' } as const

test('a stream that goes on after a loss with the next number completes all steps', () => {
  const before = after(HELLO, event(7), event(8))
  assert.deepEqual(stepsDone(before), ['hello', 'events'])
  assert.deepEqual(stepsDone([LOST, HELLO].reduce<typeof before>(nextContinuity, before)), ['hello', 'events', 'lost'])
  const resumed = after(HELLO, event(7), event(8), LOST, HELLO, event(9))
  assert.deepEqual(stepsDone(resumed), ['hello', 'events', 'lost', 'resumed'])
  assert.deepEqual([resumed.missed, resumed.repeated, resumed.events, resumed.lastId], [0, 0, 3, 'a-9'])
})

test('holes and repeats are counted, and then nothing was resumed', () => {
  const hole = after(HELLO, event(7), LOST, HELLO, event(10))
  assert.deepEqual([hole.missed, hole.repeated], [2, 0])
  assert.deepEqual(stepsDone(hole), ['hello', 'lost'])
  const repeat = after(HELLO, event(7), event(8), LOST, HELLO, event(8), event(9))
  assert.deepEqual([repeat.missed, repeat.repeated], [0, 1])
  assert.deepEqual(stepsDone(repeat), ['hello', 'lost'])
})

test('a reset begins another count', () => {
  const state = after(HELLO, event(7), { type: 'reset' }, event(2), event(3))
  assert.deepEqual([state.missed, state.repeated], [0, 0])
})
