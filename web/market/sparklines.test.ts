// Sparklines: one close a minute, the last hour; the history and the live trades joined.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { barOf, tradeOf } from '../testing/sample-market.ts'
import { createSparklineStore, SPARKLINE_MINUTES } from './sparklines.ts'

function open() {
  const clock = manualClock()
  const sparklines = createSparklineStore(createFrameScheduler(clock))
  const closes = () => {
    clock.frames(70)
    return sparklines.closes('AAA').get()
  }
  return { sparklines, closes }
}

test('keeps one close a minute of the last hour', () => {
  const { sparklines, closes } = open()
  for (let second = 0; second < 7_200; second += 20) {
    sparklines.add(tradeOf(second + 1, second, { time: second * 1_000 }))
  }
  assert.equal(closes().length, SPARKLINE_MINUTES)
  assert.equal(closes().at(-1), 7_180)
})

test('of a longer history the last hour is kept', () => {
  const { sparklines, closes } = open()
  const bars = Array.from({ length: 90 }, (_, minute) => barOf(minute, { time: minute * 60_000 }))
  sparklines.setHistory('AAA', bars)
  assert.deepEqual([closes().length, closes()[0], closes().at(-1)], [SPARKLINE_MINUTES, 30, 89])
})

test('a history comes before the minutes traded since, and replaces those it contains', () => {
  const { sparklines, closes } = open()
  sparklines.add(tradeOf(1, 50, { time: 120_000 }))
  sparklines.add(tradeOf(2, 51, { time: 180_000 }))
  sparklines.setHistory('AAA', [barOf(10, { time: 60_000 }), barOf(11, { time: 120_000 })])
  assert.deepEqual(closes(), [10, 11, 51])
  sparklines.clear()
  assert.deepEqual(closes(), [])
})
