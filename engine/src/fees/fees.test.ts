// Fees at the edges of their arithmetic: rounding, caps, values beyond the exact range of a product. Rules of fees as
// users meet them are in the rulebook.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as seeded from '@papertape/protocol/testing'
import fc from 'fast-check'
import { feeAtMost, feeOfFill, NO_FEES } from './fees.ts'

const RUNS = 2_000
const LIQUIDITIES = ['maker', 'taker', null] as const

test('a fee is the rate of the value, rounded down, and the amount for each share', () => {
  const fees = { makerRate: 100, takerRate: 250, perShareUnits: 3 }
  assert.equal(feeOfFill(fees, 'maker', 1_999_999, 10), 199 + 30)
  assert.equal(feeOfFill(fees, 'taker', 1_999_999, 10), 499 + 30)
  assert.equal(feeOfFill(fees, null, 1_999_999, 10), 199 + 30)
  assert.equal(feeOfFill(fees, 'taker', 20, 10), 20, 'never more than the fill is worth')
  assert.equal(feeOfFill(NO_FEES, 'taker', 1_999_999, 10), 0)
})

test('the value may be so large that its product with the rate is not exact', () => {
  const [units, rate] = [8_999_999_999_999_999, 99_999]
  const exact = (BigInt(units) * BigInt(rate)) / 1_000_000n
  assert.equal(BigInt(feeOfFill({ ...NO_FEES, takerRate: rate }, 'taker', units, 1)), exact)
})

test('however an order is filled, its fees are within what is reserved for its lots', () => {
  const parts = fc.array(
    fc.record({ lots: fc.integer({ min: 1, max: 50 }), worse: fc.nat({ max: 500 }), by: fc.nat({ max: 2 }) }),
    { minLength: 1, maxLength: 20 },
  )
  const rate = fc.nat({ max: 100_000 })
  const fees = fc.record({ makerRate: rate, takerRate: rate, perShareUnits: fc.nat({ max: 200 }) })
  const property = fc.property(fees, fc.integer({ min: 500, max: 90_000 }), parts, (fees, lotUnits, parts) => {
    let [paid, lots] = [0, 0]
    for (const part of parts) {
      paid += feeOfFill(fees, LIQUIDITIES[part.by]!, part.lots * (lotUnits - part.worse), part.lots)
      lots += part.lots
    }
    assert.ok(paid <= lots * feeAtMost(fees, lotUnits, 1))
    assert.ok(paid <= feeAtMost(fees, lots * lotUnits, lots))
  })
  seeded.holds(import.meta.filename, property, RUNS)
})
