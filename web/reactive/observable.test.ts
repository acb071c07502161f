// Observables: set values notify at once, computed ones once a frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { createFrameScheduler } from './frame-scheduler.ts'
import { createComputed, createObservable } from './observable.ts'

test('setting a value notifies at once, and not when it is the same', () => {
  const value = createObservable(1)
  const seen: number[] = []
  const unsubscribe = value.subscribe(() => seen.push(value.get()))
  value.set(2)
  value.set(2)
  value.set(3)
  unsubscribe()
  value.set(4)
  assert.deepEqual(seen, [2, 3])
  assert.equal(value.get(), 4)
})

test('a listener that unsubscribes while it is notified keeps no other from being notified', () => {
  const value = createObservable(1)
  let notified = 0
  const unsubscribe = value.subscribe(() => unsubscribe())
  value.subscribe(() => notified++)
  value.set(2)
  assert.equal(notified, 1)
})

test('a computed value changes in the next frame, and notifies once for many invalidations', () => {
  const clock = manualClock()
  let source = 1
  const value = createComputed(createFrameScheduler(clock), () => ({ source }))
  let notified = 0
  value.subscribe(() => notified++)
  const before = value.get()
  source = 2
  value.invalidate()
  value.invalidate()
  assert.equal(value.get(), before, 'the same object until the frame')
  clock.frame()
  assert.deepEqual([value.get().source, notified], [2, 1])
})

test('a computed value keeps to its interval', () => {
  const clock = manualClock()
  const value = createComputed(createFrameScheduler(clock), () => clock.now(), 100)
  let notified = 0
  value.subscribe(() => notified++)
  for (let i = 0; i < 60; i++) {
    value.invalidate()
    clock.frame()
  }
  assert.ok(notified >= 9 && notified <= 11, String(notified))
})
