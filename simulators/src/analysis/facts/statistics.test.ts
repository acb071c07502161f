// The statistics against values computed by hand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  autocorrelation,
  coefficientOfVariation,
  correlation,
  excessKurtosis,
  fitLine,
  hillIndex,
  median,
  quantile,
} from './statistics.ts'

test('moments, quantiles and linear fits', () => {
  // Two values, equally often: the smallest kurtosis.
  assert.equal(excessKurtosis([-1, 1, -1, 1]), -2)
  assert.equal(coefficientOfVariation([2, 4, 2, 4]), 1 / 3)
  assert.equal(median([5, 1, 3]), 3)
  assert.equal(quantile([0, 10], 0.25), 2.5)
  assert.ok(Number.isNaN(median([])))
  assert.deepEqual(fitLine([0, 1, 2], [1, 3, 5]), { slope: 2, intercept: 1 })
  assert.equal(correlation([1, 2, 3], [2, 4, 6]), 1)
  assert.equal(correlation([1, 2, 3], [3, 2, 1]), -1)
})

test('autocorrelation is over the variance of the whole series', () => {
  const alternating = [1, -1, 1, -1]
  assert.equal(autocorrelation(alternating, 1), -3 / 4)
  assert.equal(autocorrelation(alternating, 2), 2 / 4)
  assert.ok(Number.isNaN(autocorrelation(alternating, 4)))
})

test("Hill's estimate finds the exponent of a power law", () => {
  for (const exponent of [2, 3, 5]) {
    const law = Array.from({ length: 20_000 }, (_, i) => ((i + 0.5) / 20_000) ** (-1 / exponent))
    assert.ok(Math.abs(hillIndex(law, 0.05) - exponent) < 0.05 * exponent, `${exponent}: ${hillIndex(law, 0.05)}`)
  }
  assert.ok(Number.isNaN(hillIndex([0, 0, 0, 0], 0.5)))
})
