// The token bucket and the strikes under a clock that the test moves.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { RateLimit, ViolationWindow } from './rate-limit.ts'

describe('a rate limit', () => {
  test('lets a burst pass, then one each period, and says how long until then', () => {
    const limit = new RateLimit(62.5, 3, 1_000)
    assert.deepEqual(
      [1, 2, 3, 4].map(() => limit.take(1_000)),
      [0, 0, 0, 16],
    )
    assert.equal(limit.take(1_015), 1)
    assert.equal(limit.take(1_016), 0)
    assert.equal(limit.take(1_016), 16)
  })

  test('never saves up more than a burst', () => {
    const limit = new RateLimit(50, 3, 0)
    const passed = Array.from({ length: 10 }, () => limit.take(3_600_000)).filter(waitMs => waitMs === 0)
    assert.equal(passed.length, 3)
  })

  test('a refused command costs nothing, and one that waits for the returned time passes', () => {
    const anyPauses = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 })
    const anyRate = fc.record({ perSecond: fc.constantFrom(1, 7, 50, 333), burst: fc.integer({ min: 1, max: 20 }) })
    holds(
      import.meta.filename,
      fc.property(anyPauses, anyRate, (pauses, { perSecond, burst }) => {
        const limit = new RateLimit(perSecond, burst, 0)
        let nowMs = 0
        for (const pauseMs of pauses) {
          nowMs += pauseMs
          const waitMs = limit.take(nowMs)
          if (waitMs === 0) continue
          assert.ok(Number.isInteger(waitMs) && waitMs <= Math.ceil(1_000 / perSecond))
          nowMs += waitMs
          // The sum of many small fractions may fall short of a whole by its last digit: one more millisecond then.
          if (limit.take(nowMs) > 0) assert.equal(limit.take(++nowMs), 0)
        }
      }),
    )
  })

  test('over any stretch lets pass what it may: the burst and the rate', () => {
    holds(
      import.meta.filename,
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 300, size: 'max' }), pauses => {
        const limit = new RateLimit(50, 10, 0)
        const passedMs: number[] = []
        let nowMs = 0
        for (const pauseMs of pauses) {
          nowMs += pauseMs
          if (limit.take(nowMs) === 0) passedMs.push(nowMs)
        }
        passedMs.forEach((fromMs, i) => {
          const stretchMs = passedMs.at(-1)! - fromMs
          assert.ok(passedMs.length - i <= 10 + (stretchMs * 50) / 1_000 + 1e-6)
        })
      }),
    )
  })
})

describe('strikes', () => {
  test('are one too many when more than so many fall into a window', () => {
    const strikes = new ViolationWindow(2, 1_000)
    assert.deepEqual([strikes.add(0), strikes.add(100), strikes.add(200)], [false, false, true])
  })

  test('are forgotten when the window has passed', () => {
    const strikes = new ViolationWindow(2, 1_000)
    const struck = [0, 100, 1_000, 1_100, 1_999].map(nowMs => strikes.add(nowMs))
    assert.deepEqual(struck, [false, false, false, false, true])
  })

  test('agree with a list of all of them, over any stretch', () => {
    holds(
      import.meta.filename,
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 100, size: 'max' }),
        (max, pauses) => {
          const strikes = new ViolationWindow(max, 1_000)
          const all: number[] = []
          let nowMs = 0
          for (const pauseMs of pauses) {
            nowMs += pauseMs
            all.push(nowMs)
            const within = all.filter(atMs => nowMs - atMs < 1_000).length
            assert.equal(strikes.add(nowMs), within > max)
          }
        },
      ),
    )
  })
})
