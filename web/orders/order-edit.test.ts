// The edit of an open order: refused at its field, never corrected silently.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '@papertape/protocol'
import { instrumentOf } from '../testing/sample-market.ts'
import { checkEdit } from './order-edit.ts'

const ORDER: Order = {
  orderId: 'o1',
  clientOrderId: 'c1',
  symbol: 'AAA',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'GTC',
  postOnly: false,
  size: 100,
  price: 184.5,
  orderStatus: 'partiallyFilled',
  cumSize: 40,
  leavesSize: 60,
  avgPrice: 184.5,
  ts: 1,
}
const edit = (size: string, price: string, order = ORDER) => checkEdit(order, { size, price }, instrumentOf('AAA'))

test('sends the fields that differ, and nothing if none does', () => {
  assert.deepEqual(edit('100', '184.50').change, {})
  assert.deepEqual(edit('120', '184.50').change, { size: 120 })
  assert.deepEqual(edit('1,000', '184.6').change, { size: 1_000, price: 184.6 })
  assert.deepEqual(edit('120', 'abc', { ...ORDER, orderType: 'stop', price: null }).change, { size: 120 })
})

test('a price off the tick is refused with the two nearest prices', () => {
  const { priceProblem, change } = edit('100', '184.817')
  assert.equal(priceProblem, 'Prices are multiples of 0.01: enter 184.81 or 184.82.')
  assert.equal(change, undefined)
})

test('a text that is no number, zero, or a size that is already filled is refused at its field', () => {
  for (const size of ['abc', '0', '', '1,5', '-5', '1.000', '1e3', '10.5', '40', '39']) {
    const { sizeProblem, priceProblem, change } = edit(size, '184.50')
    assert.ok(sizeProblem !== undefined && sizeProblem.length > 10, size)
    assert.deepEqual([priceProblem, change], [undefined, undefined])
  }
  for (const price of ['abc', '0', '', '184,50', '$184.50', '184.50.', '184.005']) {
    const { sizeProblem, priceProblem, change } = edit('100', price)
    assert.ok(priceProblem !== undefined && priceProblem.length > 10, price)
    assert.deepEqual([sizeProblem, change], [undefined, undefined])
  }
})
