// The intraday pattern: its mean is about one, midday is quiet, and it repeats each session, or each day between its
// hours, with a night between them.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DAY_MS } from '../time-units.ts'
import { createDailyProfile, createIntradayProfile, OVERNIGHT, SESSION_MS } from './intraday-profile.ts'

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

describe('of a market with hours', () => {
  const MIDNIGHT = OPEN - (OPEN % DAY_MS)
  const startMs = 13.5 * 3_600_000
  for (const [what, lengthMs] of [
    ['a usual day', SESSION_MS],
    ['a long one', 8.5 * 3_600_000],
  ] as const) {
    const daily = createDailyProfile({ startMs, endMs: startMs + lengthMs })
    test(`${what} has the session between them, each day`, () => {
      for (const day of [0, 1, 5]) {
        for (const part of [0, 0.3, 0.999]) {
          const time = MIDNIGHT + day * DAY_MS + startMs + Math.floor(lengthMs * part)
          const inSession = OPEN + Math.floor(SESSION_MS * part)
          for (const shape of ['activityAt', 'volatilityAt', 'spreadAt'] as const) {
            assert.ok(Math.abs(daily[shape](time) - clock[shape](inSession)) < 0.001, `${shape} of day ${day}`)
          }
        }
      }
    })

    test(`${what} has a quiet night, whose move is half of a day's`, () => {
      const closed = MIDNIGHT + startMs + lengthMs
      const steps = 1_000
      let variance = 0
      for (let i = 0; i < steps; i++) {
        const time = closed + ((DAY_MS - lengthMs) * i) / steps
        variance += daily.volatilityAt(time) ** 2 * ((DAY_MS - lengthMs) / steps / SESSION_MS)
        assert.ok(daily.activityAt(time) < 1)
      }
      assert.ok(Math.abs(Math.sqrt(variance) - OVERNIGHT) < 0.001, String(variance))
    })
  }
})
