// The countdowns of the operator bar.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goingOn } from './market-control.ts'

const scenarios = [{ name: 'halt', startTime: 0, endTime: 300_000 }]

test('a scenario that runs ends in wall time, by the pace of the market', () => {
  assert.deepEqual(goingOn({ scenarios, time: 60_000, pace: '1x' }), ['halt ends in 4 min 0 s'])
  assert.deepEqual(goingOn({ scenarios, time: 60_000, pace: '60x' }), ['halt ends in 4 s'])
  assert.deepEqual(goingOn({ scenarios, time: 400_000, pace: '1x' }), ['halt ends in 0 s'])
})

test('one that is planned begins', () => {
  assert.deepEqual(goingOn({ scenarios, time: -5_000, pace: '1x' }), ['halt begins in 5 s'])
})

test('a paused market has no time to count', () => {
  assert.deepEqual(goingOn({ scenarios, time: 0, pace: '0x' }), ['halt ends when the market goes on'])
})
