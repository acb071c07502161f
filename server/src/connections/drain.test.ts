// In which order and how fast open connections are notified, at a time that the test moves.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Admission } from '@papertape/feed'
import { CodedError } from '@papertape/gateway'
import { TestClock } from '@papertape/gateway/testing'
import { Drain } from './drain.ts'

const MAX_MS = 20_000
const WALL_MS = Date.UTC(2026, 0, 5, 15)

/** A number from 0 to 1, the same in each run. */
function seeded(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 0x7fff_ffff
    return state / 0x7fff_ffff
  }
}

interface Notification {
  readonly name: number
  readonly atMs: number
  readonly retryMs: number
}

function open(count: number, { maxMs = MAX_MS, random = seeded() } = {}) {
  const clock = new TestClock(WALL_MS)
  const admission = new Admission()
  const errors: unknown[] = []
  const drain = new Drain({ clock, random, maxMs, admission, onError: error => errors.push(error) })
  const startMs = clock.nowMs()
  const notified: Notification[] = []
  const add = (name: number, atOnce = false) => {
    const connection = {
      drain: (retryMs: number) => void notified.push({ name, atMs: clock.nowMs() - startMs, retryMs }),
    }
    drain.add(connection, { atOnce })
    return () => drain.remove(connection)
  }
  const forget = Array.from({ length: count }, (_, name) => add(name))
  return { clock, admission, drain, errors, notified, add, forget }
}

describe('a drain', () => {
  test('notifies ten thousand connections evenly over the window, not by their age', () => {
    const { clock, drain, notified } = open(10_000)
    void drain.begin()
    clock.pass(MAX_MS)
    assert.equal(new Set(notified.map(({ name }) => name)).size, 10_000)
    for (let startMs = 0; startMs < MAX_MS; startMs += 1_000) {
      const share = notified.filter(({ atMs }) => atMs >= startMs && atMs < startMs + 1_000).length
      assert.ok(Math.abs(share - 500) <= 20, `${share} from ${startMs} ms on`)
    }
    const early = notified.slice(0, 1_000).filter(({ name }) => name < 5_000).length
    assert.ok(early > 400 && early < 600, `${early} of the older half among the first thousand`)
  })

  test('has them come back at most twice as fast as they are notified, also those who are refused again and again', () => {
    const { clock, admission, drain, notified } = open(10_000)
    void drain.begin()
    clock.pass(MAX_MS)
    const returns = notified.map(({ atMs, retryMs }) => atMs + retryMs)
    // They come back to the same server, which refuses them until it has gone.
    for (let from = 0; from < returns.length; from++) {
      const atMs = returns[from]!
      if (atMs < MAX_MS + 6_000) returns.push(atMs + admission.refusal(false)!.retryMs!)
    }
    for (let startMs = 0; startMs < 60_000; startMs += 1_000) {
      const count = returns.filter(atMs => atMs >= startMs && atMs < startMs + 1_000).length
      assert.ok(count <= 1_000, `${count} come back from ${startMs} ms on`)
    }
  })

  test('takes 20 ms a connection when there are few, and nothing when there is none', async () => {
    const few = open(5)
    void few.drain.begin()
    few.clock.pass(100)
    assert.deepEqual([few.notified.length, few.notified.at(-1)!.atMs], [5, 100])
    await few.drain.begin()
    await open(0).drain.begin()
    const now = open(3, { maxMs: 0 })
    await now.drain.begin()
    assert.equal(now.notified.length, 3)
  })

  test('notifies those that hold an answer back first, and nobody who has ended or was notified', async () => {
    const { clock, drain, notified, add, forget } = open(4)
    add(100, true)
    const ended = drain.begin()
    assert.deepEqual(
      notified.map(({ name }) => name),
      [100],
    )
    clock.pass(40)
    assert.equal(notified.length, 3)
    const left = [0, 1, 2, 3].find(name => !notified.some(one => one.name === name))!
    forget[left]!()
    clock.pass(1_000)
    await ended
    drain.end()
    assert.equal(notified.length, 4)
  })

  test('is ended at once when it is hurried: all that are left are notified', async () => {
    const { clock, drain, notified, add } = open(1_000)
    const ended = drain.begin()
    clock.pass(1_000)
    assert.equal(notified.length, 50)
    add(1_000)
    assert.equal(drain.isUnderWay, true)
    drain.end()
    await ended
    assert.deepEqual([notified.length, drain.isUnderWay, drain.isClosing], [1_001, false, true])
    clock.pass(MAX_MS)
    assert.equal(notified.length, 1_001)
  })

  test('goes on after a connection that could not be notified', () => {
    const { clock, drain, notified, errors } = open(3)
    drain.add({
      drain() {
        throw new Error('lost')
      },
    })
    void drain.begin()
    clock.pass(1_000)
    assert.deepEqual([notified.length, errors.map(String)], [3, ['Error: lost']])
  })

  test('takes nobody from its beginning', () => {
    const { drain, admission } = open(50, { random: () => 0.5 })
    drain.requireOpen()
    assert.equal(admission.refusal(false), undefined)
    void drain.begin()
    assert.equal(admission.refusal(false)?.cause, 'closing')
    // A window of one second, and 1,750 ms.
    const isClosing = (error: unknown) =>
      error instanceof CodedError && error.code === 'closing' && error.retryMs === 2_750
    assert.throws(() => drain.requireOpen(), isClosing)
  })
})
