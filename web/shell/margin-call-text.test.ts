// A margin call before and after it is due.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { marginCallText } from './margin-call-text.ts'

const DUE_MS = Date.UTC(2026, 0, 5, 14, 30, 7)
const BALANCE = { cash: 1, buyingPower: 0, equity: 23_950, initialMargin: 48_000, maintenanceMargin: 24_000 }

test('says what is missing, by when, and what the exchange does', () => {
  assert.equal(
    marginCallText(BALANCE, DUE_MS, DUE_MS - 1),
    'Margin call: when the exchange last reported them, the equity was 23,950.00 and the maintenance margin 24,000.00. ' +
      'Deposit cash or hold less by 5 Jan 14:30:07 UTC, or the exchange cancels your orders and closes positions at the market.',
  )
  assert.match(marginCallText(BALANCE, DUE_MS, DUE_MS), /closes positions as soon as they trade\.$/)
})
