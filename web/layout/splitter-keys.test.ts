// The keys of a splitter: arrows along its axis, Home and End, within the limits.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZES } from './layouts.ts'
import { sizeAfterKey } from './splitter-keys.ts'

const press = (key: string, shiftKey = false) => ({ key, shiftKey })

test('an arrow moves the splitter its way, so that the panel behind it grows or shrinks', () => {
  assert.equal(sizeAfterKey(press('ArrowRight'), SIZES.left, 300), 310)
  assert.equal(sizeAfterKey(press('ArrowRight'), SIZES.right, 300), 290)
  assert.equal(sizeAfterKey(press('ArrowLeft', true), SIZES.right, 300), 350)
  assert.equal(sizeAfterKey(press('ArrowUp'), SIZES.dock, 180), 190)
})

test('keys across its axis, and others, do nothing', () => {
  assert.equal(sizeAfterKey(press('ArrowUp'), SIZES.left, 300), undefined)
  assert.equal(sizeAfterKey(press('ArrowLeft'), SIZES.dock, 180), undefined)
  assert.equal(sizeAfterKey(press('a'), SIZES.left, 300), undefined)
})

test('Home and End set the limits, which no arrow passes', () => {
  const { minPx, maxPx } = SIZES.left
  assert.deepEqual(
    [sizeAfterKey(press('Home'), SIZES.left, 300), sizeAfterKey(press('End'), SIZES.left, 300)],
    [minPx, maxPx],
  )
  assert.equal(sizeAfterKey(press('ArrowLeft', true), SIZES.left, minPx + 5), minPx)
  assert.equal(sizeAfterKey(press('ArrowRight', true), SIZES.left, maxPx - 5), maxPx)
})
