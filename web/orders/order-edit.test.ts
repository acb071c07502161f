// The edit of an open order: refused at its field, never corrected silently.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '@papertape/protocol'
import { instrumentOf } from '../testing/sample-market.ts'
import { checkEdit, checkPriceChange, editableFields } from './order-edit.ts'

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
const edit = (size: string, price: string, order = ORDER, stopPrice = '') =>
  checkEdit(order, { size, price, stopPrice }, instrumentOf('AAA'))

test('sends the fields that differ, and nothing if none does', () => {
  assert.deepEqual(edit('100', '184.50').change, {})
  assert.deepEqual(edit('120', '184.50').change, { size: 120 })
  assert.deepEqual(edit('1,000', '184.6').change, { size: 1_000, price: 184.6 })
})

test('a stop price can be changed until the stop has triggered', () => {
  const stop: Order = { ...ORDER, orderType: 'stop', price: null, stopPrice: 185 }
  assert.deepEqual(editableFields(stop), ['size', 'stopPrice'])
  assert.deepEqual(edit('100', 'abc', stop, '185.00').change, {})
  assert.deepEqual(edit('100', 'abc', stop, '184.80').change, { stopPrice: 184.8 })
  assert.deepEqual(edit('100', '', stop, ' ').problems, { stopPrice: 'Enter a stop price.' })
  assert.match(edit('100', '', stop, '184.805').problems.stopPrice!, /184\.80 or 184\.81/)
  const stopLimit: Order = { ...stop, orderType: 'stopLimit', price: 184.5 }
  assert.deepEqual(edit('100', '184.60', stopLimit, '184.80').change, { price: 184.6, stopPrice: 184.8 })
  assert.deepEqual(edit('100', '184.60', { ...stopLimit, triggered: true }, 'abc').change, { price: 184.6 })
})

test('an order of a list keeps its size', () => {
  assert.deepEqual(editableFields({ ...ORDER, listId: 'o1', listRole: 'takeProfit' }), ['price'])
})

test('the stop price of a trailing stop cannot be moved', () => {
  const trailing: Order = { ...ORDER, orderType: 'trailingStop', price: null, stopPrice: 185, trailAmount: 0.5 }
  assert.deepEqual(editableFields(trailing), ['size'])
  assert.match(checkPriceChange(trailing, 'stopPrice', 186, instrumentOf('AAA')).problem!, /follows the market/)
})

test('a price off the tick is refused with the two nearest prices', () => {
  const { problems, change } = edit('100', '184.817')
  assert.deepEqual(problems, { price: 'Prices are multiples of 0.01: enter 184.81 or 184.82.' })
  assert.equal(change, undefined)
})

test('a text that is no number, zero, or a size that is already filled is refused at its field', () => {
  for (const size of ['abc', '0', '', '1,5', '-5', '1.000', '1e3', '10.5', '40', '39']) {
    const { problems, change } = edit(size, '184.50')
    assert.ok(problems.size !== undefined && problems.size.length > 10, size)
    assert.deepEqual([problems.price, change], [undefined, undefined])
  }
  for (const price of ['abc', '0', '', '184,50', '$184.50', '184.50.', '184.005']) {
    const { problems, change } = edit('100', price)
    assert.ok(problems.price !== undefined && problems.price.length > 10, price)
    assert.deepEqual([problems.size, change], [undefined, undefined])
  }
})
