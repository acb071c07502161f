// When the pace writes, by a manual clock.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ManualClock } from '@papertape/venue'
import { ConnectionPace } from './connection-pace.ts'
import { STALLED } from './paced-link.ts'

function createPace() {
  const clock = new ManualClock(0)
  const pace = new ConnectionPace(clock)
  /** What was written, each with its time. */
  const writes: [name: string, atMs: number][] = []
  const add = (name: string, bytes: number, owner: object = clock) =>
    pace.add(owner, bytes, () => writes.push([name, clock.nowMs()]))
  return { clock, pace, writes, add }
}

describe('the pace of a connection', () => {
  test('writes at once at full speed, and has room', () => {
    const { pace, writes, add } = createPace()
    add('a', 1_000_000)
    assert.deepEqual(writes, [['a', 0]])
    assert.deepEqual([pace.isPaced, pace.hasRoom], [false, true])
  })

  test('writes so many bytes a second, each after the latency', () => {
    const { clock, pace, writes, add } = createPace()
    pace.set({ bytesPerSecond: 1_000, latencyMs: 400 }, 60_000)
    for (const name of ['a', 'b', 'c']) add(name, 100)
    clock.pass(10_000)
    add('d', 500)
    clock.pass(10_000)
    assert.deepEqual(writes, [
      ['a', 500],
      ['b', 600],
      ['c', 700],
      ['d', 10_900],
    ])
  })

  test('adds its jitter to each write, in order, and counts what waits', () => {
    const { clock, pace, writes, add } = createPace()
    const jitters = [0, 50, 10, 0, 0]
    pace.set({ bytesPerSecond: 1_000_000, latencyMs: 100, jitterMs: write => jitters[write]! }, 60_000)
    for (const name of ['a', 'b', 'c']) add(name, 0)
    add('d', 700)
    assert.equal(pace.waitingBytes, 700)
    clock.pass(120)
    assert.equal(writes.length, 0)
    clock.pass(1_000)
    assert.deepEqual(
      writes.map(([name, atMs]) => [name, Math.floor(atMs)]),
      [
        ['a', 150],
        ['b', 150],
        ['c', 150],
        ['d', 150],
      ],
    )
    assert.equal(pace.waitingBytes, 0)
  })

  test('has no room while what waits takes longer than a quarter of a second, and calls back when it has', () => {
    const { clock, pace, add } = createPace()
    pace.set({ bytesPerSecond: 1_000, latencyMs: 400 }, 60_000)
    add('a', 250)
    assert.equal(pace.hasRoom, true)
    add('b', 100)
    assert.equal(pace.hasRoom, false)
    let calledMs = -1
    pace.onRoom(0, () => {
      calledMs = clock.nowMs()
    })
    clock.pass(5_000)
    assert.equal(calledMs, 100, 'latency takes no room')
  })

  test('stalled has no room and writes nothing until the stall is over, then all in order', () => {
    const { clock, pace, writes, add } = createPace()
    pace.set(STALLED, 5_000)
    assert.equal(pace.hasRoom, false)
    let called = 0
    pace.onRoom(0, () => called++)
    add('a', 1)
    add('b', 1)
    clock.pass(4_999)
    assert.deepEqual([writes, called], [[], 0])
    clock.pass(1)
    assert.deepEqual(
      [writes, called],
      [
        [
          ['a', 5_000],
          ['b', 5_000],
        ],
        1,
      ],
    )
    assert.deepEqual([pace.isPaced, pace.hasRoom], [false, true])
  })

  test('takes a new speed for what waits, in place of the one before and of its end', () => {
    const { clock, pace, writes, add } = createPace()
    pace.set(STALLED, 5_000)
    add('a', 100)
    add('b', 100)
    clock.pass(1_000)
    pace.set({ bytesPerSecond: 100, latencyMs: 0 }, 30_000)
    clock.pass(10_000)
    assert.deepEqual(writes, [
      ['a', 2_000],
      ['b', 3_000],
    ])
    assert.equal(pace.isPaced, true)
    pace.set(STALLED, 0)
    clock.pass(0)
    assert.equal(pace.isPaced, false, 'no duration ends it')
  })

  test('calls who added longest ago first, so that nobody uses all the room', () => {
    const { clock, pace, add } = createPace()
    pace.set({ bytesPerSecond: 1_000, latencyMs: 0 }, 60_000)
    const written: string[] = []
    /** A reader that always has more to write than there is room. */
    const readOn = (name: string, lastAdd: number) => () => {
      let added = lastAdd
      if (pace.hasRoom) {
        written.push(name)
        added = add(name, 1_000)
      }
      pace.onRoom(added, readOn(name, added))
    }
    for (const name of ['a', 'b', 'c']) pace.onRoom(0, readOn(name, 0))
    clock.pass(6_000)
    assert.deepEqual(written.slice(0, 6), ['a', 'b', 'c', 'a', 'b', 'c'])
  })

  test('writes nothing of an owner that has gone', () => {
    const { clock, pace, writes, add } = createPace()
    pace.set(STALLED, 5_000)
    const owner = {}
    add('a', 1)
    add('b', 1, owner)
    pace.drop(owner)
    clock.pass(5_000)
    assert.deepEqual(
      writes.map(([name]) => name),
      ['a'],
    )
  })

  test('writes nothing and calls nobody back when the connection has gone', () => {
    const { clock, pace, writes, add } = createPace()
    pace.set(STALLED, 5_000)
    add('a', 1)
    pace.onRoom(0, () => writes.push(['called back', clock.nowMs()]))
    pace.close()
    assert.equal(clock.runNext(), false, 'no timer is left')
    assert.deepEqual(writes, [])
  })
})
