// A connection's facts: current at once, shown at most ten times a second.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { createPageConnection, isStale } from './connection.ts'

test('an update keeps all other facts, and is shown in the next frame', () => {
  const clock = manualClock()
  const connection = createPageConnection(createFrameScheduler(clock), 'tape', 'sse')
  connection.update({ state: 'live', position: 'a-1' })
  connection.received(2)
  connection.received(3)
  connection.update({ transport: 'longPoll' })
  const { name, state, position, events, transport } = connection.current
  assert.deepEqual([name, state, position, events, transport], ['tape', 'live', 'a-1', 5, 'longPoll'])
  assert.equal(connection.facts.get().state, 'idle', 'not before the frame')
  clock.frame()
  assert.equal(connection.facts.get(), connection.current)
})

test('a connection is stale from a loss until data arrives', () => {
  const connection = createPageConnection(createFrameScheduler(manualClock()), 'orders', 'websocket')
  assert.equal(isStale(connection.current), false, 'without data there is nothing stale')
  connection.update({ staleSinceMs: 0 })
  assert.equal(isStale(connection.current), true)
  connection.update({ staleSinceMs: null })
  assert.equal(isStale(connection.current), false)
})
