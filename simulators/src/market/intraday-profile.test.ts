// The intraday pattern: its mean is about one, midday is quiet, and it repeats each session.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntradayProfile, SESSION_MS } from './intraday-profile.ts'

const OPEN = 1_767_623_400_000
const clock = createIntradayProfile(OPEN)

function mean(shape: (time: number) => number, from: number, to: number): number {
  const steps = 10_000
  let sum = 0
  for (let i = 0; i < steps; i++) sum += shape(OPEN + SESSION_MS * (from + ((to - from) * (i + 0.5)) / steps))
  return sum / steps
}

test('the mean of both over a session is about one', () => {
  for (const shape of [clock.activityAt, clock.volatilityAt]) {
    const overDay = mean(shape, 0, 1)
    assert.ok(overDay > 0.8 && overDay < 1.25, String(overDay))
  }
})

test('the last half hour is the busiest, midday the quietest, and the open the most volatile', () => {
  const close = mean(clock.activityAt, 12 / 13, 1)
  assert.ok(close > 2.5 * mean(clock.activityAt, 5 / 13, 9 / 13))
  assert.ok(close > mean(clock.activityAt, 0, 1 / 13))
  assert.ok(mean(clock.volatilityAt, 0, 1 / 13) > 1.5 * mean(clock.volatilityAt, 5 / 13, 9 / 13))
})

test('sessions repeat', () => {
  for (const share of [0, 0.1, 0.5, 0.999]) {
    const time = OPEN + Math.floor(SESSION_MS * share)
    assert.equal(clock.activityAt(time + 3 * SESSION_MS), clock.activityAt(time))
    assert.equal(clock.volatilityAt(time + 3 * SESSION_MS), clock.volatilityAt(time))
  }
})
