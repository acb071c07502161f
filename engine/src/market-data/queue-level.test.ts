// A queue level against a plain list: orders are added and removed, and lose lots ahead of and behind each other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import type { AccountOrder } from '../model/account-order.ts'
import { QueueLevel } from './queue-level.ts'

/** An order of the queue; accounts' ones have `order`. */
interface Queued {
  readonly arrival: number
  readonly order: AccountOrder | undefined
  lots: number
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('join' as const), lots: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('joinDesk' as const), lots: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('trade' as const), lots: fc.integer({ min: 1, max: 9 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('lose' as const), lots: fc.integer({ min: 1, max: 9 }), at: fc.nat() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), lots: fc.nat(5) }) },
)

/** Arrivals wrap around in the middle of a run. */
const FIRST_ARRIVAL = 2 ** 31 - 40

test('has the lots ahead of each order and the first changed one', () => {
  const property = fc.property(fc.array(step, { minLength: 1, maxLength: 400, size: 'max' }), steps => {
    const level = new QueueLevel()
    const queue: Queued[] = []
    let arrival = FIRST_ARRIVAL
    /** The first order whose position has changed since the last takeChanged(). */
    let movedFrom: number | undefined
    const own = () => queue.filter(({ order }) => order !== undefined)
    const isBefore = (a: number, b: number) => ((a - b) | 0) < 0
    const movedBehind = (at: number) => {
      const first = queue.slice(at + 1).find(({ order }) => order !== undefined)?.arrival
      if (first !== undefined && (movedFrom === undefined || isBefore(first, movedFrom))) movedFrom = first
    }
    const lose = (at: number, lots: number, isTrade: boolean) => {
      const one = queue[at]!
      const lost = Math.min(lots, one.lots)
      const behind = queue.slice(at + 1).some(({ order }) => order !== undefined)
      const engineId = one.order?.engineId ?? -1
      assert.equal(isTrade ? level.headReduced(engineId, lost) : level.reduced(one.arrival, lost), behind)
      movedBehind(at)
      one.lots -= lost
      if (one.lots > 0) return
      queue.splice(at, 1)
      if (one.order !== undefined) level.remove(one.order)
    }
    for (const [at, { do: what, ...details }] of steps.entries()) {
      if (what === 'join' || what === 'joinDesk') {
        arrival = (arrival + 1) | 0
        const from = movedFrom
        if (from !== undefined && what === 'join' && own().every(each => isBefore(each.arrival, from))) {
          movedFrom = undefined
        }
        const order = what === 'join' ? ({ engineId: at + 1, queueIndex: -1 } as AccountOrder) : undefined
        if (order !== undefined)
          level.add(
            order,
            queue.reduce((sum, { lots }) => sum + lots, 0),
            arrival,
          )
        queue.push({ arrival, order, lots: details.lots })
      } else if (what === 'take') {
        const taken = [...level.takeChanged(details.lots)]
        const from = movedFrom
        const behind = from === undefined ? [] : own().filter(({ arrival }) => !isBefore(arrival, from))
        assert.deepEqual(
          taken,
          behind.slice(0, details.lots).map(({ order }) => order),
        )
        movedFrom = undefined
      } else if (queue.length > 0) {
        lose(what === 'trade' ? 0 : (details as { at: number }).at % queue.length, details.lots, what === 'trade')
      }
      let ahead = 0
      for (const { order, lots } of queue) {
        if (order !== undefined) assert.equal(level.aheadLots(order), ahead)
        ahead += lots
      }
      assert.equal(level.count, own().length)
    }
  })
  holds(import.meta.filename, property, 300)
})
