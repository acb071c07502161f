// Limits by key: each key has its own bucket, many keys take no more room than few.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError } from '../errors/coded-error.ts'
import { KeyedRateLimit } from './keyed-rate-limit.ts'

const RULE = { perSecond: 2, burst: 3, what: 'things' }

test('a key has its burst, then its rate; others have theirs', () => {
  let nowMs = 0
  const limit = new KeyedRateLimit(RULE, () => nowMs)
  const passes = (key: string) => {
    try {
      limit.take(key)
      return true
    } catch (error) {
      assert.ok(error instanceof CodedError && error.code === 'rate-limited' && error.retryMs! > 0)
      return false
    }
  }
  assert.deepEqual(['a', 'a', 'a', 'a', 'b'].map(passes), [true, true, true, false, true])
  nowMs = 500
  assert.deepEqual(['a', 'a'].map(passes), [true, false])
})

test('a hundred thousand keys are no more than the bound', () => {
  const limit = new KeyedRateLimit(RULE, () => 0, 1_000)
  for (let n = 0; n < 100_000; n++) limit.take(`k${n}`)
  assert.equal(limit.size, 1_000)
})
