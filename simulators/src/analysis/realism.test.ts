// The realism gate: days of both regimes against the bars of facts/bars.ts. Three seeds with every test run, which is
// too few days for some facts; twenty by `npm run realism --workspace simulators`, and then all are judged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PRESETS, type Preset } from '../market/preset.ts'
import { simulateDay } from './days/simulate-day.ts'
import type { FactName } from './facts/fact-targets.ts'
import { type DayMeasures, measureDay } from './facts/measure-day.ts'
import { measurePooled } from './facts/pooled-facts.ts'
import { judge } from './facts/verdict.ts'

const SEEDS_ALL = 20
const SEEDS = Number(process.env.REALISM_SEEDS ?? 3)
/**
 * Medians of three days scatter; those of 7 to 9 lie where those of twenty do, so that a change of the market shows.
 */
const FIRST_SEED = Number(process.env.TEST_SEED ?? (SEEDS < SEEDS_ALL ? 7 : 1))
/** What three days cannot tell: their sampling error is as wide as the band. */
const NEEDS_ALL_SEEDS: ReadonlySet<FactName> = new Set([
  'returnAcfLag1',
  'returnAcfLag2',
  'returnAcfLag3',
  'returnAcfLag4',
  'returnAcfLag5',
  'absAcfLag60',
  'absAcfExponent',
  'impactExponent',
  'impactPrefactor',
  'impactRemaining',
])
/** Of a mean day: quiet days have fewer. */
const BOOK_EVENTS_LEAST = 200_000

for (const preset of PRESETS) {
  test(`${preset}: the stylised facts of ${SEEDS} days are inside their bands`, () => {
    const days = measure(preset)
    const pooled = measurePooled(days)
    const verdicts = judge(
      days.map(day => day.values),
      pooled.values,
      preset,
    )
    const isJudged = (fact: FactName) => SEEDS >= SEEDS_ALL || !NEEDS_ALL_SEEDS.has(fact)
    const missed = verdicts.filter(
      ({ fact, judgement }) => (judgement === 'not met' || judgement === 'absent') && isJudged(fact),
    )
    const told = missed.map(
      ({ fact, value, band }) => `${fact} is ${value.toFixed(3)}, not ${band!.low} to ${band!.high}`,
    )
    const repeat = `REALISM_SEEDS=${SEEDS} TEST_SEED=${FIRST_SEED} node --test simulators/src/realism.test.ts`
    assert.equal(told.length, 0, `${told.join('; ')}. Repeat: ${repeat}`)
  })
}

function measure(preset: Preset): DayMeasures[] {
  let events = 0
  const days = Array.from({ length: SEEDS }, (_, i) => {
    const day = simulateDay({ preset, seed: FIRST_SEED + i })
    events += day.flow.count
    return measureDay(day)
  })
  assert.ok(events / SEEDS >= BOOK_EVENTS_LEAST, `only ${events / SEEDS} book events a day`)
  return days
}
