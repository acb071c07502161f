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

test('a key says what it has left and when it has all again', () => {
  let nowMs = 0
  const limit = new KeyedRateLimit(RULE, () => nowMs)
  assert.deepEqual(limit.state('a'), { limit: 3, remaining: 3, resetMs: 0 })
  limit.take('a')
  limit.take('a')
  assert.deepEqual(limit.state('a'), { limit: 3, remaining: 1, resetMs: 1_000 })
  nowMs = 999
  assert.deepEqual(limit.state('a'), { limit: 3, remaining: 2, resetMs: 1 })
  assert.equal(limit.size, 1, 'asking for the state keeps no bucket')
})

test('keys that have all again are forgotten as others come, and limited ones are not', () => {
  let nowMs = 0
  const limit = new KeyedRateLimit(RULE, () => nowMs)
  for (let n = 0; n < 1_000; n++) limit.take(`idle${n}`)
  nowMs = 60_000
  const exhausted = 'busy'
  while (limit.tryTake(exhausted) === undefined);
  for (let n = 0; n < 600; n++) {
    limit.take(`new${n}`)
    assert.notEqual(limit.tryTake(exhausted), undefined)
  }
  assert.ok(limit.size <= 601, `${limit.size} keys`)
})

test('a slow rate is said by the hour', () => {
  const limit = new KeyedRateLimit({ perSecond: 1_000 / 3_600, burst: 1, what: 'new accounts' }, () => 0)
  limit.take('a')
  assert.throws(() => limit.take('a'), { message: 'at most 1000 new accounts an hour, 1 at once', retryMs: 3_600 })
})

test('what has passed elsewhere counts, and the long run is kept however late that is known', () => {
  let nowMs = 0
  const limits = [0, 1, 2].map(() => new KeyedRateLimit({ perSecond: 50, burst: 10, what: 'things' }, () => nowMs))
  const unsent = limits.map(limit => {
    const count = { passed: 0 }
    limit.onPass = () => count.passed++
    return count
  })
  let total = 0
  for (; nowMs < 10_000; nowMs += 5) {
    for (const limit of limits) if (limit.tryTake('a') === undefined) total++
    if (nowMs % 100 !== 0) continue
    for (const [from, count] of unsent.entries()) {
      for (const [to, limit] of limits.entries()) if (to !== from) limit.passedElsewhere('a', count.passed)
      count.passed = 0
    }
  }
  assert.ok(total >= 490 && total <= 500 + 3 * 10, `${total} have passed`)
  assert.equal(limits[0]!.state('a').remaining, 0)
  assert.deepEqual(limits[0]!.state('b').remaining, 10)
})
