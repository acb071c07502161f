// Prices and ticks: every tick survives the round trip through its JSON price, prices between two ticks are refused,
// and a price has as many decimals as its grid needs.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { describeInstrument, type InstrumentSpec, priceDecimals, ticksOf, toPrice, toTicks } from './instruments.ts'
import { holds } from './testing/seeded-property.ts'

const grid = (tickUnits: number): InstrumentSpec => ({
  symbol: 'PPR',
  name: 'Paper',
  tickUnits,
  lotSize: 10,
  priceTicksMax: 4_096,
  previousCloseTicks: 1_000,
})
const GRIDS = [
  { tickSize: 0.01, spec: grid(100), decimals: 2 },
  { tickSize: 0.05, spec: grid(500), decimals: 2 },
  { tickSize: 0.005, spec: grid(50), decimals: 3 },
  { tickSize: 0.0001, spec: grid(1), decimals: 4 },
  { tickSize: 1, spec: grid(10_000), decimals: 0 },
  { tickSize: 25, spec: grid(250_000), decimals: 0 },
] as const
const anyTicks = fc.integer({ min: 1, max: 2 ** 28 })

for (const { tickSize, spec, decimals } of GRIDS) {
  describe(`a tick of ${tickSize}`, () => {
    test('converts every tick to its price and back', () => {
      holds(
        import.meta.filename,
        fc.property(anyTicks, ticks => {
          const price = JSON.parse(JSON.stringify(toPrice(spec, ticks)))
          assert.equal(toTicks(spec, price), ticks)
          assert.equal(ticksOf(price, toPrice(spec, 1)), ticks)
        }),
      )
      assert.equal(toPrice(spec, 1), tickSize)
    })

    test('refuses prices between two ticks', () => {
      holds(
        import.meta.filename,
        fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 9 }), (ticks, tenths) => {
          assert.equal(toTicks(spec, ((ticks + tenths / 10) * spec.tickUnits) / 10_000), undefined)
        }),
      )
    })

    test(`shows ${decimals} decimals, and needs them all`, () => {
      assert.equal(priceDecimals(spec), decimals)
      holds(
        import.meta.filename,
        fc.property(anyTicks, ticks => {
          const price = toPrice(spec, ticks)
          assert.equal(Number(price.toFixed(decimals)), price)
        }),
      )
      if (decimals > 0) assert.notEqual(Number(tickSize.toFixed(decimals - 1)), tickSize)
    })
  })
}

test('an instrument is described in currency', () => {
  assert.deepEqual(describeInstrument(grid(50), 'halted'), {
    symbol: 'PPR',
    name: 'Paper',
    tickSize: 0.005,
    lotSize: 10,
    priceDecimals: 3,
    phase: 'halted',
    bands: { low: 0.005, high: 20.48 },
  })
})
