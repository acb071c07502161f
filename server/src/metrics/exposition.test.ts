// The text of metrics: names, escapes, buckets, and what OpenMetrics has otherwise.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseFormat, formatMetrics } from './exposition.ts'
import type { Metric } from './metric.ts'

const METRICS: readonly Metric[] = [
  {
    name: 'a_total',
    type: 'counter',
    help: 'One "two"\nthree \\ four',
    labels: ['x', 'y'],
    read: () => [{ labels: ['a"b\\c\nd', ''], value: 3 }],
  },
  {
    name: 'b_seconds',
    type: 'histogram',
    help: 'Times',
    labels: ['x'],
    read: () => [{ labels: ['q'], value: { bounds: [0.5, 1], counts: [2, 0, 1], sum: 7.5 } }],
  },
  { name: 'c', type: 'gauge', help: 'None', labels: [], read: () => [{ labels: [], value: Number.POSITIVE_INFINITY }] },
]

test('text is escaped, buckets add up to the count', () => {
  assert.equal(
    formatMetrics(METRICS, 'prometheus'),
    [
      '# HELP a_total One "two"\\nthree \\\\ four',
      '# TYPE a_total counter',
      'a_total{x="a\\"b\\\\c\\nd",y=""} 3',
      '# HELP b_seconds Times',
      '# TYPE b_seconds histogram',
      'b_seconds_bucket{x="q",le="0.5"} 2',
      'b_seconds_bucket{x="q",le="1"} 2',
      'b_seconds_bucket{x="q",le="+Inf"} 3',
      'b_seconds_sum{x="q"} 7.5',
      'b_seconds_count{x="q"} 3',
      '# HELP c None',
      '# TYPE c gauge',
      'c +Inf',
      '',
    ].join('\n'),
  )
})

test('OpenMetrics names the family of a counter without _total, escapes quotes in HELP, and has an end', () => {
  const lines = formatMetrics(METRICS, 'openMetrics').split('\n')
  assert.deepEqual(lines.slice(0, 2), ['# HELP a One \\"two\\"\\nthree \\\\ four', '# TYPE a counter'])
  assert.ok(lines[2]!.startsWith('a_total{'))
  assert.deepEqual(lines.slice(-2), ['# EOF', ''])
})

test('OpenMetrics is for those who name it', () => {
  assert.equal(chooseFormat('application/openmetrics-text;version=1.0.0,text/plain;q=0.5'), 'openMetrics')
  for (const accept of [undefined, '*/*', 'text/plain']) assert.equal(chooseFormat(accept), 'prometheus')
})
