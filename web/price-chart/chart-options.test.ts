// The options of the chart survive entries of older pages and of something else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHART_OPTIONS } from './chart-options.ts'

test('valid parts of a stored value are read, and the default for the others', () => {
  const overlays = { orders: true, alerts: true, fills: true, averageCost: true, vwap: false, movingAverage: false }
  for (const stored of [undefined, null, 7, [], { zone: 'mars', overlays: 3 }, { overlays: { vwap: 'yes' } }]) {
    assert.deepEqual(CHART_OPTIONS.read(stored), { zone: 'utc', overlays }, JSON.stringify(stored))
  }
  const chosen = { zone: 'local', overlays: { ...overlays, orders: false, vwap: true } } as const
  assert.deepEqual(CHART_OPTIONS.read(JSON.parse(JSON.stringify(chosen))), chosen)
})
