// The line above the ladder, in each phase.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cumulate } from '../market/depth.ts'
import { bookNote, type NotedMarket } from './book-note.ts'

const MARKET: NotedMarket = {
  phase: 'continuous',
  auction: undefined,
  book: { bids: cumulate([[99.99, 5]]), asks: cumulate([[100.01, 5]]) },
  decimals: 2,
}

test('has the spread, or names the side that is empty', () => {
  const { bids, asks } = MARKET.book
  assert.equal(bookNote(MARKET), 'Spread 0.02 (2.0 bp)')
  assert.equal(bookNote({ ...MARKET, book: { bids, asks: [] } }), 'No offers')
  assert.equal(bookNote({ ...MARKET, book: { bids: [], asks } }), 'No bids')
  assert.equal(bookNote({ ...MARKET, book: { bids: [], asks: [] } }), 'No orders in the book')
})

test('says what the book is while nothing trades', () => {
  assert.match(bookNote({ ...MARKET, phase: 'halted' }), /^Halted: nothing trades/)
  assert.match(bookNote({ ...MARKET, phase: 'limitState' }), /^Limit state: .* Spread 0\.02/)
  const call = { ...MARKET, phase: 'openingAuction' } as const
  assert.match(bookNote(call), /^Opening auction: orders are collected, nothing trades\. No indicative price yet\.$/)
  const auction = { price: 100, pairedSize: 4_000, imbalanceSize: 120, side: 'buy' } as const
  assert.match(bookNote({ ...call, auction }), /Indicative 100\.00 × 4,000, 120 more to buy\.$/)
  assert.match(bookNote({ ...call, auction: { ...auction, price: null } }), /No indicative price yet\.$/)
  assert.match(bookNote({ ...call, auction: { ...auction, imbalanceSize: 0, side: null } }), /× 4,000\.$/)
})
