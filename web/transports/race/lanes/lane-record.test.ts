// Missed and repeated events by their ids, latencies, bytes and requests, outages.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LaneRecord } from './lane-record.ts'
import { SeenEvents } from './seen-events.ts'

const event = (seq: number, sequencedMs = 0) => ({ seq, kind: 'quote', sequencedMs }) as const

function twoLanes() {
  const union = new SeenEvents()
  return [new LaneRecord(union), new LaneRecord(union)] as const
}

describe('a lane of the race', () => {
  test('has missed what another lane has and it skipped, not what is still to come', () => {
    const [one, other] = twoLanes()
    for (const seq of [3, 5, 8, 9]) one.add(event(seq), 1)
    other.add(event(3), 1)
    assert.deepEqual([one.figures(1).missed, other.figures(1).missed], [0, 0], 'the other one is only behind')
    other.add(event(9), 2)
    assert.equal(other.figures(2).missed, 2)
    for (const seq of [5, 8]) other.add(event(seq), 3)
    assert.equal(other.figures(3).missed, 0, 'delivered late')
  })

  test('counts an event that comes again as repeated, once for latencies', () => {
    const [one] = twoLanes()
    one.add(event(3, 0), 10)
    one.add(event(3, 0), 5_000)
    const { events, repeated, missed, medianMs } = one.figures(1)
    assert.deepEqual([events, repeated, missed], [1, 1, 0])
    assert.ok(Math.abs(medianMs! - 10) < 0.3)
    assert.deepEqual(
      one.dots.map(({ isRepeated }) => isRepeated),
      [false, true],
    )
  })

  test('divides its bytes by its events and its requests by its time', () => {
    const [one] = twoLanes()
    assert.equal(one.figures(0).bodyBytesPerEvent, undefined)
    one.requested(600)
    one.received(300, 20)
    one.requested(600)
    for (const seq of [1, 2, 3]) one.add(event(seq), 1)
    const { bodyBytesPerEvent, headBytesPerEvent, requests, requestsPerMinute } = one.figures(30_000)
    assert.deepEqual([bodyBytesPerEvent, headBytesPerEvent], [100, 1_220 / 3])
    assert.deepEqual([requests, requestsPerMinute], [2, 4])
  })

  test('was away from the first loss until it was open again', () => {
    const [one] = twoLanes()
    one.opened(0)
    one.lost(1_000)
    one.lost(1_500)
    assert.deepEqual(one.outages, [{ fromMs: 1_000 }])
    assert.deepEqual([one.figures(1).isOpen, one.figures(1).lastReconnectMs], [false, undefined])
    one.opened(3_000)
    one.opened(3_500)
    assert.deepEqual(one.outages, [{ fromMs: 1_000, toMs: 3_000 }])
    one.lost(9_000)
    assert.deepEqual([one.figures(1).outages, one.figures(1).lastReconnectMs], [2, 2_000])
  })

  test('forgets dots that have left the drawing', () => {
    const [one] = twoLanes()
    for (const seq of [1, 2, 3]) one.add(event(seq), seq * 100)
    one.forgetDots(200)
    assert.deepEqual(
      one.dots.map(({ atMs }) => atMs),
      [200, 300],
    )
    one.forgetDots(1_000)
    assert.deepEqual(one.dots, [])
  })
})

describe('the events of all lanes', () => {
  test('are counted once, in whichever order they come', () => {
    const union = new SeenEvents()
    for (const seq of [5, 1, 9, 5, 1, 7]) union.add(seq)
    assert.equal(union.size, 4)
    assert.deepEqual(
      [0, 1, 4, 5, 8, 9, 99].map(seq => union.countUpTo(seq)),
      [0, 1, 1, 2, 3, 4, 4],
    )
  })
})
