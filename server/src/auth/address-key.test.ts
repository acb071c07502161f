// One subscriber's addresses have one key.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressKey } from './address-key.ts'

test('addresses: IPv4 whole, also as IPv6 writes it, and IPv6 by its /64', () => {
  assert.equal(addressKey('203.0.113.9'), '203.0.113.9')
  assert.equal(addressKey('::ffff:203.0.113.9'), '203.0.113.9')
  assert.equal(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff'))
  assert.equal(addressKey('2001:db8::1'), addressKey('2001:0db8:0:0:1:2:3:4'))
  assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'))
  assert.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2'))
  assert.notEqual(addressKey('::1'), addressKey('fe80::1'))
})
