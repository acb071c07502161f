// What is kept of alerts survives entries of older pages and of something else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALERT_NOTIFICATIONS, SEEN_ALERTS } from './alert-preferences.ts'

test('nothing but times is read, and notifications are off unless they were switched on', () => {
  assert.deepEqual(SEEN_ALERTS.read({ a: 5, b: 'x', c: null }), { a: 5 })
  for (const stored of [undefined, 7, []]) assert.deepEqual(SEEN_ALERTS.read(stored), {})
  assert.deepEqual(
    [undefined, 'yes', 1, true].map(stored => ALERT_NOTIFICATIONS.read(stored)),
    [false, false, false, true],
  )
})
