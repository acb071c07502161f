// Amounts as JSON numbers: whole ten-thousandths survive the round trip, amounts between two of them are refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holds } from './testing/seeded-property.ts'
import { fromCurrency, toBasisPoints, toCurrency } from './units.ts'

/** Up to 225 billion, neighbouring ten-thousandths are different doubles. */
const UNITS_MAX = 2 ** 51

test('units survive the round trip through a JSON number', () => {
  const units = fc.oneof(fc.integer(), fc.integer({ min: -UNITS_MAX, max: UNITS_MAX }))
  holds(
    import.meta.filename,
    fc.property(units, units => {
      const wire = JSON.stringify(toCurrency(units))
      assert.equal(fromCurrency(JSON.parse(wire)), units)
    }),
    2_000,
  )
  for (const units of [0, 1, -1, 5_853_300, UNITS_MAX, -UNITS_MAX]) assert.equal(fromCurrency(toCurrency(units)), units)
})

test('an amount is printed with its shortest decimals', () => {
  assert.equal(toCurrency(5_853_300), 585.33)
  assert.equal(toCurrency(1), 0.0001)
  assert.equal(fromCurrency(585.33), 5_853_300)
  assert.equal(fromCurrency(-0.0001), -1)
})

test('rounding errors of arithmetic are corrected', () => {
  assert.equal(fromCurrency(0.1 + 0.2), 3_000)
  const cents = fc.integer({ min: 0, max: 100_000_000 })
  holds(
    import.meta.filename,
    fc.property(cents, cents, (a, b) => assert.equal(fromCurrency(a / 100 + b / 100), (a + b) * 100)),
  )
})

test('an amount between two ten-thousandths is refused, also a large one', () => {
  const units = fc.integer({ min: -100_000_000_000, max: 100_000_000_000 })
  holds(
    import.meta.filename,
    fc.property(units, fc.integer({ min: 1, max: 99 }), (units, hundredths) => {
      assert.equal(fromCurrency((units + hundredths / 100) / 10_000), undefined)
    }),
    1_000,
  )
  assert.equal(fromCurrency(60_000_000.00005), undefined)
})

test('infinities, NaN and amounts out of range are refused', () => {
  for (const amount of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e15, -1e300]) {
    assert.equal(fromCurrency(amount), undefined, `${amount}`)
  }
})

test('a percentage is a whole number of basis points, or refused', () => {
  for (let points = 1; points <= 10_000; points++) assert.equal(toBasisPoints(points / 100), points)
  for (const percent of [0.001, 2.555, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(toBasisPoints(percent), undefined, `${percent}`)
  }
})
