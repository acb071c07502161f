// Which streams ran on, from made arrivals: one lane that waits, all that wait, none, and the jitter of a machine.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Arrival, longestGap, lossFinding, lossOutcome } from './order-of-arrival.ts'

const LANES = 6
const SPACING_MS = 10

/** Sixty events, ten milliseconds apart; `waitMs` says by how much each arrives late. */
function arrivalsWith(waitMs: (number: number, lane: number) => number): Arrival[] {
  return Array.from({ length: 60 }, (_, number) => ({ lane: number % LANES, number }))
    .map(({ lane, number }) => ({ lane, number, atMs: number * SPACING_MS + waitMs(number, lane) }))
    .sort((a, b) => a.atMs - b.atMs || a.number - b.number)
}

/** What was sent at `fromMs` and later waits until 200 ms after, and then arrives in order. */
function heldFrom(fromMs: number, number: number): number {
  return Math.max(0, Math.min(200, fromMs + 200 - number * SPACING_MS))
}

describe('the order of arrival', () => {
  it('says that all others ran on when one lane waits', () => {
    const outcome = lossOutcome(
      arrivalsWith((number, lane) => (lane === 2 && number >= 20 ? heldFrom(200, number) : 0)),
    )
    assert.deepEqual(outcome.ranOn, [0, 1, 3, 4, 5])
    assert.equal(lossFinding(outcome, LANES), 'independent')
  })

  it('says that none ran on when all wait together', () => {
    const outcome = lossOutcome(arrivalsWith(number => (number >= 20 ? heldFrom(200, number) : 0)))
    assert.deepEqual(outcome.ranOn, [])
    assert.ok(outcome.silenceMs >= 200)
    assert.equal(lossFinding(outcome, LANES), 'shared')
  })

  it('counts those that ran on when two lanes wait', () => {
    const outcome = lossOutcome(
      arrivalsWith((number, lane) => ((lane === 2 || lane === 3) && number >= 20 ? heldFrom(200, number) : 0)),
    )
    assert.deepEqual(outcome.ranOn, [0, 1, 4, 5])
    assert.equal(lossFinding(outcome, LANES), 'some')
  })

  it('finds nothing in jitter, in a stream that is late as a whole, or without arrivals', () => {
    for (const arrivals of [
      arrivalsWith(() => 0),
      arrivalsWith((number, lane) => (number * 7 + lane * 3) % 40),
      arrivalsWith((_, lane) => (lane === 1 ? 35 : 0)),
      [],
    ]) {
      const outcome = lossOutcome(arrivals)
      assert.deepEqual(outcome.ranOn, [])
      assert.equal(lossFinding(outcome, LANES), 'unclear')
    }
  })

  it('finds the longest gap', () => {
    const at = (atMs: number): Arrival => ({ lane: 0, number: atMs, atMs })
    assert.deepEqual(longestGap([at(0), at(60), at(300), at(360)]), { fromMs: 60, lengthMs: 240 })
    assert.equal(longestGap([at(0)]), undefined)
  })
})
