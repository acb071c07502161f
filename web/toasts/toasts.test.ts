// Toasts: one an order, merged while it fills, at most three.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleExecution } from '../testing/sample-orders.ts'
import { type Toast, withReport } from './toasts.ts'

const fill = (seq: number, orderId: string, cumSize: number) =>
  sampleExecution(seq, { orderId, lastSize: 1, lastPrice: 9, cumSize, avgPrice: 9 })
const show = (...reports: ReturnType<typeof sampleExecution>[]) =>
  reports.reduce<readonly Toast[]>((toasts, report) => withReport(toasts, report, 2), [])

test('an order that fills has one toast, in its place, with what it has filled so far', () => {
  const toasts = show(fill(1, 'a', 1), fill(2, 'b', 2), fill(3, 'a', 7))
  assert.deepEqual(toasts, [
    { id: 'b', seq: 2, kind: 'bought', text: 'Bought 2 of 10 AAA at 9.00.' },
    { id: 'a', seq: 3, kind: 'bought', text: 'Bought 7 of 10 AAA at 9.00.' },
  ])
})

test('a sale by the exchange itself is a warning', () => {
  assert.partialDeepStrictEqual(show({ ...fill(1, 'a', 10), clientOrderId: 'liquidation a' }), [{ kind: 'ended' }])
})

test('at most three are shown: the oldest goes', () => {
  const ids = show(...['a', 'b', 'c', 'd'].map((id, index) => fill(index, id, 10))).map(({ id }) => id)
  assert.deepEqual(ids, ['d', 'c', 'b'])
})

test('what was filled before an expiry stays in its text', () => {
  const expired = sampleExecution(2, { orderId: 'a', execType: 'expired', orderStatus: 'expired', cumSize: 4 })
  assert.deepEqual(show(fill(1, 'a', 4), expired), [
    { id: 'a', seq: 2, kind: 'ended', text: 'Expired: buy 10 AAA, 4 filled.' },
  ])
})
