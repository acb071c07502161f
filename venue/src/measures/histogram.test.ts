// Which bucket a value counts in.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Histogram } from './histogram.ts'

test('a value counts in the first bucket whose bound it does not exceed, or in the last one', () => {
  const histogram = new Histogram([1, 5])
  for (const value of [0, 1, 1.5, 5, 6, 100]) histogram.observe(value)
  assert.deepEqual(histogram.read(), { bounds: [1, 5], counts: [2, 2, 2], sum: 113.5 })
})

test('what was read stays as it is', () => {
  const histogram = new Histogram([1])
  const before = histogram.read()
  histogram.observe(1)
  assert.deepEqual(before.counts, [0, 0])
})
