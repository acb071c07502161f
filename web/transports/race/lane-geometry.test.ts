// The time window, and where dots and spans lie in it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latencyY, spanX, timeWindow, timeX, WINDOW_MS } from './lane-geometry.ts'

describe('the strip of a lane', () => {
  test('shows the first minute until it is over, then the last one', () => {
    assert.deepEqual(timeWindow(1_500, 1_000, false), { fromMs: 1_000, toMs: 61_000 })
    assert.deepEqual(timeWindow(71_500, 1_000, false), { fromMs: 11_500, toMs: 71_500 })
  })

  test('moves in steps with reduced motion, and always shows the present', () => {
    assert.deepEqual(timeWindow(61_000, 1_000, true), { fromMs: 1_000, toMs: 61_000 })
    assert.deepEqual(timeWindow(61_100, 1_000, true), timeWindow(70_900, 1_000, true))
    assert.equal(timeWindow(61_100, 1_000, true).toMs, 71_000)
  })

  test('has time from left to right, latency from bottom to top by powers of ten', () => {
    const window = { fromMs: 0, toMs: WINDOW_MS }
    assert.deepEqual(
      [0, 15_000, 60_000].map(atMs => timeX(atMs, window, 400)),
      [0, 100, 400],
    )
    const heights = [1, 10, 100, 1_000, 10_000].map(latencyMs => Math.round(latencyY(latencyMs, 48)))
    assert.deepEqual(heights, [44, 34, 24, 14, 4])
    assert.deepEqual([latencyY(-2, 48), latencyY(1e6, 48)].map(Math.round), [44, 4])
  })

  test('cuts spans at its edges, and leaves out those beyond them', () => {
    const window = { fromMs: 10_000, toMs: 70_000 }
    assert.deepEqual(spanX(0, 40_000, window, 600), { x: 0, widthPx: 300 })
    assert.deepEqual(spanX(40_000, 40_010, window, 600), { x: 300, widthPx: 1 })
    assert.equal(spanX(0, 9_000, window, 600), undefined)
    assert.equal(spanX(71_000, 72_000, window, 600), undefined)
  })
})
