// The rules of a configuration: the engine's own where it says nothing, and the units that it uses.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_RULES } from '@papertape/engine'
import { configuredTexts, runRules, USUAL_RULES } from './configured-rules.ts'

test('a run without a configuration has the rules of the engine', () => {
  for (const terms of [{}, USUAL_RULES]) assert.deepEqual({ ...DEFAULT_RULES, ...runRules(terms) }, DEFAULT_RULES)
})

test('fees are in basis points and currency, margins and bands per cent', () => {
  const { fees, margin, bands, collar, schedule } = runRules({
    fees: { makerBp: 0.25, takerBp: 3, perShare: 0.0035 },
    margin: { longPercent: 32.5, graceMs: 60_000 },
    rules: { bandsPercent: 10, collarPercent: null, schedule: '14:00,14:28,14:30,21:00,21:05' },
  })
  assert.deepEqual(fees, { makerRate: 25, takerRate: 300, perShareUnits: 35 })
  assert.deepEqual([margin!.longMaintenanceBps, margin!.graceMs], [3_250, 60_000])
  assert.deepEqual([bands!.widths[0]!.tierOneBps, collar, schedule!.continuousMs], [1_000, null, 14.5 * 3_600_000])
})

test('only what a configuration has becomes a text', () => {
  assert.deepEqual(configuredTexts({}), {})
  assert.deepEqual(configuredTexts({ fees: { takerBp: 3 }, rules: { bandsPercent: null } }), {
    bands: 'off',
    feeTaker: '3',
  })
})
