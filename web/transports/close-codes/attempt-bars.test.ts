// Attempts as bars: the axis fits the longest range, a wait passes with time, the end of each attempt.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptAxis } from './attempt-bars.ts'
import type { Attempt } from './run-state.ts'

const attempt = (fields: Partial<Attempt>): Attempt => ({
  lostAtMs: 10_000,
  waitMs: 2_000,
  drawnFrom: { leastMs: 1_000, ceilingMs: 4_000 },
  result: undefined,
  ...fields,
})

test('a wait passes, then the attempt connects, then it has a result', () => {
  const at = (nowMs: number, fields: Partial<Attempt> = {}) => attemptAxis([attempt(fields)], nowMs).bars[0]!
  assert.deepEqual([at(11_000).state, at(11_000).elapsed, at(11_000).due], ['waiting', 0.25, 0.5])
  assert.deepEqual([at(12_500).state, at(12_500).elapsed], ['connecting', 0.5])
  assert.deepEqual([at(13_000, { result: 1006 }).state, at(13_000, { result: 1006 }).elapsed], ['failed', 0.5])
  assert.equal(at(13_000, { result: 'connected' }).state, 'connected')
  assert.deepEqual(at(11_000).range, { from: 0.25, to: 1 })
  // The clock is read before the loss was noted.
  assert.equal(at(9_990).elapsed, 0)
})

test('the axis fits the longest range and the longest wait', () => {
  assert.equal(attemptAxis([attempt({})], 10_000).lengthMs, 4_000)
  assert.equal(attemptAxis([attempt({ drawnFrom: { leastMs: 1_000, ceilingMs: 30_000 } })], 10_000).lengthMs, 32_000)
  const { lengthMs, ticksMs } = attemptAxis([attempt({ drawnFrom: undefined, waitMs: 5_000 })], 10_000)
  assert.equal(lengthMs, 8_000)
  assert.deepEqual(ticksMs, [0, 2_000, 4_000, 6_000, 8_000])
})
