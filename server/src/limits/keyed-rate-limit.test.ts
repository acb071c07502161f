// Limits by key: each key has its own bucket, many keys take no more room than few, and one subscriber's addresses are
// one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError } from '../errors/coded-error.ts'
import { addressKey, KeyedRateLimit } from './keyed-rate-limit.ts'

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

test('addresses: IPv4 whole, also as IPv6 writes it, and IPv6 by its /64', () => {
  assert.equal(addressKey('203.0.113.9'), '203.0.113.9')
  assert.equal(addressKey('::ffff:203.0.113.9'), '203.0.113.9')
  assert.equal(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff'))
  assert.equal(addressKey('2001:db8::1'), addressKey('2001:0db8:0:0:1:2:3:4'))
  assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'))
  assert.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2'))
  assert.notEqual(addressKey('::1'), addressKey('fe80::1'))
})
