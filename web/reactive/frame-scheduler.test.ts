// The frame scheduler: at most once a frame, never sooner than the interval, freezable tasks not while frozen.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { createFrameScheduler } from './frame-scheduler.ts'

test('runs a task once a frame, however often it is requested', () => {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  let runs = 0
  const task = { intervalMs: 0, run: () => void runs++ }
  frames.request(task)
  frames.request(task)
  assert.equal(runs, 0)
  clock.frame()
  assert.equal(runs, 1)
  clock.frame()
  assert.equal(runs, 1)
})

test('keeps a task to its interval, and loses no request made in between', () => {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  const at: number[] = []
  const task = { intervalMs: 100, run: () => void at.push(clock.now()) }
  for (let i = 0; i < 30; i++) {
    frames.request(task)
    clock.frame()
  }
  for (let i = 1; i < at.length; i++) assert.ok(at[i]! - at[i - 1]! >= 92, String(at))
  assert.ok(at.length >= 4, String(at))
})

test('requests no frame when no task waits', () => {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  const task = { intervalMs: 0, run: () => {} }
  frames.request(task)
  clock.frame()
  assert.equal(clock.waiting, 0)
})

test('freezable tasks do not run while frozen, and run after the thaw; others go on', () => {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  const runs: string[] = []
  const prices = { intervalMs: 0, run: () => void runs.push('prices') }
  const account = { intervalMs: 0, run: () => void runs.push('account') }
  frames.freezable.request(prices)
  frames.freezable.setFrozen(true)
  assert.equal(clock.waiting, 0, 'a frozen task holds no frame')
  frames.request(account)
  clock.frame()
  frames.freezable.request(prices)
  clock.frame()
  assert.deepEqual(runs, ['account'])
  frames.freezable.setFrozen(false)
  clock.frame()
  assert.deepEqual(runs, ['account', 'prices'])
})

test('freezable and other tasks share one frame', () => {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  frames.request({ intervalMs: 0, run: () => {} })
  frames.freezable.request({ intervalMs: 0, run: () => {} })
  assert.equal(clock.waiting, 1)
})

test('a task that requests itself runs in the next frame, not in this one', () => {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  let runs = 0
  const task = {
    intervalMs: 0,
    run: () => {
      runs++
      frames.request(task)
    },
  }
  frames.request(task)
  clock.frame()
  clock.frame()
  assert.equal(runs, 2)
})
