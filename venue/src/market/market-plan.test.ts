// The plan of a simulated market: what its journal is named after, and what its past is made from.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STANDARD_RULES } from '@papertape/simulators'
import { openTestVenue, TEST_PAST_MS, TEST_WALL_MS } from '../testing/test-venue.ts'
import { pastOf, planSimulation } from './market-plan.ts'

test('markets of different presets have journals and instruments of their own', () => {
  const plan = { kind: 'simulated', seed: 3, symbols: 2 } as const
  const [mixed, largeTick] = [planSimulation(plan), planSimulation({ ...plan, preset: 'large-tick' })]
  assert.deepEqual([mixed.name, largeTick.name], ['simulated-3-2', 'simulated-3-2-large-tick'])
  assert.notDeepEqual(mixed.instruments, largeTick.instruments)
})

test('the past of a market is that of its seed, preset, schedule and first time; none where there is nothing before', () => {
  const schedule = '13:00,13:28,13:30,20:00,20:05'
  const plan = {
    kind: 'simulated',
    seed: 3,
    symbols: 2,
    preset: 'large-tick',
    rules: { ...STANDARD_RULES, schedule },
  } as const
  const market = planSimulation(plan)
  const source = market.open(1_000, undefined)
  const hours = { startMs: 13.5 * 3_600_000, endMs: 20 * 3_600_000 }
  assert.deepEqual(pastOf({ plan, pastDays: 2 }, market, source), {
    seed: 3,
    preset: 'large-tick',
    openTime: 1_000,
    days: 2,
    hours,
  })
  assert.equal(pastOf({ plan, pastDays: 0 }, market, source), undefined)
  assert.equal(pastOf({ plan: { kind: 'replay', file: 'day' }, pastDays: 2 }, market, source), undefined)
})

test('a market that is opened again, later, has the same past', () => {
  const first = openTestVenue({ pastDays: 3 })
  first.runUntilReady()
  const { past } = first.query('state', {})
  assert.deepEqual([past!.openTime, past!.hours], [TEST_WALL_MS - TEST_PAST_MS, null])
  first.close()
  const second = openTestVenue({ pastDays: 3, journal: first.journal, wallMs: TEST_WALL_MS + 86_400_000 })
  assert.deepEqual(second.query('state', {}).past, past)
})
