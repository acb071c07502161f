// The readout of the depth chart against sums by hand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate } from '../market/depth.ts'
import { depthReadout, readoutText } from './depth-readout.ts'

const BOOK = {
  bids: cumulate([
    [10, 100],
    [9.9, 300],
    [9.5, 1_000],
  ]),
  asks: cumulate([[10.2, 50]]),
}
const text = (price: number, book = BOOK) => readoutText(depthReadout(book, price), price, 2)

test('below the middle it sells down to the price, above it buys up to it', () => {
  assert.equal(text(9.9), 'Sell 400 down to 9.90: average 9.93, \u22120.75% from the best')
  assert.equal(depthReadout(BOOK, 9.6)?.size, 400)
  assert.equal(text(10), 'Sell 100 down to 10.00: average 10.00, 0.00% from the best')
  assert.equal(text(9.5), 'Sell 1,400 down to 9.50: average 9.62, \u22123.79% from the best')
  assert.equal(text(10.3), 'Buy 50 up to 10.30: average 10.20, 0.00% from the best')
})

test('inside the spread, and on a side without orders, nothing would trade', () => {
  assert.equal(text(10.1), 'Nothing to trade with at 10.10')
  assert.equal(text(10.15), 'Nothing to trade with at 10.15')
  assert.equal(text(9.9, { ...BOOK, bids: [] }), 'Nothing to trade with at 9.90')
  assert.equal(text(10.3, { ...BOOK, asks: [] }), 'Nothing to trade with at 10.30')
})
