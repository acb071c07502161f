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

const SETTINGS = {
  instruments: { ACME: { previousClose: 50 } },
  scenarios: { mine: { steps: [{ kind: 'jump', atMs: 60_000, fraction: -0.04, symbols: 'first' }] } },
} as const

test('a market of other settings, or other instruments, has another name', () => {
  const plan = { kind: 'simulated', seed: 3, symbols: ['ACME', 'VELTR'], settings: SETTINGS as never } as const
  const { name, instruments } = planSimulation(plan)
  assert.match(name, /^simulated-3-2-config-[0-9a-f]{16}$/)
  assert.deepEqual([instruments[0]!.symbol, instruments[0]!.previousCloseTicks], ['ACME', 5_000])
  assert.equal(planSimulation({ ...plan, symbols: [...plan.symbols] }).name, name)
  const names = [
    planSimulation({ ...plan, settings: { ...SETTINGS, impact: 20 } as never }).name,
    planSimulation({ ...plan, symbols: ['VELTR', 'ACME'] }).name,
    planSimulation({ ...plan, symbols: ['NIMBR', 'VELTR'], settings: undefined }).name,
    planSimulation({ ...plan, symbols: ['VELTR', 'NIMBR'], settings: undefined }).name,
  ]
  assert.equal(new Set([name, ...names]).size, 5)
  // The usual instruments, without settings, are the usual market.
  assert.equal(names[3], 'simulated-3-2')
})

test('a venue runs the market of its settings: own instruments, own scenarios, also after a restart', () => {
  const plan = {
    kind: 'simulated',
    seed: 3,
    symbols: ['ACME'],
    settings: SETTINGS as never,
    scenarios: ['mine'],
  } as const
  const first = openTestVenue({ plan, pastDays: 1 })
  first.runUntilReady()
  const { specs, scenarios, scenarioNames, past } = first.query('state', {})
  assert.deepEqual(
    specs.map(({ symbol }) => symbol),
    ['ACME'],
  )
  assert.deepEqual(
    scenarios.map(({ name, startTime, endTime }) => [name, endTime - startTime]),
    [['mine', 60_000]],
  )
  assert.equal(scenarioNames.at(-1), 'mine')
  assert.deepEqual(past!.settings, SETTINGS)
  first.close()
  const second = openTestVenue({ plan, pastDays: 1, journal: first.journal })
  assert.deepEqual(second.query('state', {}).scenarios, scenarios)
})
