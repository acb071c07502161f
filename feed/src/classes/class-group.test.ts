// Turns: one member at a time, in the order in which they asked, whoever leaves meanwhile.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { ClassGroup } from './class-group.ts'

const MEMBERS = 4
const anyStep = fc.record({ type: fc.constantFrom('await', 'end', 'leave'), member: fc.nat(MEMBERS - 1) })

test('one member at a time has the turn, in the order in which they asked, whoever leaves', () => {
  holds(
    import.meta.filename,
    fc.property(fc.array(anyStep, { maxLength: 60 }), steps => {
      const members = Array.from({ length: MEMBERS }, () => ({ users: 0 }))
      const group = new ClassGroup<{ users: number }>()
      for (const member of members) group.add(member)
      // What it should do: those that asked, the first of whom has the turn.
      let asked: number[] = []
      const begun: number[] = []
      const expected: number[] = []
      const expectFirst = (before: number | undefined) => {
        if (asked[0] !== undefined && asked[0] !== before) expected.push(asked[0])
      }
      for (const { type, member: n } of steps) {
        const [first] = asked
        if (type === 'await') {
          if (asked.includes(n)) continue
          asked.push(n)
          expectFirst(first)
          group.awaitTurn(members[n]!, () => begun.push(n))
        } else if (type === 'end') {
          if (first === n) asked.shift()
          expectFirst(first)
          group.endTurn(members[n]!)
        } else {
          asked = asked.filter(one => one !== n)
          expectFirst(first)
          group.delete(members[n]!)
          group.add(members[n]!)
        }
        assert.deepEqual(begun, expected)
      }
    }),
  )
})

test('a reader gets a place in the first class that has one', () => {
  const group = new ClassGroup<{ users: number }>()
  assert.equal(group.findPlace(2), undefined)
  const [full, free] = [{ users: 2 }, { users: 1 }]
  group.add(full)
  group.add(free)
  assert.deepEqual([group.findPlace(2), group.size], [free, 2])
  group.delete(free)
  assert.deepEqual([group.findPlace(2), group.size], [undefined, 1])
})
