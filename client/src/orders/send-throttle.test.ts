// The send throttle: in no window of time more messages than the server's own bucket allows, for any limits.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { DEFAULT_LIMITS, SendThrottle } from './send-throttle.ts'

/** The server's bucket, full at the start. */
function createBucket({ commandsPerSecond, burst }: { commandsPerSecond: number; burst: number }) {
  let tokens = burst
  let atMs = 0
  return (nowMs: number) => {
    tokens = Math.min(burst, tokens + ((nowMs - atMs) / 1_000) * commandsPerSecond)
    atMs = nowMs
    tokens -= 1
    return tokens >= -1e-6
  }
}

test('sends a backlog within the rate and without unnecessary waits', () => {
  const limits = fc.record({
    commandsPerSecond: fc.integer({ min: 1, max: 200 }),
    burst: fc.integer({ min: 2, max: 400 }),
  })
  const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 20 })
  holds(
    import.meta.filename,
    fc.property(limits, pauses, (of, idleMs) => {
      const throttle = new SendThrottle(of, 0)
      const serverTakes = createBucket(of)
      let nowMs = 0
      let sent = 0
      for (const idle of [...idleMs, 0]) {
        nowMs += idle
        for (let i = 0; i < 40; i++) {
          const waitMs = throttle.take(nowMs)
          nowMs += waitMs
          if (waitMs > 0) assert.equal(throttle.take(nowMs), 0, 'what it says to wait is enough')
          assert.ok(serverTakes(nowMs), `${nowMs} ms`)
          sent++
        }
      }
      const leastMs = ((sent - of.burst) / of.commandsPerSecond) * 1_000
      assert.ok(nowMs <= leastMs / 0.9 + 1_000 * of.burst + idleMs.reduce((a, b) => a + b, 0) + sent)
    }),
  )
})

test('pauses after a refusal for the time it asks, without a burst afterwards', () => {
  const throttle = new SendThrottle(DEFAULT_LIMITS, 0)
  throttle.pause(700, 0)
  assert.equal(throttle.take(0), 700)
  assert.equal(throttle.take(699), 1)
  let burst = 0
  while (throttle.take(700) === 0) burst++
  assert.ok(burst < DEFAULT_LIMITS.burst / 2)
})

test('applies new limits at once and keeps spent tokens spent', () => {
  const throttle = new SendThrottle(DEFAULT_LIMITS, 0)
  for (let i = 0; i < 50; i++) assert.equal(throttle.take(0), 0)
  throttle.setLimits({ commandsPerSecond: 10, burst: 20 })
  assert.ok(throttle.take(0) > 1_000)
})
