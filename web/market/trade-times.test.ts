// The market's time of a fill: exactly that of its trade, also after a pause; otherwise by the nearest trade.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTradeTimes } from './trade-times.ts'

test('a fill has the time of its trade; one between or before the known trades that of the nearest', () => {
  const times = createTradeTimes()
  assert.equal(times.timeOf(5_000_000), 5_000, 'nothing is known yet')
  times.add({ ts: 10_000_000, time: 9_000 })
  // The market was paused for two minutes.
  times.add({ ts: 130_000_000, time: 9_400 })
  assert.deepEqual([10_000_000, 130_000_000].map(times.timeOf), [9_000, 9_400])
  assert.equal(times.timeOf(8_000_000), 7_000)
  assert.equal(times.timeOf(131_000_000), 10_400)
})
