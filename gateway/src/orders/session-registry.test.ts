// Sessions of an account: at most ten, taken over by a second logon, free again when their connection has gone.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SESSIONS_MAX, SessionRegistry } from './session-registry.ts'

class Holder {
  readonly isGone = false
  taken = 0
  takenOver(): void {
    this.taken++
  }
}

test('a session that logs on again is taken over: the older connection is notified, once', () => {
  const registry = new SessionRegistry()
  const [older, newer] = [new Holder(), new Holder()]
  assert.ok(registry.open('ann', 'desk', older))
  assert.ok(registry.open('ann', 'desk', newer))
  assert.deepEqual([older.taken, newer.taken], [1, 0])
  assert.ok(registry.open('ann', 'desk', newer), 'its own holder is not notified')
  assert.equal(newer.taken, 0)
})

test('an older connection that goes later takes nothing with it', () => {
  const registry = new SessionRegistry()
  const [older, newer, third] = [new Holder(), new Holder(), new Holder()]
  registry.open('ann', 'desk', older)
  registry.open('ann', 'desk', newer)
  registry.close('ann', 'desk', older)
  registry.open('ann', 'desk', third)
  assert.deepEqual([older.taken, newer.taken], [1, 1])
})

test('accounts and sessions of other names know nothing of each other', () => {
  const registry = new SessionRegistry()
  const holders = [new Holder(), new Holder(), new Holder()]
  registry.open('ann', 'desk', holders[0]!)
  registry.open('bob', 'desk', holders[1]!)
  registry.open('ann', 'phone', holders[2]!)
  assert.deepEqual(
    holders.map(({ taken }) => taken),
    [0, 0, 0],
  )
})

test('an account has ten sessions at most; a takeover is none more, and one that goes makes room', () => {
  const registry = new SessionRegistry()
  const holders = Array.from({ length: SESSIONS_MAX }, () => new Holder())
  for (const [i, holder] of holders.entries()) assert.ok(registry.open('ann', `s${i}`, holder))
  assert.equal(SESSIONS_MAX, 10)
  assert.equal(registry.open('ann', 's10', new Holder()), false)
  assert.ok(registry.open('bob', 's0', new Holder()))
  assert.ok(registry.open('ann', 's3', new Holder()))
  assert.equal(holders[3]!.taken, 1)
  registry.close('ann', 's5', holders[5]!)
  assert.ok(registry.open('ann', 's10', new Holder()))
  assert.equal(registry.open('ann', 's11', new Holder()), false)
  registry.close('eve', 's0', holders[0]!)
})
