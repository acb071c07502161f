// The cookie of a browser's accounts: what is written is read again, and the cookie of one account is still one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BROWSER_ACCOUNTS_MAX, formatBrowserAccounts, parseBrowserAccounts } from './browser-accounts.ts'

test('what is written is read again, whichever is active', () => {
  const tokens = ['pt_a', 'pt_b-', 'pt__c']
  for (const active of tokens) {
    const cookie = formatBrowserAccounts({ tokens, active })
    assert.match(cookie, /^[\w.~-]+$/, 'a cookie without quotes')
    assert.deepEqual(parseBrowserAccounts(cookie), { tokens, active })
  }
  assert.deepEqual(parseBrowserAccounts(formatBrowserAccounts({ tokens: [], active: undefined })), {
    tokens: [],
    active: undefined,
  })
})

test('a cookie with one token has that account, and none has none', () => {
  assert.deepEqual(parseBrowserAccounts('pt_a'), { tokens: ['pt_a'], active: 'pt_a' })
  assert.equal(parseBrowserAccounts(Array(20).fill('pt_a').join('.')).tokens.length, BROWSER_ACCOUNTS_MAX)
  for (const nothing of [undefined, '', '..']) {
    assert.deepEqual(parseBrowserAccounts(nothing), { tokens: [], active: undefined })
  }
})
