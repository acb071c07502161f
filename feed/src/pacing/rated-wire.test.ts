// A wire at a declared rate: no more is written than the peer reads, and what it has not read is never old.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ManualClock } from '@papertape/venue'
import type { FeedWire } from '../readers/feed-reader.ts'
import { atDeclaredRate } from './rated-wire.ts'

function open(bytesPerSecond: number | undefined) {
  const clock = new ManualClock(0)
  const written: number[] = []
  const ends: string[] = []
  const wire = {
    hasRoom: true as boolean,
    drained: () => {},
    write: (bytes: number) => written.push(bytes) > 0,
    onDrained(callback: () => void) {
      wire.drained = callback
    },
    end: (reason: string) => void ends.push(reason),
  } satisfies FeedWire<number> & { drained: () => void }
  return {
    clock,
    written,
    ends,
    wire: atDeclaredRate(wire, { clock, bytesPerSecond, sizeOf: bytes => bytes }),
    inner: wire,
  }
}

describe('a wire at a declared rate', () => {
  test('is the wire itself when nothing was declared', () => {
    const { wire, inner } = open(undefined)
    assert.equal(wire, inner)
  })

  test('writes no more than nine tenths of it, whatever there is, and calls back when all has been read', () => {
    const { clock, written, wire } = open(10_000)
    const writeOn = () => {
      while (wire.write(1_000));
      wire.onDrained(writeOn)
    }
    writeOn()
    clock.pass(60_000)
    const bytes = written.length * 1_000
    assert.ok(bytes >= 530_000 && bytes <= 545_000, `${bytes} bytes`)
  })

  test('is slow once more is in flight than a quarter of a second, for ten seconds', () => {
    const { clock, wire } = open(10_000)
    assert.deepEqual([wire.write(2_000), wire.isSlow], [true, false])
    assert.deepEqual([wire.write(2_000), wire.isSlow, wire.hasRoom], [false, true, false])
    clock.pass(500)
    assert.deepEqual([wire.isSlow, wire.hasRoom], [true, true])
    assert.equal(wire.write(1), false, 'one burst at a time')
    clock.pass(9_400)
    wire.staySlow?.()
    clock.pass(9_900)
    assert.equal(wire.isSlow, true)
    clock.pass(200)
    assert.equal(wire.isSlow, false)
  })

  test('waits for its wire too, and ends it', () => {
    const { clock, wire, ends, inner } = open(10_000)
    inner.hasRoom = false
    let calls = 0
    wire.onDrained(() => calls++)
    clock.pass(5_000)
    assert.deepEqual([wire.hasRoom, calls], [false, 0])
    inner.hasRoom = true
    inner.drained()
    clock.pass(10)
    assert.equal(calls, 1)
    wire.end('lagging')
    assert.deepEqual(ends, ['lagging'])
  })
})
