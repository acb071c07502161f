// Who is taken in while the event loop is late, all places are taken, or the process shuts down.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Admission } from './admission.ts'

const LAG_MAX_MS = 40

function measured(...lagsMs: readonly number[]): Admission {
  const admission = new Admission(LAG_MAX_MS)
  for (const lagMs of lagsMs) admission.addLag(lagMs)
  return admission
}
const times = (count: number, lagMs: number) => Array.from({ length: count }, () => lagMs)
const causeOf = (admission: Admission, isFull = false) => admission.refusal(isFull)?.cause

describe('newcomers', () => {
  test('are refused while the loop is late again and again, before it lags 100 ms', () => {
    assert.equal(causeOf(measured(...times(10, 40))), undefined)
    assert.equal(causeOf(measured(...times(10, 41))), 'lag')
    // Turns of 90 ms one after the other: a timer that is due at any time in one is half of that late in the mean.
    const turns = Array.from({ length: 10 }, (_, n) => (90 * (n + 0.5)) / 10)
    assert.equal(causeOf(measured(...turns)), 'lag')
    assert.equal(causeOf(measured(...times(5, 1_000))), 'lag', 'turns of a second are noticed in five')
  })

  test('are not refused for one long pause or two, nor for a loop that is somewhat late', () => {
    assert.equal(causeOf(measured(150)), undefined)
    assert.equal(causeOf(measured(...times(9, 5), 10_000)), undefined)
    assert.equal(causeOf(measured(...times(4, 0), 150, ...times(4, 0), 150)), undefined)
    assert.equal(causeOf(measured(...times(100, 35))), undefined)
  })

  test('are taken again below a half of the limit, not at the limit', () => {
    const admission = measured(...times(10, 60))
    for (const lagMs of times(10, 30)) admission.addLag(lagMs)
    assert.equal(causeOf(admission), 'lag')
    for (const lagMs of times(10, 15)) admission.addLag(lagMs)
    assert.equal(causeOf(admission), undefined)
    for (const lagMs of times(10, 30)) admission.addLag(lagMs)
    assert.equal(causeOf(admission), undefined, 'between the two it stays as it was')
  })

  for (const lagMaxMs of [1, 15, 1_000, 10_000]) {
    test(`are refused above any limit, ${lagMaxMs} ms, and not for a pause`, () => {
      const admission = new Admission(lagMaxMs)
      for (const lagMs of [...times(8, 0), 60_000, 60_000]) admission.addLag(lagMs)
      assert.equal(causeOf(admission), undefined)
      for (const lagMs of times(10, 60_000)) admission.addLag(lagMs)
      assert.equal(causeOf(admission), 'lag')
    })
  }

  test('are never refused for lag when the limit is off', () => {
    const admission = new Admission()
    for (const lagMs of times(20, 5_000)) admission.addLag(lagMs)
    assert.equal(causeOf(admission), undefined)
  })

  test('are refused for good once it is closed, each with a time of its own', () => {
    const admission = measured()
    const retries = [700, 900]
    admission.close(() => retries.shift()!)
    assert.deepEqual(admission.refuse(true), { cause: 'closing', retryMs: 700 })
    assert.deepEqual(admission.refuse(false), { cause: 'closing', retryMs: 900 })
  })

  test('are counted by cause when they are refused', () => {
    const admission = measured(...times(10, 60))
    assert.deepEqual(admission.refuse(true), { cause: 'full', retryMs: undefined })
    admission.refuse(false)
    admission.refusal(false)
    admission.close(() => 500)
    admission.refuse(false)
    assert.deepEqual(admission.refused, { full: 1, lag: 1, closing: 1, replays: 0 })
    assert.equal(measured().refuse(false), undefined)
  })
})
