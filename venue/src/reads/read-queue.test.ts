// Reads share the matching thread: in turn, paced by what they cost, on a clock of the test's own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReadQueue } from './read-queue.ts'

/** A thread on which each read takes so long. */
function setUp(readMs: number) {
  let nowMs = 1_000
  const timers: { at: number; callback: () => void }[] = []
  const answered: { read: number; at: number }[] = []
  const queue = new ReadQueue<number>({
    answer: read => {
      nowMs += readMs
      answered.push({ read, at: nowMs })
    },
    nowMs: () => nowMs,
    setTimer: (callback, delayMs) => void timers.push({ at: nowMs + delayMs, callback }),
  })
  const passTo = (ms: number) => {
    for (let timer = timers.shift(); timer !== undefined; timer = timers.shift()) {
      if (timer.at > ms) return void timers.unshift(timer)
      nowMs = Math.max(nowMs, timer.at)
      timer.callback()
    }
  }
  return { queue, answered, timers, passTo }
}

test('a read is answered at once, and so are several', () => {
  const { queue, answered, timers } = setUp(2)
  for (let read = 0; read < 8; read++) queue.ask(read)
  assert.deepEqual(
    answered.map(({ read }) => read),
    [0, 1, 2, 3, 4, 5, 6, 7],
  )
  assert.equal(timers.length, 0)
})

test('very many take a quarter of the time, in the order in which they were asked, and none is left out', () => {
  const { queue, answered, timers, passTo } = setUp(5)
  for (let read = 0; read < 1_000; read++) queue.ask(read)
  passTo(11_000)
  const share = (answered.length * 5) / 10_000
  assert.ok(share > 0.2 && share < 0.26, `${share} of ten seconds`)
  assert.ok(timers.length === 1)
  passTo(60_000)
  assert.deepEqual(
    answered.map(({ read }) => read),
    Array.from({ length: 1_000 }, (_, read) => read),
  )
  assert.equal(timers.length, 0, 'nobody waits: no timer runs')
})
