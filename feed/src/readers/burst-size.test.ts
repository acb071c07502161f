// Bursts become as large as peers of any speed take in a short time, whatever the distance.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BurstSize } from './burst-size.ts'

for (const bytesPerSecond of [10_000, 100_000, 10_000_000]) {
  for (const wayMs of [0, 100, 200]) {
    test(`of ${bytesPerSecond} bytes a second and ${wayMs} ms`, () => {
      const size = new BurstSize({ least: 1_024, most: 1_048_576 })
      let nowMs = 0
      const tookMs: number[] = []
      for (let n = 0; n < 60; n++) {
        const bytes = size.max
        size.write(bytes, nowMs)
        const ms = wayMs + (bytes / bytesPerSecond) * 1_000
        tookMs.push(ms)
        nowMs += ms
        size.take(nowMs)
      }
      const late = tookMs.slice(30)
      assert.ok(Math.max(...late) <= 460, `${Math.max(...late)} ms`)
      if (bytesPerSecond < 10_000_000) assert.ok(Math.max(...late) >= 290, 'the peer is not left waiting')
    })
  }
}

test('a burst that was not full does not show that a larger one is taken in time', () => {
  const size = new BurstSize({ least: 1_024, most: 1_048_576 })
  size.write(100, 0)
  size.take(1)
  assert.equal(size.max, 1_024)
})
