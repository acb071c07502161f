// The clock of the order archive: what counts of a wall clock that pauses, jumps and is set back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetentionClock } from './retention-clock.ts'

const MINUTE_US = 60_000_000
const DAY_US = 24 * 60 * MINUTE_US

test('counts the steps between stamps: none backwards, and none longer than a minute', () => {
  const clock = new RetentionClock(1_000)
  clock.advance(5 * DAY_US)
  assert.equal(clock.nowUs, 1_000, 'the first stamp is no step')
  clock.advance(5 * DAY_US + MINUTE_US)
  assert.equal(clock.nowUs, 1_000 + MINUTE_US)
  clock.advance(9 * DAY_US)
  assert.equal(clock.nowUs, 1_000 + 2 * MINUTE_US, 'set forward by days')
  clock.advance(2 * DAY_US)
  assert.equal(clock.nowUs, 1_000 + 2 * MINUTE_US, 'set back')
  clock.advance(2 * DAY_US + 7)
  assert.equal(clock.nowUs, 1_000 + 2 * MINUTE_US + 7)
})
