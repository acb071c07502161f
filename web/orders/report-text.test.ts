// Reports as sentences: fills as the order stands, and why an order ended without one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleExecution } from '../testing/sample-orders.ts'
import { reportText } from './report-text.ts'

test('a fill is reported as the order stands after it', () => {
  const part = { size: 100, lastSize: 40, cumSize: 40, avgPrice: 184.526, lastPrice: 184.5 }
  assert.equal(reportText(sampleExecution(1, part), 2), 'Bought 40 of 100 AAA at 184.53.')
  assert.equal(reportText(sampleExecution(1, { ...part, side: 'sell', cumSize: 100 }), 2), 'Sold 100 AAA at 184.53.')
  assert.equal(reportText(sampleExecution(1, { ...part, avgPrice: null }), 2), 'Bought 40 of 100 AAA at 184.50.')
})

test('a fill by which the exchange closes a position says so', () => {
  const fill = { clientOrderId: 'liquidation 7', side: 'sell', lastSize: 10, cumSize: 10, avgPrice: 9 } as const
  assert.equal(reportText(sampleExecution(1, fill), 2), 'Margin call: the exchange sold 10 AAA at 9.00.')
})

test('a reject and an expiry are reported with what was filled and why', () => {
  const reason = { code: 'insufficient-cash', text: 'The order needs 18552000, the account has 1000.' } as const
  const rejected = sampleExecution(1, { execType: 'rejected', orderStatus: 'rejected', size: 1_000, reason })
  const says = 'Rejected: buy 1,000 AAA. The order needs 18,552,000, the account has 1,000.'
  assert.equal(reportText(rejected, 2), says)
  assert.equal(reportText({ ...rejected, reason: { ...reason, text: 'No cash' } }, 2).slice(24), ' No cash.')
  const expired = sampleExecution(1, { execType: 'expired', orderStatus: 'expired', cumSize: 4 })
  assert.equal(reportText(expired, 2), 'Expired: buy 10 AAA, 4 filled.')
})
