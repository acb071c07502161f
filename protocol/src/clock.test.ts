// A clock over a monotone time and a date that the test sets.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createClock } from './clock.ts'
import { holds } from './testing/seeded-property.ts'

const DATE = 1_767_623_400_000

function createTime() {
  const time = { monotone: 500.25, date: DATE }
  const clock = createClock({ monotoneMs: () => time.monotone, dateMs: () => time.date, setTimer: () => () => {} })
  const set = (ms: number) => {
    time.date += ms
  }
  const pass = (ms: number) => {
    time.monotone += ms
  }
  return { time, clock, set, pass }
}

describe('the wall clock', () => {
  test('equals the date to the millisecond, however the date is set', () => {
    const anyStep = fc.record({
      passMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
      setMs: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -100_000_000, max: 100_000_000 })),
    })
    holds(
      import.meta.filename,
      fc.property(fc.array(anyStep, { maxLength: 30 }), steps => {
        const { time, clock } = createTime()
        for (const { passMs, setMs } of steps) {
          time.monotone += passMs
          time.date += Math.floor(passMs) + setMs
          assert.equal(Math.floor(clock.wallMs()), time.date)
        }
      }),
    )
  })

  test('has fractions of a millisecond while date and monotone time agree', () => {
    const { time, clock } = createTime()
    time.monotone += 0.5
    assert.equal(clock.wallMs(), DATE + 0.5)
    time.monotone += 0.75
    time.date += 1
    assert.equal(clock.wallMs(), DATE + 1.25)
  })

  test('does not change the monotone time', () => {
    const { clock, set, pass } = createTime()
    const before = clock.nowMs()
    set(-9 * 3_600_000)
    pass(10)
    assert.equal(clock.nowMs(), before + 10)
  })
})
