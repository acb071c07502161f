// The id table against a Map: ids with equal hashes, deleted in any order, while the table grows.

import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { IdTable } from './id-table.ts'

test('an id table behaves like a Map', () => {
  const ids = fc.integer({ min: 1, max: 40 }).map(id => (id << 20) + (id % 3))
  holds(
    import.meta.filename,
    fc.property(fc.array(ids, { maxLength: 300, size: 'max' }), toggled => {
      const table = new IdTable(1)
      const map = new Map<number, number>()
      let slot = 0
      for (const id of toggled) {
        if (map.delete(id)) table.delete(id)
        else {
          map.set(id, ++slot)
          table.add(id, slot)
        }
        for (const other of toggled) equal(table.slotOf(other), map.get(other) ?? 0)
      }
    }),
    50,
  )
})

test('adding and deleting many ids leaves the table empty', () => {
  const table = new IdTable(4)
  for (let id = 1; id <= 100_000; id++) {
    table.add(id, id)
    if (id > 4) table.delete(id - 4)
  }
  equal(table.slotOf(99_996), 0)
  equal(table.slotOf(99_997), 99_997)
})
