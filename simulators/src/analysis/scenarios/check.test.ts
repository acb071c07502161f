// Each scenario must meet its expectations for several seeds and in both regimes; a market without scenarios must not.
// A seed that fails prints the command that repeats it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INSTRUMENTS } from '../../market/instruments.ts'
import { PRESETS } from '../../market/preset.ts'
import { SCENARIOS } from '../../market/scenarios/catalogue.ts'
import type { Scenario } from '../../market/scenarios/scenario.ts'
import { SCENARIO_NAMES } from '../../planned-scenario.ts'
import { checkScenario, findings } from './check.ts'
import { MEASURES } from './measures.ts'
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

test('no two flash crashes are alike: by seed in depth, time and recovery, by symbol in recovery', () => {
  const [first, second] = INSTRUMENTS.map(({ symbol }) => symbol)
  const lows = [1, 2, 3, 4].map(seed => lowOf(seed, first!))
  const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  assert.ok(range(lows.map(({ second }) => second)) >= 15, JSON.stringify(lows))
  assert.ok(range(lows.map(({ depth }) => depth)) >= 0.003, JSON.stringify(lows))
  assert.ok(range(lows.map(({ recovered }) => recovered)) >= 0.2, JSON.stringify(lows))
  const others = lows.map(({ seed, recovered }) => ({ seed, recovered, other: lowOf(seed, second!).recovered }))
  assert.ok(
    others.some(({ recovered, other }) => Math.abs(recovered - other) >= 0.1),
    JSON.stringify(others),
  )
})

/** The low of a flash crash, and how much of it is recovered five minutes after its start. */
function lowOf(seed: number, symbol: string) {
  const startMs = OPEN_MS + SCENARIOS['flash-crash'].usualStartMs
  const recording = recordScenario(startMs, 'flash-crash', { seed, symbol })
  const first = Math.round((startMs - OPEN_MS) / BOOK_SAMPLE_MS)
  const mids = recording.samples.slice(first, first + FALL_SAMPLES).map(({ midTicks }) => midTicks)
  const lowest = Math.min(...mids)
  const recovered = MEASURES.recovered(recording, startMs, startMs + FALL_SAMPLES * BOOK_SAMPLE_MS)
  return { seed, second: mids.indexOf(lowest), depth: lowest / mids[0]!, recovered }
}

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
