// IdSet against Set, over ids that share low bits, high bits, or neither.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdSet } from './id-set.ts'

test('has exactly the ids that were added', () => {
  const families: readonly ((i: number) => number)[] = [
    i => i,
    i => i * 4096,
    i => 2 ** 50 - i,
    i => -i,
    i => 1_339_885_839_564_801 + i * 2 ** 20,
  ]
  const ids = new IdSet()
  const model = new Set<number>()
  for (let i = 0; i < 5_000; i++) {
    for (const id of families.map(family => family(i))) {
      assert.equal(ids.has(id), model.has(id))
      assert.equal(ids.add(id), !model.has(id))
      model.add(id)
    }
  }
  for (const id of model) assert.equal(ids.has(id), true)
  assert.equal(ids.has(5_001 * 4096 + 1), false)
})
