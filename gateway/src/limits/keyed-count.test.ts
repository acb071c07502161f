// Connections are counted by key, and a key with none is forgotten.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyedCount } from './keyed-count.ts'

test('a key is full with as many as it may have, until one closes; others have their own', () => {
  const count = new KeyedCount(2)
  const closeFirst = count.open('a')
  const closeSecond = count.open('a')
  assert.deepEqual([count.isFull('a'), count.isFull('b')], [true, false])
  closeFirst()
  assert.equal(count.isFull('a'), false)
  closeSecond()
  assert.equal(count.size, 0)
})

test('without a limit no key is full', () => {
  const count = new KeyedCount(0)
  for (let opened = 0; opened < 100; opened++) count.open('a')
  assert.equal(count.isFull('a'), false)
})

test('a hundred thousand keys that came and went leave nothing', () => {
  const count = new KeyedCount(1)
  for (let key = 0; key < 100_000; key++) count.open(`k${key}`)()
  assert.equal(count.size, 0)
})
