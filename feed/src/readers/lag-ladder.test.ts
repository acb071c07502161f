// The steps of a conflated reader: down after a second, up after ten and later each time, in the order of the table.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LagLadder } from './lag-ladder.ts'

/** Judges ten times a second. @returns the step and the rates after each change. */
function judge(ladder: LagLadder, fits: boolean, fromMs: number, toMs: number) {
  const changes: (string | number)[][] = []
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 100) {
    const way = ladder.judge(fits, nowMs)
    const { quoteHz, bookHz } = ladder.rates
    if (way !== undefined) changes.push([way, ladder.step, quoteHz, bookHz, nowMs])
  }
  return changes
}

describe('the ladder', () => {
  test('goes down a step a second: the rate, then the books, then it cannot be helped', () => {
    const ladder = new LagLadder(10, 0)
    assert.deepEqual([ladder.step, ladder.isAtTop], ['conflate', true])
    assert.deepEqual(judge(ladder, false, 0, 10_000), [
      ['down', 'rate', 5, 5, 1_000],
      ['down', 'rate', 2.5, 2.5, 2_000],
      ['down', 'book', 2.5, 0.625, 3_000],
      ['down', 'book', 2.5, 0.156_25, 4_000],
      ['down', 'lagging', 1.25, 0.156_25, 5_000],
    ])
  })

  test('stays at a step longer each time that it has to be taken again at once', () => {
    const ladder = new LagLadder(10, 0)
    judge(ladder, false, 0, 1_100)
    const waits: number[] = []
    for (let nowMs = 1_100, n = 0; n < 5; n++) {
      const fromMs = nowMs
      while (ladder.judge(true, nowMs) === undefined) nowMs += 100
      waits.push(nowMs - fromMs)
      while (ladder.judge(false, nowMs) === undefined) nowMs += 100
    }
    assert.deepEqual(waits, [10_000, 40_000, 160_000, 640_000, 640_000])
  })

  test('does not go below a rate that may be asked for', () => {
    const ladder = new LagLadder(0.1, 0)
    judge(ladder, false, 0, 10_000)
    assert.deepEqual(ladder.rates, { quoteHz: 0.1, bookHz: 0.1 })
  })
})
