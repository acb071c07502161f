// Metrics as the benchmark reads them: values, and what histograms counted in between.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countAbove, largestBound, parseExposition, since, together } from './exposition.ts'

const text = (short: number, middle: number, all: number, sum: number) => `# HELP work_seconds How long work took
# TYPE work_seconds histogram
work_seconds_bucket{le="0.005"} ${short}
work_seconds_bucket{le="0.01"} ${middle}
work_seconds_bucket{le="+Inf"} ${all}
work_seconds_sum ${sum}
work_seconds_count ${all}
# TYPE work_total counter
work_total ${all}
work_by_kind{kind="other"} 1
`
const histogramOf = (...counts: Parameters<typeof text>) => parseExposition(text(...counts)).histogram('work_seconds')

test('a value is found by its name, and one that is not there is an error', () => {
  assert.equal(parseExposition(text(1, 2, 3, 0.5)).value('work_total'), 3)
  assert.throws(() => parseExposition(text(1, 2, 3, 0.5)).value('work'), /no work/)
})

test('two histograms give what was counted in between', () => {
  const between = since(histogramOf(1, 2, 3, 0.5), histogramOf(11, 14, 16, 1.25))
  assert.deepEqual([between.count, between.sum], [13, 0.75])
  assert.deepEqual([countAbove(between, 0.005), countAbove(between, 0.01)], [3, 1])
  assert.throws(() => countAbove(between, 0.02), /no bound 0.02/)
})

test('two times are counted together', () => {
  const both = together(histogramOf(1, 2, 3, 0.5), histogramOf(10, 10, 11, 0.25))
  assert.deepEqual([both.count, both.sum, countAbove(both, 0.005), countAbove(both, 0.01)], [14, 0.75, 3, 2])
})

test('the largest value is known by its bucket', () => {
  assert.equal(largestBound(histogramOf(4, 4, 4, 0.1)), 0.005)
  assert.equal(largestBound(histogramOf(1, 4, 4, 0.1)), 0.01)
  assert.equal(largestBound(histogramOf(1, 2, 3, 0.1)), Number.POSITIVE_INFINITY)
  assert.equal(largestBound(histogramOf(0, 0, 0, 0)), 0)
})
