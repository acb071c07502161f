// The list of instruments: valid and plausible specifications.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SYMBOL_PATTERN, toPrice } from '@papertape/protocol'
import { INSTRUMENTS, selectInstruments } from './instruments.ts'

test('a hundred companies with unique names, prices from 4 to 900, and a ladder of four times the price', () => {
  assert.equal(INSTRUMENTS.length, 100)
  assert.equal(new Set(INSTRUMENTS.flatMap(({ symbol, name }) => [symbol, name])).size, 200)
  for (const spec of INSTRUMENTS) {
    assert.match(spec.symbol, new RegExp(SYMBOL_PATTERN))
    const price = toPrice(spec, spec.previousCloseTicks)
    assert.ok(price >= 4 && price <= 900, `${spec.symbol} at ${price}`)
    assert.ok(spec.priceTicksMax >= 4 * spec.previousCloseTicks && spec.priceTicksMax <= 2 ** 20)
    assert.ok(Number.isInteger(Math.log2(spec.priceTicksMax)))
    assert.ok(Number.isInteger(spec.previousCloseTicks))
  }
  assert.deepEqual(new Set(INSTRUMENTS.map(({ tickUnits }) => tickUnits)), new Set([50, 100, 500]))
})

test('selects the first few, and at most all', () => {
  assert.deepEqual(selectInstruments(3), INSTRUMENTS.slice(0, 3))
  for (const count of [0, 101, 1.5, Number.NaN]) assert.throws(() => selectInstruments(count), RangeError)
})
