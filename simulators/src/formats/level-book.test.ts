// Levels of a call auction, in which both sides may have the same price.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIDE } from '@papertape/engine'
import { FLOW } from '../order-flow/order-flow.ts'
import { LevelBook } from './level-book.ts'

test('bids and asks at one price are kept apart', () => {
  const book = new LevelBook(1000)
  book.apply(FLOW.add, SIDE.buy, 1, 100, 30)
  book.apply(FLOW.add, SIDE.sell, 2, 100, 20)
  book.apply(FLOW.add, SIDE.sell, 3, 99, 5)
  assert.deepEqual([book.bidsTicks, book.asksTicks], [[100], [99, 100]])
  assert.deepEqual([book.lotsAt(SIDE.buy, 100), book.lotsAt(SIDE.sell, 100)], [30, 20])
  book.apply(FLOW.execute, SIDE.sell, 2, 100, 20)
  assert.deepEqual([book.bidsTicks, book.asksTicks], [[100], [99]])
  assert.equal(book.lotsAt(SIDE.buy, 100), 30)
})

test('an execution at the price of an auction is of the order at its own price', () => {
  const book = new LevelBook(1000)
  book.apply(FLOW.add, SIDE.buy, 1, 102, 30)
  book.apply(FLOW.add, SIDE.sell, 2, 99, 20)
  book.apply(FLOW.execute, SIDE.buy, 1, 100, 20)
  book.apply(FLOW.execute, SIDE.sell, 2, 100, 20)
  assert.deepEqual([book.bidsTicks, book.asksTicks], [[102], []])
  assert.equal(book.lotsAt(SIDE.buy, 102), 10)
})
