// The next pace that is tried on the way to a rate of events.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextPace } from './market-rate.ts'

test('the pace rises with what is missing, and a little more', () => {
  assert.equal(nextPace(100, 18_000, 20_000), 123)
  assert.equal(nextPace(50, 9_000, 20_000), 123)
})

test('it is at most four times the pace before, also when there was no event', () => {
  assert.equal(nextPace(100, 1, 20_000), 400)
  assert.equal(nextPace(100, 0, 20_000), 400)
})
