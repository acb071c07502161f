// The stop book against a sorted list as reference.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { SIDE } from '../matching/codes.ts'
import { StopBook } from './stop-book.ts'

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), ticks: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), ticks: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('take' as const), ticks: fc.integer({ min: 0, max: 20 }).map(n => n / 2) }),
  },
)

test('takes the stops that a trade reaches, nearest first, then oldest, and never a removed one', () => {
  const property = fc.property(
    fc.constantFrom(SIDE.buy, SIDE.sell),
    fc.array(step, { maxLength: 120 }),
    (side, steps) => {
      const book = new StopBook<number>(side)
      let list: { id: number; ticks: number }[] = []
      let ids = 0
      const sign = side === SIDE.buy ? 1 : -1
      for (const { do: what, ticks } of steps) {
        if (what === 'add') {
          book.add(++ids, ticks)
          list.push({ id: ids, ticks })
          list.sort((a, b) => sign * (a.ticks - b.ticks) || a.id - b.id)
        } else if (what === 'remove') {
          book.remove(ticks)
          list = list.filter(({ id }) => id !== ticks)
        } else {
          for (let taken = book.take(ticks); taken !== undefined; taken = book.take(ticks)) {
            assert.equal(taken, list.shift()?.id)
          }
          assert.ok(list.length === 0 || sign * (list[0]!.ticks - ticks) > 0)
        }
        assert.equal(book.size, list.length)
        assert.deepEqual(
          book.list(),
          list.map(({ id }) => id),
        )
      }
    },
  )
  holds(import.meta.filename, property, 300)
})
