// At which age streams are ended, at a time that the test moves.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TestClock } from '@papertape/gateway/testing'
import { Rotation } from './rotation.ts'

const WALL_MS = Date.UTC(2026, 0, 5, 15)

function open(ageMaxMs: number, random: () => number = () => 0.5) {
  const clock = new TestClock(WALL_MS)
  const admission = { isOpen: true }
  const rotation = new Rotation({ clock, random, ageMaxMs, takesNewcomers: () => admission.isOpen })
  const ages: number[] = []
  const add = () => {
    const sinceMs = clock.nowMs()
    const stream = {
      rotate(retryMs: number) {
        assert.ok(retryMs >= 100 && retryMs <= 1_000, `${retryMs}`)
        ages.push(clock.nowMs() - sinceMs)
      },
    }
    const check = rotation.add(stream)
    return () => rotation.remove(stream, check)
  }
  return { clock, add, ages, admission }
}

describe('rotation', () => {
  for (const ageMaxMs of [1_000, 2_000, 3_600_000]) {
    test(`ends each stream once, at 80 to 100 % of ${ageMaxMs} ms, spread over them`, () => {
      let drawn = 0
      const { clock, add, ages } = open(ageMaxMs, () => (drawn++ % 101) / 100)
      for (let opened = 0; opened < 500; opened++) {
        add()
        clock.pass(ageMaxMs / 733)
      }
      clock.pass(3 * ageMaxMs)
      assert.equal(ages.length, 500)
      const [least, most] = [Math.min(...ages) / ageMaxMs, Math.max(...ages) / ageMaxMs]
      assert.ok(least >= 0.8 && least < 0.86 && most <= 1 && most > 0.94, `${least} to ${most}`)
    })
  }

  test('forgets a stream that has ended by itself, and goes on after a time without streams', () => {
    const { clock, add, ages } = open(2_000)
    add()()
    clock.pass(10_000)
    assert.deepEqual(ages, [])
    add()
    clock.pass(10_000)
    assert.equal(ages.length, 1)
  })

  test('ends none while newcomers are refused, and those that are due when they are taken again', () => {
    const { clock, add, ages, admission } = open(2_000)
    add()
    admission.isOpen = false
    clock.pass(10_000)
    assert.deepEqual(ages, [])
    admission.isOpen = true
    clock.pass(200)
    assert.equal(ages.length, 1)
  })

  test('sets one timer for all streams, and none for no age', t => {
    const { clock, add, ages } = open(3_600_000)
    const timers = t.mock.method(clock, 'setTimer')
    for (let opened = 0; opened < 1_000; opened++) add()
    assert.equal(timers.mock.callCount(), 1)
    const never = open(0)
    never.add()()
    never.clock.pass(86_400_000)
    assert.deepEqual([ages, never.ages], [[], []])
  })
})
