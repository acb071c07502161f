// Tape and sparks: each trade once, newest first, never more than is kept.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrames } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { tradeOf } from '../testing/sample-market.ts'
import { createSparkKeeper, SPARK_MINUTES } from './sparklines.ts'
import { createTapeKeeper, TRADES_KEPT } from './tape.ts'

test('history and live trades are joined by seq', () => {
  const clock = manualClock()
  const tape = createTapeKeeper(createFrames(clock))
  tape.clear('AAA')
  tape.add(tradeOf(5, 10))
  tape.add(tradeOf(6, 11))
  tape.addHistory('AAA', [tradeOf(5, 10), tradeOf(4, 9), tradeOf(3, 8)])
  tape.add(tradeOf(6, 11))
  tape.add(tradeOf(7, 12, { symbol: 'BBB' }))
  clock.frames(10)
  assert.deepEqual(
    tape.cell.get().trades.map(trade => trade.seq),
    [6, 5, 4, 3],
  )
})

test('the tape is bounded', () => {
  const clock = manualClock()
  const tape = createTapeKeeper(createFrames(clock))
  tape.clear('AAA')
  for (let seq = 1; seq <= TRADES_KEPT * 2; seq++) tape.add(tradeOf(seq, 10))
  clock.frames(10)
  assert.equal(tape.cell.get().trades.length, TRADES_KEPT)
  assert.equal(tape.cell.get().trades[0]!.seq, TRADES_KEPT * 2)
})

test('a spark is one close a minute, the last hour of them', () => {
  const clock = manualClock()
  const sparks = createSparkKeeper(createFrames(clock))
  for (let second = 0; second < 7_200; second += 20) sparks.add(tradeOf(second + 1, second, { time: second * 1_000 }))
  clock.frames(70)
  const closes = sparks.cell('AAA').get()
  assert.equal(closes.length, SPARK_MINUTES)
  assert.equal(closes.at(-1), 7_180)
})
