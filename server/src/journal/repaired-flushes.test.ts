// However many private events a repair has: flushes are bounded, and each record is in the flush of its event.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EncodedPrivateEvent, type OrderRecord, recordsOf } from '@papertape/venue'
import { EVENTS_PER_FLUSH, flushesOf } from './repaired-flushes.ts'

/** An order that is accepted and canceled, again and again, and events without a record between them. */
function eventsOf(accountId: string, count: number): EncodedPrivateEvent[] {
  const kinds = [
    { type: 'execution', execType: 'new', orderStatus: 'new' },
    { type: 'balance' },
    { type: 'execution', execType: 'canceled', orderStatus: 'canceled' },
  ]
  return Array.from({ length: count }, (_, at) => {
    const [seq, orderId] = [at + 1, String(Math.floor(at / kinds.length) + 1)]
    const data = JSON.stringify({ ...kinds[at % kinds.length], seq, ts: seq, orderId, clientOrderId: `c${orderId}` })
    return { accountId, seq, data }
  })
}

const eventOf = (record: OrderRecord) => `${record.accountId} ${'answer' in record ? record.answer.seq : record.seq}`

for (const count of [0, 1, EVENTS_PER_FLUSH, EVENTS_PER_FLUSH + 1, 25_000]) {
  test(`${count} private events are whole flushes with the records of their own events`, () => {
    const events = [...eventsOf('ann', Math.floor(count / 2)), ...eventsOf('bob', Math.ceil(count / 2))]
    const flushes = [...flushesOf(events, 'source')]
    assert.equal(flushes.length, Math.max(1, Math.ceil(count / EVENTS_PER_FLUSH)))
    for (const { privateEvents, orders = [], source } of flushes) {
      assert.ok(privateEvents.length <= EVENTS_PER_FLUSH)
      assert.equal(source, 'source')
      const own = new Set(privateEvents.map(({ accountId, seq }) => `${accountId} ${seq}`))
      for (const record of orders) assert.ok(own.has(eventOf(record)), eventOf(record))
    }
    assert.deepEqual(
      flushes.flatMap(({ privateEvents }) => privateEvents),
      events,
    )
    assert.deepEqual(
      flushes.flatMap(({ orders = [] }) => orders),
      [...recordsOf(events)],
    )
  })
}
