// Judging: medians, the ends of targets, facts without a target, facts without a value.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PRESETS } from '../../market/preset.ts'
import { FACT_NAMES, type FactName, type FactValues, factOf } from './fact-targets.ts'
import type { PooledFacts } from './pooled-facts.ts'
import { judge } from './verdict.ts'

const POOLED = {
  absAcfExponent: 0.3,
  impactExponent: 0.5,
  impactPrefactor: 1,
  impactRemaining: 0.6,
  impactExponentPlain: 0.5,
  ownImpactExponent: 0.5,
  ownImpactPrefactor: 1,
}
const NO_INTERVALS = Object.fromEntries(Object.keys(POOLED).map(name => [name, undefined])) as PooledFacts['intervals']

function day(values: Partial<Record<FactName, number>>): FactValues {
  return { ...Object.fromEntries(FACT_NAMES.map(name => [name, Number.NaN])), ...values } as FactValues
}

function verdictOf(fact: FactName, days: readonly number[], preset: (typeof PRESETS)[number] = 'small-tick') {
  const values = days.map(value => day({ [fact]: value }))
  return judge(values, { values: POOLED, intervals: NO_INTERVALS }, preset).find(verdict => verdict.fact === fact)!
}

test('the median over days is judged, and the ends of a target are inside', () => {
  assert.equal(verdictOf('hillIndex', [1, 3, 99]).judgement, 'met')
  assert.equal(verdictOf('hillIndex', [1, 1.9, 3]).judgement, 'not met')
  assert.equal(verdictOf('hillIndex', [5]).judgement, 'met')
  assert.equal(verdictOf('hillIndex', [5.001]).judgement, 'not met')
  assert.equal(verdictOf('returnAcfLag1', [-0.05]).judgement, 'met')
  assert.equal(verdictOf('absAcfLag10', [1e9]).judgement, 'met')
  const { value, lowQuartile, highQuartile, days } = verdictOf('hillIndex', [4, 2, 3, Number.NaN])
  assert.deepEqual([value, lowQuartile, highQuartile, days], [3, 2.5, 3.5, 3])
})

test('a fact without a value is absent, one without a target is not judged', () => {
  assert.equal(verdictOf('hillIndex', [Number.NaN]).judgement, 'absent')
  assert.equal(verdictOf('minuteReturnSd', [7]).judgement, 'not judged')
  assert.equal(verdictOf('spreadMedian', [12]).judgement, 'met')
  assert.equal(verdictOf('spreadMedian', [12], 'large-tick').judgement, 'not judged')
  assert.equal(verdictOf('oneTickShare', [0.92], 'large-tick').judgement, 'not met')
})

test('pooled facts are judged by the value of all days together', () => {
  const pooled = { values: { ...POOLED, impactExponent: 0.61 }, intervals: NO_INTERVALS }
  const verdicts = judge([day({ impactExponent: 9 })], pooled, 'large-tick')
  const judgement = (fact: FactName) => verdicts.find(verdict => verdict.fact === fact)!.judgement
  assert.equal(judgement('impactExponent'), 'not met')
  assert.equal(judgement('impactPrefactor'), 'met')
  for (const name of FACT_NAMES) assert.equal(factOf(name).pooled === true, Object.hasOwn(POOLED, name), name)
})

test('each target has a width', () => {
  for (const name of FACT_NAMES) {
    const { bands } = factOf(name)
    for (const preset of PRESETS) assert.ok((bands?.[preset]?.low ?? 0) < (bands?.[preset]?.high ?? 1), name)
  }
})
