// Connections end with their token: when it is revoked and when it expires, once, and no others.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@papertape/venue'
import { TokenHolders } from './token-holders.ts'

const DAY_MS = 86_400_000

function create() {
  const clock = new ManualClock(0)
  const holders = new TokenHolders(clock)
  const ended: string[] = []
  const add = (tokenId: string, name: string, expiresMs: number | null = null) =>
    holders.add(tokenId, expiresMs, () => ended.push(name))
  return { clock, holders, ended, add }
}

test('those of a revoked token end once; one that has left and those of others do not', () => {
  const { holders, ended, add } = create()
  add('t1', 'a')
  const leave = add('t1', 'b')
  add('t1', 'c')
  add('t2', 'd')
  leave()
  leave()
  holders.end('t1')
  holders.end('t1')
  holders.end('t3')
  assert.deepEqual(ended, ['a', 'c'])
})

test('those of a token that expires end at its time, also after more than a timer can wait', () => {
  const { clock, ended, add } = create()
  add('t1', 'soon', 5_000)
  add('t2', 'late', 60 * DAY_MS)
  add('t2', 'left', 60 * DAY_MS)()
  clock.pass(4_999)
  assert.deepEqual(ended, [])
  clock.pass(1)
  assert.deepEqual(ended, ['soon'])
  clock.pass(60 * DAY_MS - 5_001)
  assert.deepEqual(ended, ['soon'])
  clock.pass(1)
  assert.deepEqual(ended, ['soon', 'late'])
})
