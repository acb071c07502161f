// The clock watch on a manual clock.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ManualClock } from '../manual-clock.ts'
import { ClockWatch, describeBreak } from './clock-watch.ts'

const DATE = 1_767_623_400_000

describe('the clock watch', () => {
  test('reports each jump and each pause once', () => {
    const clock = new ManualClock(DATE)
    const watch = new ClockWatch(clock)
    const set = (ms: number) => clock.setWall(ms)
    const run = (ms: number) => clock.pass(ms)
    run(1_000)
    assert.equal(watch.check(), undefined)
    set(8 * 3_600_000)
    run(1_000)
    assert.deepEqual(watch.check(), { jumpMs: 8 * 3_600_000, pausedMs: 0 })
    run(1_000)
    assert.equal(watch.check(), undefined)
    set(-9 * 3_600_000)
    assert.equal(watch.check()?.jumpMs, -9 * 3_600_000)
    run(60_000)
    assert.deepEqual(watch.check(), { jumpMs: 0, pausedMs: 60_000 })
    clock.setWall(2_000)
    assert.equal(watch.check(), undefined)
    clock.setWall(2_000)
    assert.equal(watch.check()?.jumpMs, 4_000, 'small corrections that have added up')
  })

  test('describes jumps and pauses for the operator', () => {
    assert.equal(
      describeBreak({ jumpMs: 28_800_000, pausedMs: 0 }),
      'the wall clock jumped forward by 8 h 0 min, as after a sleep of the computer',
    )
    assert.equal(describeBreak({ jumpMs: -3_600_000, pausedMs: 0 }), 'the wall clock was set back by 60 min')
    assert.equal(
      describeBreak({ jumpMs: 5_000, pausedMs: 90_000 }),
      'the wall clock jumped forward by 5 s, as after a sleep of the computer, and the server was suspended for 90 s',
    )
  })
})
