// Names of accounts: kept by id, an account without one shows its id, and stored nonsense is ignored.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT_NAMES, accountLabel, withName } from './account-names.ts'

test('an account has its name, or the start of its id', () => {
  const names = withName(withName({}, 'p123456789abc', '  Swing  '), 'p2', 'x'.repeat(40))
  assert.equal(accountLabel(names, 'p123456789abc'), 'Swing')
  assert.equal(accountLabel(names, 'p2').length, 24)
  assert.equal(accountLabel(withName(names, 'p123456789abc', ' '), 'p123456789abc'), 'p123456…')
  assert.equal(accountLabel(names, 'p987654321abc'), 'p987654…')
})

test('a stored value of something else gives no names', () => {
  for (const stored of [undefined, null, 7, 'x']) assert.deepEqual(ACCOUNT_NAMES.read(stored), {})
  assert.deepEqual(ACCOUNT_NAMES.read({ a: 'One', b: 7, c: '' }), { a: 'One' })
  assert.equal(ACCOUNT_NAMES.read(undefined), ACCOUNT_NAMES.read(null), 'the same object, for React')
})
