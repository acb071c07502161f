// The variates against their distributions.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seedRandom } from './random.ts'
import { delayUs, exponential, normal, pareto } from './variates.ts'

const DRAWS = 200_000

/** The share of draws above a bound. */
function shareAbove(draw: () => number, bounds: readonly number[]): number[] {
  const counts = bounds.map(() => 0)
  for (let i = 0; i < DRAWS; i++) {
    const value = draw()
    bounds.forEach((bound, at) => {
      if (value > bound) counts[at]!++
    })
  }
  return counts.map(count => count / DRAWS)
}

function near(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) < tolerance, `${value} is not near ${expected[i]}`)
  })
}

test('exponential: the tail is exp(-x)', () => {
  const random = seedRandom(1, 'exponential')
  const bounds = [0.1, 0.5, 1, 2, 4, 6]
  near(
    shareAbove(() => exponential(random), bounds),
    bounds.map(bound => Math.exp(-bound)),
    0.004,
  )
})

test('normal: the shares above 0, 1, 2 and 3 deviations on both sides', () => {
  const random = seedRandom(1, 'normal')
  const shares = shareAbove(() => normal(random), [-3, -2, -1, 0, 1, 2, 3])
  near(shares, [0.99865, 0.97725, 0.84134, 0.5, 0.15866, 0.02275, 0.00135], 0.004)
})

test('pareto: the share above x is x^-tail', () => {
  const random = seedRandom(1, 'pareto')
  const bounds = [1, 2, 5, 20, 100]
  near(
    shareAbove(() => pareto(random, 1.6), bounds),
    bounds.map(bound => bound ** -1.6),
    0.004,
  )
})

test('delays are whole microseconds, at least 1, and have the given mean', () => {
  const random = seedRandom(1, 'delay')
  let sum = 0
  for (let i = 0; i < DRAWS; i++) {
    const delay = delayUs(random, 250)
    assert.ok(Number.isInteger(delay) && delay >= 1)
    sum += delay / 1000
  }
  near([sum / DRAWS], [250], 3)
})
