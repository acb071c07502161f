// The feed while the wall clock is set: its timestamps follow, its timers do not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HEARTBEAT_MS } from '@papertape/protocol'
import { createFeed, dataOf, LAG_MAX_MS, WALL_MS } from './testing/test-feed.ts'

const HOUR_MS = 3_600_000

for (const setMs of [8 * HOUR_MS, -9 * HOUR_MS]) {
  const how = `${setMs > 0 ? 'forward' : 'back'} by ${Math.abs(setMs) / HOUR_MS} h`

  test(`set ${how}: serverTime follows, heartbeats come when they are due`, () => {
    const hub = createFeed()
    const { wire } = hub.open()
    hub.pass(1_000)
    hub.clock.setWall(setMs)
    wire.take()
    hub.pass(HEARTBEAT_MS - 1_001)
    assert.deepEqual(wire.names, [])
    hub.pass(1)
    assert.deepEqual(wire.names, ['heartbeat'])
    assert.equal(dataOf(wire.frames[0]).serverTime, WALL_MS + hub.clock.nowMs() + setMs)
    hub.pass(HEARTBEAT_MS)
    assert.deepEqual(wire.names, ['heartbeat', 'heartbeat'])
    assert.equal(dataOf(hub.open().wire.frames[0]).serverTime, WALL_MS + hub.clock.nowMs() + setMs)
  })

  test(`set ${how}: a stalled reader is ended after its whole time, and no later`, () => {
    const hub = createFeed()
    const { wire } = hub.open()
    wire.fillsUp = true
    hub.publish(3)
    hub.clock.setWall(setMs)
    hub.pass(LAG_MAX_MS - 1)
    assert.equal(wire.ended, false)
    hub.pass(1)
    assert.equal(wire.ended, 'lagging')
    const lagging = dataOf(wire.frames.at(-1))
    assert.ok(Math.abs(lagging.ageMs - LAG_MAX_MS) < 5, `${lagging.ageMs} ms`)
  })

  test(`set ${how}: quotes are sent at their rate`, () => {
    const hub = createFeed()
    const { wire } = hub.open({ events: ['quote'], maxHz: 1 })
    hub.publish(20)
    hub.clock.setWall(setMs)
    wire.take()
    hub.publish(20)
    hub.pass(999)
    assert.deepEqual(wire.names, [])
    hub.pass(1)
    assert.ok(wire.names.length > 0)
  })
}
