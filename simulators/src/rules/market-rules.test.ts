// The rules of a market from its settings.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LULD_BANDS } from '@papertape/engine'
import { nameOfRules, parsePercent, parseSchedule, rulesOf, STANDARD_RULES } from './market-rules.ts'

const HOUR_MS = 3_600_000

test('the standard rules are the LULD plan, and have no name', () => {
  const rules = rulesOf(STANDARD_RULES)
  assert.deepEqual(rules.bands, LULD_BANDS)
  assert.deepEqual(rules.collar, { bps: 500, leastUnits: 2_500 })
  assert.equal(rules.schedule, null)
  assert.equal(nameOfRules(STANDARD_RULES), '')
})

test('other rules give the market another name', () => {
  const settings = { bands: 'off', collar: '2.5', schedule: '08:00,09:00,09:30,16:00,16:05' }
  assert.equal(nameOfRules(settings), '-bands-off-collar-2.5-day-0800-0900-0930-1600-1605')
  const { bands, collar, schedule } = rulesOf(settings)
  assert.equal(bands, null)
  assert.equal(collar?.bps, 250)
  assert.equal(schedule?.preOpenMs, 8 * HOUR_MS)
  assert.equal(schedule?.closedMs, 16 * HOUR_MS + 300_000)
  assert.equal(rulesOf({ ...STANDARD_RULES, bands: '10' }).bands?.widths[0]?.tierTwoBps, 2_000)
})

test('an invalid percentage or schedule is distinguished from off', () => {
  for (const text of ['', '0', '51', '5%', '-1', '1.234', 'on']) assert.equal(parsePercent(text), undefined, text)
  for (const text of ['08:00', '8:00,9:00,9:30,16:00,16:05', '08:00,09:00,09:30,16:00,15:00', '1,2,3,4,5']) {
    assert.equal(parseSchedule(text), undefined, text)
  }
  assert.equal(parsePercent('off'), null)
  assert.equal(parseSchedule(''), null)
})
