// Durations as people write them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDuration } from './duration.ts'

test('a duration is a sum of units, largest first', () => {
  const durations = ['90s', '30m', '1h30m', '6.5h', '2d', '250ms', '1d2h3m4s5ms'].map(readDuration)
  assert.deepEqual(durations, [90_000, 1_800_000, 5_400_000, 23_400_000, 172_800_000, 250, 93_784_005])
})

test('anything else is none', () => {
  for (const text of ['', '0s', '5', 'h', '1m1h', '-1h', '1 h', '1y']) assert.equal(readDuration(text), undefined, text)
})
