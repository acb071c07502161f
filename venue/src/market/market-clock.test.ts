// The market's clock at every pace: it never jumps when the pace changes, and after pace max it goes on from the time
// that the market has reached.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import { parsePace } from '@papertape/simulators'
import fc from 'fast-check'
import { createMarketClock, formatPace } from './market-clock.ts'

const MAX = Number.POSITIVE_INFINITY
const START = 1_767_623_400_000

function createWall(at = 5_000) {
  const wall = { atMs: at, read: () => wall.atMs }
  return wall
}

describe('a pace', () => {
  test('is parsed from its text', () => {
    const cases = { '1x': 1, '10x': 10, '0.5x': 0.5, '60': 60, '100000x': 100_000, max: MAX }
    for (const [text, pace] of Object.entries(cases)) assert.equal(parsePace(text), pace)
  })

  test('is not parsed from text of a pause, a negative pace, or no number', () => {
    for (const text of [
      '',
      '0',
      '0x',
      '-1x',
      '.5x',
      '1.x',
      '1e3x',
      '100001x',
      'x',
      'MAX',
      ' 1x',
      '1x ',
      '1xx',
      'NaN',
    ]) {
      assert.equal(parsePace(text), undefined, text)
    }
  })

  test('is the same after it was formatted and parsed', () => {
    const thousandths = fc.integer({ min: 1, max: 100_000_000 })
    const anyPace = fc.oneof(
      thousandths.map(n => n / 1_000),
      fc.constant(MAX),
    )
    holds(
      import.meta.filename,
      fc.property(anyPace, pace => assert.equal(parsePace(formatPace(pace)), pace)),
    )
  })
})

describe('the clock', () => {
  for (const pace of [1, 10, 0.5, 60]) {
    test(`at ${pace}x advances ${pace} ms per millisecond, and gives the wait for a time`, () => {
      const wall = createWall()
      const clock = createMarketClock(START, pace, wall.read)
      assert.equal(clock.now(), START)
      wall.atMs += 2_000
      assert.equal(clock.now(), START + 2_000 * pace)
      assert.equal(clock.waitFor(clock.now() + 600), 600 / pace)
      assert.equal(clock.waitFor(START), 0, 'a time in the past is due at once')
    })
  }

  test('at max never waits', () => {
    const clock = createMarketClock(START, MAX, createWall().read)
    assert.equal(clock.now(), MAX)
    assert.equal(clock.waitFor(START + 86_400_000), 0)
  })

  test('stops while paused, and goes on from there', () => {
    const wall = createWall()
    const clock = createMarketClock(START, 1, wall.read)
    wall.atMs += 100
    clock.change(0, START)
    wall.atMs += 3_600_000
    assert.equal(clock.now(), START + 100)
    assert.equal(clock.waitFor(START + 101), MAX)
    clock.change(2, START)
    wall.atMs += 10
    assert.equal(clock.now(), START + 120)
    assert.equal(clock.pace, 2)
  })

  test('after max goes on from the time that the market has reached', () => {
    const wall = createWall()
    const clock = createMarketClock(START, MAX, wall.read)
    wall.atMs += 1_000
    const reached = START + 5 * 3_600_000
    clock.change(1, reached)
    assert.equal(clock.now(), reached)
    assert.equal(clock.waitFor(reached + 250), 250)
    wall.atMs += 50
    assert.equal(clock.now(), reached + 50)
  })

  test('never jumps and never runs backwards, whatever the paces', () => {
    const anyStep = fc.record({
      wallMs: fc.integer({ min: 0, max: 100_000 }),
      pace: fc.constantFrom(0, 0.5, 1, 10, 1_000, MAX),
      ranMs: fc.integer({ min: 0, max: 10_000_000 }),
    })
    holds(
      import.meta.filename,
      fc.property(fc.array(anyStep, { maxLength: 20 }), steps => {
        const wall = createWall()
        const clock = createMarketClock(START, 1, wall.read)
        let market = START
        for (const { wallMs, pace, ranMs } of steps) {
          wall.atMs += wallMs
          // The market does what is due; at max, as much as it gets done.
          market = Number.isFinite(clock.now()) ? clock.now() : market + ranMs
          clock.change(pace, market)
          assert.equal(clock.now(), pace === MAX ? MAX : market)
          assert.equal(clock.pace, pace)
        }
      }),
    )
  })
})
