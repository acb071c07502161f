// Confidence intervals against values computed by hand, and which figures have one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { confidenceInterval } from './confidence.ts'
import type { Impact } from './impact.ts'
import { measurePooled } from './pooled-facts.ts'
import { mean } from './statistics.ts'

const meanOf = (days: readonly number[]) => mean(days)

test('less than two days have no interval; equal days have one without a width', () => {
  assert.equal(confidenceInterval([], meanOf), undefined)
  assert.equal(confidenceInterval([3], meanOf), undefined)
  assert.deepEqual(confidenceInterval([3, 3, 3], meanOf), [3, 3])
})

test('its ends are those of the middle 95 % of the days drawn again', () => {
  // All draws from three days are the one of value 1 with a chance of 1/27 = 3.7 %: more than 2.5 %, less than 5 %.
  assert.deepEqual(confidenceInterval([0, 0, 1], meanOf), [0, 1])
  assert.deepEqual(confidenceInterval([1, 1, 0], meanOf), [0, 1])
  // From four days with a chance of 1/256, and three of the four draws with 12/256.
  assert.deepEqual(confidenceInterval([0, 0, 0, 1], meanOf), [0, 0.75])
  // The mean of a hundred days of 0 and 1 is about normal, with a deviation of 0.05.
  const halves = Array.from({ length: 100 }, (_, i) => i % 2)
  const [low, high] = confidenceInterval(halves, meanOf)!
  assert.ok(Math.abs(low - (0.5 - 1.96 * 0.05)) <= 0.011, String(low))
  assert.ok(Math.abs(high - (0.5 + 1.96 * 0.05)) <= 0.011, String(high))
})

test('draws without a value are left out; the same days give the same interval', () => {
  const known = (days: readonly number[]) => mean(days.filter(day => day > 0))
  assert.deepEqual(confidenceInterval([5, 0, 0], known), [5, 5])
  assert.equal(
    confidenceInterval([1, 2], () => Number.NaN),
    undefined,
  )
  const days = [1, 5, 2, 8, 3]
  assert.deepEqual(confidenceInterval(days, meanOf), confidenceInterval(days, meanOf))
})

test('every pooled figure has an interval around its value, from two days on', () => {
  const days = [0.8, 0.9, 1.1, 1.2].map((size, n) => ({
    // Phases of high and low volatility: its autocorrelation decays and is positive up to an hour.
    minuteReturns: Float64Array.from({ length: 390 }, (_, i) => 1 + n / 9 + Math.cos(i / (60 + 5 * n))),
    impacts: Array.from({ length: 300 }, (_, i): Impact => {
      const share = 0.001 * 100 ** ((i + 0.5) / 300)
      const atEnd = size * share ** (0.4 + size / 10)
      return { share, atEnd, atEndPlain: 1.1 * atEnd, later: atEnd * (0.5 + size / 10) }
    }),
    ownImpacts: [0.005, 0.01, 0.02].map(share => ({ share, impact: size * share ** (0.4 + size / 10) })),
  }))
  const { values, intervals } = measurePooled(days)
  for (const [name, value] of Object.entries(values)) {
    const [low, high] = intervals[name as keyof typeof intervals]!
    assert.ok(low < value && value < high && high - low < 0.5 * value, `${name}: ${low} … ${value} … ${high}`)
  }
  for (const interval of Object.values(measurePooled(days.slice(0, 1)).intervals)) assert.equal(interval, undefined)
})
