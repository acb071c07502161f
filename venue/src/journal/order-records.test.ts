// What a repair makes of encoded executions: an order has one end, and with a scripted fill after its cancel that fill
// is it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { recordsOf } from './order-records.ts'

const ORDER = { type: 'execution', orderId: '7', clientOrderId: 'a', ts: 1, cumSize: 0 }

function endsOf(executions: readonly Partial<Execution>[]) {
  const events = executions.map((execution, at) => {
    const event = { ...ORDER, ...execution, seq: at + 1 }
    return { accountId: 'ann', seq: event.seq, data: JSON.stringify(event) }
  })
  return [...recordsOf(events)].flatMap(record => ('ended' in record ? [[record.seq, record.ended.orderStatus]] : []))
}

test('a canceled order ends with its cancel, or with the fill that its script has after it', () => {
  const placed = { execType: 'new', orderStatus: 'new' } as const
  const canceled = { execType: 'canceled', orderStatus: 'canceled' } as const
  assert.deepEqual(endsOf([placed, canceled]), [[2, 'canceled']])
  const testDirective = { fillAfterCancel: {} }
  const late = { execType: 'fill', orderStatus: 'filled' } as const
  const scripted = [placed, canceled, late].map(execution => ({ ...execution, testDirective }))
  assert.deepEqual(endsOf(scripted), [[3, 'filled']])
})
