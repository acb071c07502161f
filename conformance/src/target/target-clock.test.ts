// A clock that is advanced by hand: it is advanced while somebody waits, and only then.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createTargetClock } from './target-clock.ts'

describe('a target clock that is advanced', () => {
  it('calls timers in the order of their times, and stops without any', async () => {
    let advancedMs = 0
    const clock = createTargetClock(async ms => {
      advancedMs += ms
    })
    const called: string[] = []
    const last = new Promise<void>(resolve => {
      clock.setTimer(() => {
        called.push(`late at ${clock.nowMs()}`)
        resolve()
      }, 15_000)
    })
    clock.setTimer(() => called.push(`early at ${clock.nowMs()}`), 100)
    const cancel = clock.setTimer(() => called.push('canceled'), 200)
    cancel()
    await last
    assert.deepEqual(called, ['early at 100', 'late at 15000'])
    await turn()
    assert.equal(advancedMs, 15_000)
  })
})
