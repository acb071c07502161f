// Fills are marked at the bar in which they happened, and nowhere else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { barOf } from '../testing/sample-market.ts'
import { fillMarks, fillTexts } from './fill-marks.ts'

const MINUTE = 60_000
const bars = [0, 1, 5].map(minute => barOf(10, { time: minute * MINUTE }))
const fillAt = (time: number | undefined, change: Partial<Execution> = {}) =>
  ({ symbol: 'AAA', side: 'buy', time, lastSize: 100, lastPrice: 10.5, ...change }) as Execution

test('a fill belongs to the bar of its time; outside of the bars, or of another instrument, it has no mark', () => {
  const fills = [
    fillAt(MINUTE - 1),
    fillAt(MINUTE, { side: 'sell', lastSize: 1_500 }),
    fillAt(3 * MINUTE),
    fillAt(-1),
    fillAt(6 * MINUTE),
    fillAt(0, { symbol: 'BBB' }),
    fillAt(0, { lastPrice: null }),
    fillAt(undefined),
  ]
  const marks = fillMarks(fills, 'AAA', bars, MINUTE, 2)
  assert.deepEqual(
    marks.map(({ bar, side, text }) => [bar, side, text]),
    [
      [0, 'buy', 'Bought 100 at 10.50'],
      [1, 'sell', 'Sold 1,500 at 10.50'],
    ],
  )
  assert.deepEqual([fillTexts(marks, 1), fillTexts(marks, 2)], [['Sold 1,500 at 10.50'], []])
})
