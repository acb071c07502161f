// Readers of a real feed on paced wires: they fall behind as slow readers do, nothing is lost or sent twice, and the
// other readers of their class do not wait.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { createFeed, dataOf, FRAME_BYTES, LAG_MAX_MS } from '../testing/test-feed.ts'
import { ConnectionPace } from './connection-pace.ts'
import { STALLED } from './paced-link.ts'

const upTo = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

describe('a reader whose wire is stalled', () => {
  test('is written nothing for that time, then in raw mode each event once; the others of its class go on', () => {
    const { open, publish, pass, clock } = createFeed()
    const pace = new ConnectionPace(clock)
    const { wire } = open({}, pace)
    const other = open().wire
    publish(10)
    pace.set(STALLED, 5_000)
    publish(500)
    pass(4_999)
    assert.deepEqual([wire.seqs, other.seqs], [upTo(1, 10), upTo(1, 510)])
    pass(10)
    publish(5)
    assert.deepEqual(wire.seqs, upTo(1, 515))
  })

  test('when conflated gets what is never conflated once, and each quote and book as it is now', () => {
    const { open, publish, pass, clock, written } = createFeed()
    const pace = new ConnectionPace(clock)
    const { wire } = open({ maxHz: 10 }, pace)
    wire.take()
    pace.set(STALLED, 5_000)
    publish(400)
    pass(5_010)
    const unconflated = written.filter(({ event }) => event === 'trade' || event === 'status')
    assert.deepEqual(
      wire.seqs,
      unconflated.map(({ seq }) => seq),
    )
    const conflated = wire.frames.filter(({ id }) => id === undefined)
    assert.deepEqual(conflated.map(frame => `${frame.event} ${dataOf(frame).symbol}`).sort(), [
      'book PPR',
      'book TAPE',
      'quote PPR',
      'quote TAPE',
    ])
  })

  test('for longer than a reader may take nothing is sent lagging, and ended, while it is still stalled', () => {
    const { open, publish, pass, clock } = createFeed()
    const pace = new ConnectionPace(clock)
    const { wire } = open({}, pace)
    pace.set(STALLED, 60_000)
    publish(10)
    pass(LAG_MAX_MS)
    assert.deepEqual([wire.names.slice(-1), wire.ended], [['lagging'], 'lagging'])
    assert.deepEqual(wire.seqs, [])
  })
})

describe('a reader whose wire is slow', () => {
  test('gets no more bytes than its link carries, and each event once', () => {
    const { open, publish, pass, clock } = createFeed()
    const pace = new ConnectionPace(clock)
    const { wire } = open({}, pace)
    wire.take()
    const framesPerSecond = 20
    pace.set({ bytesPerSecond: framesPerSecond * FRAME_BYTES, latencyMs: 400 }, 600_000)
    publish(100)
    const received: number[] = []
    for (let s = 0; s < 6; s++) {
      pass(1_000)
      received.push(wire.frames.length)
    }
    assert.deepEqual(received, [12, 32, 52, 72, 92, 100])
    assert.deepEqual(wire.seqs, upTo(1, 100))
  })

  test('that goes on more slowly than the market loses and repeats nothing, however its speed changes', () => {
    const anyMove = fc.oneof(
      { weight: 4, arbitrary: fc.record({ publish: fc.integer({ min: 1, max: 400 }) }) },
      { weight: 3, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 3_000 }) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          bytesPerSecond: fc.constantFrom(0, 1_000, 50_000),
          latencyMs: fc.constantFrom(0, 400),
          durationMs: fc.integer({ min: 0, max: 3_000 }),
        }),
      },
    )
    holds(
      import.meta.filename,
      fc.property(fc.array(anyMove, { maxLength: 25 }), moves => {
        const { open, publish, pass, clock, written } = createFeed()
        const pace = new ConnectionPace(clock)
        const { wire, reader } = open({}, pace)
        for (const move of moves) {
          if ('publish' in move) publish(move.publish)
          else if ('passMs' in move) pass(move.passMs)
          else pace.set(move, move.durationMs)
        }
        pace.restore()
        pass(10)
        assert.equal(wire.ended, false)
        assert.deepEqual(
          wire.seqs,
          written.map(({ seq }) => seq),
        )
        reader.close()
      }),
      60,
    )
  })
})

describe('a reader of the journal', () => {
  test('is not written the page that was being fetched when the stall began', async () => {
    const { open, pass, clock } = createFeed({ old: 300 })
    const pace = new ConnectionPace(clock)
    const { wire } = open({ last: 'k3f9-0' }, pace)
    assert.deepEqual(wire.seqs, [])
    pace.set(STALLED, 5_000)
    await new Promise(setImmediate)
    assert.deepEqual(wire.seqs, [])
    pass(5_010)
    for (let tries = 0; tries < 50 && wire.seqs.length < 300; tries++) await new Promise(setImmediate)
    assert.deepEqual(wire.seqs, upTo(1, 300))
  })
})
