// Which proxies are trusted, by address, network or number.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTrustProxy } from './trusted-proxies.ts'

test('trusted proxies are addresses, networks or a count', () => {
  const trusts = (text: string, address: string, hop = 0) => parseTrustProxy(text)!(address, hop)
  assert.ok(!trusts('', '127.0.0.1'))
  assert.ok(trusts('127.0.0.1,10.0.0.0/8', '10.1.2.3') && !trusts('10.0.0.0/8', '11.1.2.3'))
  assert.ok(trusts('127.0.0.1', '::ffff:127.0.0.1') && trusts('::1', '::1') && trusts('fd00::/8', 'fd12::1'))
  assert.ok(trusts('1', '203.0.113.9', 0) && !trusts('1', '203.0.113.9', 1) && trusts('2', '203.0.113.9', 1))
  assert.ok(!trusts('0', '127.0.0.1'))
  for (const text of [
    'yes',
    'true',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '-1',
    '1.5',
    '99',
    '10.0.0',
    '1,2',
    '*',
  ]) {
    assert.equal(parseTrustProxy(text), undefined, text)
  }
})
