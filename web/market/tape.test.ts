// The tape: each trade once, newest first, a limited number.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { tradeOf } from '../testing/sample-market.ts'
import { createTapeStore, TRADES_KEPT } from './tape.ts'

test('history and live trades are joined by seq; each trade counts once', () => {
  const clock = manualClock()
  const tape = createTapeStore(createFrameScheduler(clock))
  tape.clear('AAA')
  tape.add(tradeOf(5, 10))
  tape.add(tradeOf(6, 11))
  tape.addHistory('AAA', [tradeOf(5, 10), tradeOf(4, 9), tradeOf(3, 8)])
  tape.add(tradeOf(6, 11))
  tape.add(tradeOf(7, 12, { symbol: 'BBB' }))
  clock.frames(10)
  assert.deepEqual(
    tape.state.get().trades.map(trade => trade.seq),
    [6, 5, 4, 3],
  )
})

test('keeps the last trades up to a limit', () => {
  const clock = manualClock()
  const tape = createTapeStore(createFrameScheduler(clock))
  tape.clear('AAA')
  for (let seq = 1; seq <= TRADES_KEPT * 2; seq++) tape.add(tradeOf(seq, 10))
  clock.frames(10)
  assert.equal(tape.state.get().trades.length, TRADES_KEPT)
  assert.equal(tape.state.get().trades[0]!.seq, TRADES_KEPT * 2)
})
