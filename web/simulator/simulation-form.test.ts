// The checks of the simulation form.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkForm, EMPTY_FORM, requestOf } from './simulation-form.ts'

const SCENARIOS = [{ name: 'halt', title: 'Halt', description: 'Trading stops.', usualStartMs: 600_000 }]
const check = (typed: Partial<typeof EMPTY_FORM>) => checkForm({ ...EMPTY_FORM, ...typed }, SCENARIOS)

describe('the form of a simulation', () => {
  test('can be sent as it opens', () => {
    assert.deepEqual(check({}), {})
    assert.deepEqual(requestOf(EMPTY_FORM), { preset: 'mixed', duration: '1h', symbols: 2 })
  })

  test('sends the seed, and the scenario with its start', () => {
    const form = { ...EMPTY_FORM, seed: ' 7 ', scenario: 'halt', startsAfter: '20m' }
    assert.deepEqual(checkForm(form, SCENARIOS), {})
    const request = { preset: 'mixed', duration: '1h', symbols: 2, seed: 7, scenario: 'halt+20m' }
    assert.deepEqual(requestOf(form), request)
    assert.equal(requestOf({ ...form, startsAfter: '' }).scenario, 'halt')
  })

  test('refuses a length that is none, too short, or a year', () => {
    assert.match(check({ length: 'an hour' }).length!, /such as 10m/)
    assert.match(check({ length: '30s' }).length!, /At least one minute/)
    assert.match(check({ length: '365d' }).length!, /At most 6.5 hours, a trading day/)
  })

  test('refuses a seed that is none', () => {
    for (const seed of ['x', '-1', '1.5', '4294967296']) assert.match(check({ seed }).seed!, /whole number/, seed)
    assert.deepEqual(check({ seed: '4294967295' }), {})
  })

  test('refuses a scenario that would start too late, or at no time', () => {
    assert.match(check({ scenario: 'halt', startsAfter: '2h' }).startsAfter!, /after the end/)
    assert.match(check({ scenario: 'halt', startsAfter: 'soon' }).startsAfter!, /Type a time/)
    assert.match(check({ scenario: 'halt', length: '10m' }).startsAfter!, /usually starts after 10 minutes/)
    assert.deepEqual(check({ startsAfter: 'soon' }), {}, 'without a scenario it does not matter')
  })
})
