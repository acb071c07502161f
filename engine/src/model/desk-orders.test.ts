// A desk's orders are found by the numbers that it gave them, small or large.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeskOrders } from './desk-orders.ts'

/** Indexes of an array, keys of a map, and the limits between them. */
const REFS = [0, 1, 1023, 1024, 2 ** 18 - 1, 2 ** 18, 2 ** 31, 2 ** 40, -1]
const DESKS = [0, 7, 63, 64, 1000]

test('an order is found by desk and number until it is removed; then the number is free again', () => {
  const orders = new DeskOrders()
  const ids = new Map<number, readonly [desk: number, ref: number]>()
  for (const desk of DESKS) for (const ref of REFS) ids.set(ids.size + 1, [desk, ref])
  for (const [desk, ref] of ids.values()) assert.equal(orders.idOf(desk, ref), 0)
  for (const [id, [desk, ref]] of ids) orders.add(desk, ref, id)
  for (const [id, [desk, ref]] of ids) {
    assert.equal(orders.idOf(desk, ref), id)
    assert.equal(orders.refOf(id), ref)
  }
  for (const [id, [desk, ref]] of ids) {
    if (id % 2 === 0) continue
    orders.remove(desk, id)
    assert.equal(orders.idOf(desk, ref), 0)
    orders.add(desk, ref, id + 1000)
  }
  for (const [id, [desk, ref]] of ids) assert.equal(orders.idOf(desk, ref), id % 2 === 0 ? id : id + 1000)
})

test('numbers other than integers from 0 up work too', () => {
  const orders = new DeskOrders()
  orders.add(3, 1.5, 1)
  orders.add(3, 1, 2)
  assert.equal(orders.idOf(3, 1.5), 1)
  assert.equal(orders.idOf(3, 1), 2)
  assert.equal(orders.idOf(3, 2), 0)
})
