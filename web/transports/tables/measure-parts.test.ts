// The median as text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { medianText } from './measure-parts.ts'

test('a median is between the two in the middle when there is no one in the middle, and has its range', () => {
  assert.equal(medianText([3, 1, 2]), 'median 2.0 ms of 3, from 1.0 to 3.0 ms')
  assert.equal(medianText([4, 1, 2, 3]), 'median 2.5 ms of 4, from 1.0 to 4.0 ms')
  assert.equal(medianText([1.26]), 'median 1.3 ms of 1, from 1.3 to 1.3 ms')
})
