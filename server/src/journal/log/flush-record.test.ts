// A flush as bytes of the log and back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution, Order } from '@papertape/protocol'
import { JournalDamaged, type OrderRecord } from '@papertape/venue'
import { stagedFlush } from '../staged-rows.ts'
import { decodeFlush, encodeFlush } from './flush-record.ts'

const answer = { type: 'execution', seq: 7, ts: 7, orderId: '3', clientOrderId: 'an id\nof "two" lines' } as Execution
const records: OrderRecord[] = [
  { accountId: 'ann', answer },
  { accountId: 'ann', seq: 8, ended: { orderId: '3', ts: 5, triggered: true } as Order },
]
const privateEvents = [
  { accountId: 'ann', seq: 7, data: '{"text":"two words"}' },
  { accountId: 'ann', seq: 8, data: '{}' },
]
const flush = {
  commands: [
    { number: 4, stamp: { ts: 1_767_623_400_000_001, time: 1_767_623_400_000 }, command: { type: 'clock.advance' } },
    { number: 5, stamp: { ts: 2, time: 3 }, command: { type: 'news.publish', headline: 'Line 1\nline 2' } },
  ],
  events: [
    { seq: 9, event: 'trade', symbol: 'PPR', data: '{"text":"a b"}' },
    { seq: 10, event: 'news', symbol: null, data: '{}' },
  ],
  staged: stagedFlush(privateEvents, records, 99),
  clockUs: 99,
} as never

test('is decoded to what was encoded', () => {
  for (const source of [{}, { source: null }, { source: { agents: [[1], [2]] } }, { sourceChanges: { time: 5 } }]) {
    const whole = { ...(flush as object), ...source } as never
    assert.deepEqual(decodeFlush(encodeFlush(whole)), whole)
  }
})

test('is refused when it is not what was encoded', () => {
  const body = encodeFlush(flush)
  assert.throws(() => decodeFlush(body.subarray(0, body.length - 9)), JournalDamaged)
  assert.throws(() => decodeFlush(Buffer.from('clock 1')), JournalDamaged)
})
