// Percentiles against a sorted list, and bars that lose nothing.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BAR_LIMITS_MS, LatencyHistogram } from './latency-histogram.ts'

function histogramOf(latencies: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (const latencyMs of latencies) histogram.add(latencyMs)
  return histogram
}

describe('a latency histogram', () => {
  test('has percentiles within 2 % of those of the sorted list', () => {
    const latencies = Array.from({ length: 1_000 }, (_, index) => 1.5 * 1.009 ** index)
    const histogram = histogramOf(latencies.toReversed())
    for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = latencies[Math.ceil(share * latencies.length) - 1]!
      const counted = histogram.percentile(share)!
      assert.ok(Math.abs(counted / exact - 1) <= 0.02, `${share}: ${counted}, not ${exact}`)
    }
  })

  test('of nothing has no percentile', () => assert.equal(new LatencyHistogram().percentile(0.5), undefined))

  test('counts each latency in one bar, also those outside of its range', () => {
    const bars = histogramOf([-3, 0, 0.5, 1.5, 3, 700, 1e9]).bars()
    assert.equal(
      bars.reduce((sum, count) => sum + count, 0),
      7,
    )
    assert.deepEqual(
      BAR_LIMITS_MS.filter((_, index) => bars[index]! > 0),
      [1, 2, 5, 1_000, 100_000],
    )
    assert.equal(bars[0], 3)
  })
})
