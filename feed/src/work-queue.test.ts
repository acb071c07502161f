// A work queue on a clock and an event loop that the test moves.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkQueue } from './work-queue.ts'

function createQueue({ sliceMs = 5, tasksMax = Number.POSITIVE_INFINITY } = {}) {
  const clock = { ms: 0 }
  const turns: (() => void)[] = []
  const setTimer = (run: () => void) => {
    turns.push(run)
    return () => {}
  }
  const queue = new WorkQueue({ sliceMs, tasksMax, clock: { nowMs: () => clock.ms, setTimer } })
  const done: string[] = []
  const add = (name: string, costMs: number, then?: () => void) =>
    queue.add(() => {
      clock.ms += costMs
      done.push(name)
      then?.()
    })
  const turn = () => {
    assert.ok(turns.length <= 1, 'one slice a turn')
    turns.shift()?.()
    return done.splice(0)
  }
  return { queue, add, turn }
}

test('runs tasks in order, in a later turn, and starts none when the slice is over', () => {
  const { add, turn, queue } = createQueue()
  for (const name of ['a', 'b', 'c', 'd', 'e']) add(name, 2)
  assert.equal(queue.length, 5)
  assert.deepEqual(turn(), ['a', 'b', 'c'])
  assert.deepEqual(turn(), ['d', 'e'])
  assert.deepEqual([turn(), queue.length], [[], 0])
})

test('runs at most so many tasks in a slice, whatever they cost', () => {
  const { add, turn } = createQueue({ tasksMax: 2 })
  for (const name of ['a', 'b', 'c']) add(name, 0)
  assert.deepEqual([turn(), turn(), turn()], [['a', 'b'], ['c'], []])
})

test('runs a task that takes longer than a slice alone in its turn', () => {
  const { add, turn } = createQueue()
  add('long', 50)
  add('next', 1)
  assert.deepEqual([turn(), turn()], [['long'], ['next']])
})

test('runs what a task adds after the tasks that were queued before', () => {
  const { add, turn } = createQueue()
  add('a', 1, () => add('a again', 1))
  add('b', 1)
  assert.deepEqual(turn(), ['a', 'b', 'a again'])
})

test('runs the remaining tasks in the next turn when a task throws', () => {
  const { queue, add, turn } = createQueue()
  queue.add(() => {
    throw new Error('broken invariant')
  })
  add('after', 1)
  assert.throws(turn, /broken invariant/)
  assert.deepEqual(turn(), ['after'])
})

test('runs ten thousand tasks in order', () => {
  const { add, turn } = createQueue({ tasksMax: 700 })
  const names = Array.from({ length: 10_000 }, (_, index) => `${index}`)
  for (const name of names) add(name, 0)
  const done: string[] = []
  while (done.length < names.length) done.push(...turn())
  assert.deepEqual(done, names)
})
