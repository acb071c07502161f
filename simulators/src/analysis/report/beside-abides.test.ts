// What a day has beside ABIDES: every fact that was measured of it, with its figure and the day's.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulateDay } from '../days/simulate-day.ts'
import { FACT_NAMES, factOf } from '../facts/fact-targets.ts'
import { besideAbides, COMPARED_WITH } from './beside-abides.ts'

test('has each fact that ABIDES has, with figures of both', () => {
  const facts = besideAbides([simulateDay({ preset: 'small-tick', seed: 1 })], 'small-tick')
  assert.equal(facts.length, FACT_NAMES.filter(name => factOf(name).abides !== undefined).length)
  for (const { title, value, real, abides } of facts) {
    for (const text of [value, abides]) assert.match(text, /\d/, title)
    assert.equal(real.length, COMPARED_WITH.length)
  }
  const returns = facts.find(({ title }) => title === 'ACF of 1-min returns, lag 1')
  assert.deepEqual([returns?.target, returns?.abides], ['± 0.05', '0.20 … 0.44'])
})
