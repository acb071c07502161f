// The plan of a simulated market: what its journal is named after.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planSimulation } from './market-plan.ts'

test('markets of different presets have journals and instruments of their own', () => {
  const plan = { kind: 'simulated', seed: 3, symbols: 2 } as const
  const [mixed, largeTick] = [planSimulation(plan), planSimulation({ ...plan, preset: 'large-tick' })]
  assert.deepEqual([mixed.name, largeTick.name], ['simulated-3-2', 'simulated-3-2-large-tick'])
  assert.notDeepEqual(mixed.instruments, largeTick.instruments)
})
