// The scheduler: once a frame at most, never sooner than the interval, nothing while frozen.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { createFrames } from './frame-scheduler.ts'

test('runs a task once a frame, however often it was asked for', () => {
  const clock = manualClock()
  const frames = createFrames(clock)
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

test('keeps a task to its interval, and does not lose what was asked for in between', () => {
  const clock = manualClock()
  const frames = createFrames(clock)
  const at: number[] = []
  const task = { intervalMs: 100, run: () => void at.push(clock.now()) }
  for (let i = 0; i < 30; i++) {
    frames.request(task)
    clock.frame()
  }
  for (let i = 1; i < at.length; i++) assert.ok(at[i]! - at[i - 1]! >= 92, String(at))
  assert.ok(at.length >= 4, String(at))
})

test('asks for no frame when nothing waits', () => {
  const clock = manualClock()
  const frames = createFrames(clock)
  const task = { intervalMs: 0, run: () => {} }
  frames.request(task)
  clock.frame()
  assert.equal(clock.waiting, 0)
})

test('does nothing while frozen, and catches up after the thaw', () => {
  const clock = manualClock()
  const frames = createFrames(clock)
  let runs = 0
  const task = { intervalMs: 0, run: () => void runs++ }
  frames.request(task)
  frames.setFrozen(true)
  clock.frame()
  assert.equal(runs, 0)
  frames.setFrozen(false)
  clock.frame()
  assert.equal(runs, 1)
})

test('a task that asks for itself runs in the next frame, not in this one', () => {
  const clock = manualClock()
  const frames = createFrames(clock)
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
