// The lowest rank of a queue, also after its first entries are removed. Its order is tested with the stop book.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RankedQueue } from './ranked-queue.ts'

test('the lowest rank is that of the first entry that is still there', () => {
  const queue = new RankedQueue<string>()
  assert.equal(queue.lowest, Number.POSITIVE_INFINITY)
  queue.add('late', 9)
  queue.add('early', 3)
  queue.add('early too', 3)
  assert.equal(queue.lowest, 3)
  queue.remove('early')
  assert.equal(queue.take(3), 'early too')
  assert.equal(queue.lowest, 9)
  assert.equal(queue.take(8), undefined)
  queue.remove('late')
  assert.equal(queue.lowest, Number.POSITIVE_INFINITY)
})
