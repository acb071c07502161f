// What is in flight is bounded by its age: for peers of any speed and distance.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { DeliveryProgress } from './delivery-progress.ts'

describe('a peer', () => {
  test('that keeps up is written to without end', () => {
    const progress = new DeliveryProgress()
    for (let n = 1; n <= 1_000; n++) {
      progress.write(n)
      progress.mark(n * 100)
      assert.ok(progress.hasRoom(n * 100 + 50))
      progress.take(n, n * 100 + 90)
    }
  })

  test('that nothing is in flight to is never late, however long ago it was written to', () => {
    const progress = new DeliveryProgress()
    progress.write(1)
    progress.mark(0)
    progress.take(1, 10)
    assert.ok(progress.hasRoom(1_000_000))
    progress.mark(1_000_000)
    assert.ok(progress.hasRoom(2_000_000))
  })

  test('that was late has one burst in flight until it has kept up for ten seconds', () => {
    const progress = new DeliveryProgress()
    progress.write(1)
    progress.mark(0)
    assert.equal(progress.hasRoom(251), false)
    progress.take(1, 251)
    assert.ok(progress.hasRoom(251))
    progress.write(2)
    assert.equal(progress.hasRoom(252), false)
    progress.take(2, 300)
    progress.write(3)
    assert.ok(progress.hasRoom(10_252), 'trusted again')
  })

  test('that was late stays so for as long as it is written less than there is', () => {
    const progress = new DeliveryProgress()
    progress.prolongProbation(0)
    assert.equal(progress.isOnProbation(1), false, 'it was never late')
    progress.write(1)
    progress.mark(0)
    assert.equal(progress.hasRoom(251), false)
    progress.take(1, 251)
    for (let nowMs = 1_000; nowMs <= 60_000; nowMs += 1_000) progress.prolongProbation(nowMs)
    assert.equal(progress.isOnProbation(69_999), true)
    assert.equal(progress.isOnProbation(70_000), false)
  })

  test('whose way becomes longer is late at first, and not any more after two minutes', () => {
    const progress = new DeliveryProgress()
    let written = 0
    let lastLateMs = 0
    for (let nowMs = 0; nowMs < 600_000; nowMs += 1_000) {
      progress.write(++written)
      progress.mark(nowMs)
      const awayMs = nowMs < 30_000 ? 20 : 400
      if (progress.isOnProbation(nowMs + awayMs)) lastLateMs = nowMs
      progress.take(written, nowMs + awayMs)
    }
    assert.ok(lastLateMs > 30_000 && lastLateMs < 300_000, `until ${lastLateMs}`)
  })

  test('of any speed has for 99 % of ten minutes no more in flight than it takes in a second', () => {
    // Asked for more than the link carries; written to at each step while there is room, and asked about at each.
    const STEP_MS = 20
    const TEN_MINUTES_MS = 600_000
    holds(
      import.meta.filename,
      fc.property(
        fc.record({
          perSecond: fc.integer({ min: 200, max: 50_000 }),
          over: fc.double({ min: 1.5, max: 4.5, noNaN: true }),
          awayMs: fc.integer({ min: 0, max: 200 }),
        }),
        ({ perSecond, over, awayMs }) => {
          const progress = new DeliveryProgress()
          const arrivals: { readonly atMs: number; readonly total: number }[] = []
          let written = 0
          let linkFreeMs = 0
          let lateSteps = 0
          for (let nowMs = 0; nowMs < TEN_MINUTES_MS; nowMs += STEP_MS) {
            while (arrivals.length > 0 && arrivals[0]!.atMs + awayMs <= nowMs) {
              progress.take(arrivals.shift()!.total, nowMs)
            }
            if (progress.hasRoom(nowMs)) {
              const bytes = (perSecond * over * STEP_MS) / 1_000
              linkFreeMs = Math.max(linkFreeMs, nowMs) + (bytes * 1_000) / perSecond
              written += bytes
              progress.write(written)
              arrivals.push({ atMs: linkFreeMs, total: written })
            }
            if (linkFreeMs - nowMs > 1_000) lateSteps++
            progress.mark(nowMs)
          }
          const share = (lateSteps * STEP_MS) / TEN_MINUTES_MS
          assert.ok(share < 0.01, `${share} of the time`)
        },
      ),
    )
  })
})
