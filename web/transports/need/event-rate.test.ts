// The rate of a counter: over five seconds, unknown in the first, and new when the counter starts again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRateMeter } from './event-rate.ts'

test('the rate is that of the last five seconds', () => {
  const meter = createRateMeter()
  assert.equal(meter.read(0, 100), undefined, 'what arrived before is not counted')
  assert.equal(meter.read(500, 110), undefined)
  assert.equal(meter.read(1_000, 120), 20)
  assert.equal(meter.read(5_000, 200), 20)
  assert.equal(meter.read(10_000, 200), 0)
})

test('a counter that starts again starts the rate again', () => {
  const meter = createRateMeter()
  meter.read(0, 100)
  assert.equal(meter.read(2_000, 10), undefined)
  assert.equal(meter.read(4_000, 30), 10)
})
