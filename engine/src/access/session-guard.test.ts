// The table of a session's loss: each state with each event.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GuardEvent, nextGuard, type SessionGuard } from './session-guard.ts'

const AT_ONCE: SessionGuard = { cancels: 'account', graceMs: 0 }
const WAITING: SessionGuard = { cancels: 'connection', graceMs: 5 }
const LOST: SessionGuard = { ...WAITING, dueUs: 12_000 }
const set = (cancels: 'none' | 'connection', graceMs: number): GuardEvent => ({ type: 'set', cancels, graceMs })
const lost = (nowUs: number): GuardEvent => ({ type: 'lost', nowUs })
const time = (nowUs: number): GuardEvent => ({ type: 'time', nowUs })

const TABLE: readonly [SessionGuard | undefined, GuardEvent, SessionGuard | undefined, cancels?: true][] = [
  [undefined, set('none', 0), undefined],
  [undefined, set('connection', 5), WAITING],
  [undefined, lost(7_000), undefined],
  [undefined, time(7_000), undefined],
  [AT_ONCE, lost(7_000), undefined, true],
  [AT_ONCE, time(Number.MAX_SAFE_INTEGER), AT_ONCE],
  [WAITING, set('none', 0), undefined],
  [WAITING, lost(7_000), LOST],
  [WAITING, time(Number.MAX_SAFE_INTEGER), WAITING],
  [LOST, set('connection', 5), WAITING],
  [LOST, set('none', 0), undefined],
  [LOST, lost(11_000), LOST],
  [LOST, time(11_999), LOST],
  [LOST, time(12_000), undefined, true],
]

for (const [before, event, guard, cancels = false] of TABLE) {
  test(`${JSON.stringify(before) ?? 'no guard'} at ${JSON.stringify(event)}`, () => {
    assert.deepEqual(nextGuard(before, event), { guard, cancels })
  })
}
