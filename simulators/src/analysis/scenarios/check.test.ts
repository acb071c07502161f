// Each scenario must meet its expectations for several seeds and in both regimes; a market without scenarios must not.
// A seed that fails prints the command that repeats it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PRESETS } from '../../market/preset.ts'
import { SCENARIOS } from '../../market/scenarios/catalogue.ts'
import type { Scenario } from '../../market/scenarios/scenario.ts'
import { SCENARIO_NAMES } from '../../planned-scenario.ts'
import { checkScenario, findings } from './check.ts'
import { BOOK_SAMPLE_MS, OPEN_MS, recordScenario, type ScenarioRunOptions } from './scenario-recording.ts'

const given = process.env.TEST_SEED
const SEEDS = given === undefined ? [1, 2, 3] : [Number(given)]
const MARKETS: readonly ScenarioRunOptions[] = [
  ...SEEDS.map(seed => ({ seed })),
  ...PRESETS.map(preset => ({ seed: SEEDS[0]!, preset })),
]

/** Of five minutes. */
const FALL_SAMPLES = 300_000 / BOOK_SAMPLE_MS

for (const name of SCENARIO_NAMES) {
  test(`${name}: meets its expectations`, () => {
    for (const { seed, preset = 'mixed' } of MARKETS) {
      const found = checkScenario(name, { seed, preset: PRESETS.find(known => known === preset) })
      const missed = found.filter(({ met }) => !met)
      const unmet = missed.map(({ expectation, value }) => `${expectation.description}: ${value}`).join('; ')
      const repeat = `npm run sim -- scenarios ${name} --check --seed ${seed} --preset ${preset}`
      assert.equal(missed.length, 0, `${unmet}. Repeat: ${repeat}`)
    }
  })
}

test('no two flash crashes are alike: their lows differ by seed in depth and time', () => {
  const lows = [1, 2, 3, 4].map(seed => {
    const { samples, startMs, openMs } = recordScenario(
      OPEN_MS + SCENARIOS['flash-crash'].usualStartMs,
      'flash-crash',
      { seed },
    )
    const first = Math.round((startMs - openMs) / BOOK_SAMPLE_MS)
    const mids = samples.slice(first, first + FALL_SAMPLES).map(({ midTicks }) => midTicks)
    const lowest = Math.min(...mids)
    return { second: mids.indexOf(lowest), depth: lowest / mids[0]! }
  })
  const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  assert.ok(range(lows.map(({ second }) => second)) >= 15, JSON.stringify(lows))
  assert.ok(range(lows.map(({ depth }) => depth)) >= 0.003, JSON.stringify(lows))
})

test('a market without scenarios does not meet them', () => {
  for (const name of SCENARIO_NAMES) {
    const { usualStartMs, expect }: Scenario = SCENARIOS[name]
    const usual = recordScenario(OPEN_MS + usualStartMs, undefined, { seed: SEEDS[0]! })
    assert.ok(
      findings(expect, usual, usual).some(({ met }) => !met),
      `a usual market meets those of ${name}`,
    )
  }
})

test('steps are in order of time, and expectations have bounds', () => {
  for (const name of SCENARIO_NAMES) {
    const { steps, expect }: Scenario = SCENARIOS[name]
    const times = steps.map(({ atMs }) => atMs)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    for (const { least, most, fromMs, toMs } of expect) {
      assert.ok(least !== undefined || most !== undefined)
      assert.ok(toMs > fromMs)
    }
  }
})
