// The steps of a field, and the nearest price on the grid. What is refused in a field is tested with the ticket.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrumentOf } from '../testing/sample-market.ts'
import { onGrid, stepPrice, stepSize } from './checked-number.ts'

const instrument = instrumentOf('AAA', { tickSize: 0.05 })

test('steps stay on the grid', () => {
  assert.equal(stepPrice('10.00', 1, 9, instrument), '10.05')
  assert.equal(stepPrice('10.03', -1, 9, instrument), '10.00')
  assert.equal(stepPrice('', 1, 9.95, instrument), '9.95')
  assert.equal(stepPrice('0.05', -10, 9, instrument), '0.05')
  assert.equal(stepSize('50', 1, 10), '60')
  assert.equal(stepSize('', -1, 10), '10')
  assert.equal(onGrid(0.30000000000000004, 0.1, 1), 0.3)
})
