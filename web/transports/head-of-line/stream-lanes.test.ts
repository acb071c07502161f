// The drawing of six streams: places of dots, gaps and the loss, and the words beside each lane.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Arrival, lossOutcome } from './order-of-arrival.ts'
import { drawLive, drawTrial } from './stream-lanes.ts'

const LOST_AT_MS = 10_000
const WAITING = 2

/** An event each 60 ms on each stream; what stream 3 sends within 200 ms of the loss arrives at their end. */
function arrivals(waitMs: number): Arrival[] {
  return Array.from({ length: 120 }, (_, number) => ({ lane: number % 6, number }))
    .map(({ lane, number }) => {
      const sentMs = LOST_AT_MS - 200 + number * 10
      const isHeld = lane === WAITING && sentMs >= LOST_AT_MS
      return { lane, number, atMs: isHeld ? Math.max(sentMs, LOST_AT_MS + waitMs) : sentMs }
    })
    .sort((a, b) => a.atMs - b.atMs)
}

function trial(waitMs: number) {
  const came = arrivals(waitMs)
  const loss = { version: 'http1', bytes: 218, lostAtMs: LOST_AT_MS, connections: 6 } as const
  return drawTrial({ arrivals: came, loss, outcome: lossOutcome(came) })
}

describe('the drawing of six streams', () => {
  it('says of each stream of a trial whether it ran on, and shows the gap of the one that waited', () => {
    const { lanes, lossAt, ticks } = trial(200)
    assert.equal(lossAt, 18.75)
    assert.deepEqual(
      lanes.map(({ result }) => result),
      ['ran on', 'ran on', 'waited 260 ms', 'ran on', 'ran on', 'ran on'],
    )
    const { gap } = lanes[WAITING]!
    // From 60 ms before the loss to 200 ms after it, of the 800 ms that are drawn.
    assert.deepEqual(gap, { at: 11.25, width: 32.5 })
    assert.ok(lanes[WAITING]!.dots.every(at => at <= gap.at || at >= gap.at + gap.width))
    assert.deepEqual(ticks[0], { at: 18.75, text: 'lost' })
    assert.equal(ticks.at(-1)?.text, '600 ms')
  })

  it('says nothing when no stream waited', () => {
    for (const { result, gap } of trial(0).lanes) assert.deepEqual([result, gap], ['', undefined])
  })

  it('draws the last second of live streams', () => {
    const { lanes, lossAt } = drawLive(arrivals(0))
    assert.equal(lossAt, undefined)
    assert.equal(lanes[5]!.dots.at(-1), 100)
    assert.ok(lanes.every(({ dots }) => dots.length >= 16 && dots.every(at => at >= 0 && at <= 100)))
    assert.deepEqual(drawLive([]).lanes[0]!.dots, [])
  })
})
