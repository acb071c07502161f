// Watching a scope: its frames alone, drawn ten times a second at most, nothing after it was stopped.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TappedFrame } from '@papertape/client'
import { createFrameSource, type FrameSources } from '../../connections/frame-source.ts'
import { createFrameScheduler } from '../../reactive/frame-scheduler.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { frameScope } from './frame-scope.ts'
import { createFrameWatch } from './frame-watch.ts'

const block = (event: string): TappedFrame => ({
  transport: 'sse',
  direction: 'in',
  event,
  id: undefined,
  text: `event: ${event}\n\n`,
  bytes: 10,
  atMs: 0,
})

test('shows the frames of its scope ten times a second at most, until it is stopped', () => {
  const clock = manualClock()
  const sources: FrameSources = {
    feed: createFrameSource(0),
    orders: createFrameSource(0),
    requests: createFrameSource(0),
  }
  const watch = createFrameWatch(sources, createFrameScheduler(clock), frameScope('ticker', 'AAA'))
  let drawn = 0
  watch.view.subscribe(() => drawn++)
  const stop = watch.start()
  for (let i = 0; i < 60; i++) {
    sources.feed.tap.onFrame!(block(i % 2 === 0 ? 'trade' : 'book'))
    clock.frame()
  }
  clock.frames(10)
  assert.ok(drawn >= 9 && drawn <= 12, `${drawn} times in a second`)
  assert.deepEqual(watch.view.get().events, [['trade', 30]])
  watch.setFilter({ text: 'book', events: [] })
  clock.frames(10)
  assert.deepEqual([watch.view.get().frames.length, watch.view.get().count], [0, 30])
  stop()
  assert.equal(sources.feed.tap.onFrame, undefined)
})
