// The keys of the watchlist.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GridPlace, movedFocus } from './grid-keys.ts'

const from = (place: GridPlace, count = 100) => ({
  rows: (...keys: string[]) => keys.map(key => movedFocus(key, place, count)?.row),
})

test('keys move through all rows, and stay inside of the list', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']
  assert.deepEqual(from({ row: 50, button: 'instrument' }).rows(...keys), [51, 49, 60, 40, 0, 99])
  assert.deepEqual(from({ row: 0, button: 'instrument' }).rows('ArrowUp', 'PageUp'), [0, 0])
  assert.deepEqual(from({ row: 99, button: 'instrument' }).rows('ArrowDown', 'PageDown'), [99, 99])
})

test('left and right move between the buttons of a row; up and down keep to the same one', () => {
  assert.deepEqual(movedFocus('ArrowLeft', { row: 3, button: 'instrument' }, 5), { row: 3, button: 'favourite' })
  assert.deepEqual(movedFocus('ArrowRight', { row: 3, button: 'favourite' }, 5), { row: 3, button: 'instrument' })
  assert.deepEqual(movedFocus('ArrowDown', { row: 3, button: 'favourite' }, 5), { row: 4, button: 'favourite' })
})

test('other keys are left to the browser', () => {
  for (const key of ['a', 'Enter', 'Tab']) assert.equal(movedFocus(key, { row: 3, button: 'instrument' }, 5), undefined)
})
