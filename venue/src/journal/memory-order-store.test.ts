// The order archive in memory: what it remembers of an order, and for how long.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REMEMBERED_US } from '@papertape/engine'
import type { Execution, Order } from '@papertape/protocol'
import { MemoryOrderStore } from './memory-order-store.ts'

const MINUTE_US = 60_000_000
const answer = (clientOrderId: string, orderId: string) => ({
  accountId: 'ann',
  answer: { clientOrderId, orderId, seq: Number(orderId) } as Execution,
})
const ended = (orderId: string) => ({ accountId: 'ann', seq: 10, ended: { orderId, ts: 1 } as Order })

test('an id is remembered while its order is open, and until 24 hours of a running market after its end', () => {
  const store = new MemoryOrderStore()
  let ts = 0
  const run = (us: number) => {
    for (const end = ts + us; ts < end; ) {
      ts = Math.min(end, ts + MINUTE_US)
      store.advance(ts)
    }
  }
  store.advance(ts)
  store.append([answer('open', '1'), answer('a', '2'), answer('a replaced', '2'), ended('2')])
  run(REMEMBERED_US - MINUTE_US)
  store.append([])
  assert.equal(store.firstAnswer('ann', 'a')?.orderId, '2')
  assert.equal(store.endedOrder('ann', '2')?.orderId, '2')
  assert.deepEqual([store.hasForgottenNothing, store.remembers('ann', '2')], [true, true])
  run(MINUTE_US)
  assert.equal(store.firstAnswer('ann', 'a'), undefined)
  assert.equal(store.endedOrder('ann', '2'), undefined)
  assert.deepEqual([store.endedOrders('ann', 10, 10), store.remembers('ann', '2')], [[], false])
  assert.equal(store.firstAnswer('ann', 'open')?.orderId, '1')
  assert.equal(store.rowsOf('ann').ids, 3, 'expired, and deleted with the next flush')
  store.append([])
  assert.deepEqual(store.rowsOf('ann'), { ids: 1, ended: 0, counted: 0, firstSeq: null })
  assert.equal(store.hasForgottenNothing, false)
})

test('an account does not have the orders of another one', () => {
  const store = new MemoryOrderStore()
  store.append([answer('a', '2'), ended('2')])
  assert.equal(store.firstAnswer('bob', 'a'), undefined)
  assert.equal(store.endedOrder('bob', '2'), undefined)
  assert.equal(store.holds({ ...ended('2'), accountId: 'bob' }), false)
  assert.equal(store.holds(ended('2')), true)
})
