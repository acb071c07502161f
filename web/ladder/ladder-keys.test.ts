// The keys of the ladder.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnBeside, ladderAction } from './ladder-keys.ts'

const NO_MODIFIERS = { altKey: false, ctrlKey: false, metaKey: false }
const press = (key: string, change = {}) => ladderAction({ key, ...NO_MODIFIERS, ...change })

test('arrows and pages move the focus, with Alt the own orders', () => {
  assert.deepEqual(press('ArrowUp'), { type: 'focus', rows: 1, columns: 0 })
  assert.deepEqual(press('PageDown'), { type: 'focus', rows: -10, columns: 0 })
  assert.deepEqual(press('ArrowRight'), { type: 'focus', rows: 0, columns: 1 })
  assert.deepEqual(press('ArrowUp', { altKey: true }), { type: 'step', rows: 1 })
  assert.deepEqual(press('ArrowDown', { altKey: true }), { type: 'step', rows: -1 })
})

test('keys of the browser and of the page are left alone', () => {
  assert.equal(press('ArrowLeft', { altKey: true }), undefined)
  assert.equal(press('ArrowUp', { ctrlKey: true }), undefined)
  assert.equal(press('Home', { metaKey: true }), undefined)
  assert.equal(press('b'), undefined)
  assert.equal(press('Delete', { altKey: true }), undefined)
})

test('the focus stays between the bid and the offer', () => {
  assert.deepEqual([columnBeside('bid', -1), columnBeside('bid', 1), columnBeside('ask', 1)], ['bid', 'price', 'ask'])
})
