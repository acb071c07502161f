// Checkpoints of what no event shows: orders that enter the book silently, and queue positions that are still to be
// sent.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StateRow } from '../model/recorded.ts'
import { TestExchange } from '../testing/test-exchange.ts'
import { stateFromRows } from './checkpoint.ts'

test('a waiting order that enters the book is in the next checkpoint, also when its owner is sent nothing yet', () => {
  const market = new TestExchange({ placesPerCommand: 1 })
  const rows = new Map<string, StateRow>()
  const takeChanges = () => {
    market.publicEvents()
    const { market: saved, rows: changed } = market.exchange.checkpointChanges()
    for (const row of changed) rows.set(`${row.part} ${row.id}`, row)
    return saved
  }
  for (let order = 0; order < 5; order++) market.place({ timeInForce: 'CLS', size: 1 })
  takeChanges()
  market.phase('closingAuction')
  assert.deepEqual(stateFromRows(takeChanges(), [...rows.values()]), market.exchange.checkpoint())
})

test('a restored exchange sends the queue positions that were due before', () => {
  const market = new TestExchange({ placesPerCommand: 1 })
  const head = market.bid(9_900, 1)
  for (let order = 1; order <= 6; order++) market.place({ clientOrderId: `o${order}`, size: 1 })
  market.privateEvents()
  const aheadSizes = new Map<string, number>()
  const readPositions = () => {
    for (const event of market.privateEvents()) {
      if (event.type === 'queue') aheadSizes.set(event.clientOrderId, event.aheadSize)
    }
  }
  market.do({ type: 'desk.cancel', desk: 1, ref: head })
  readPositions()
  assert.ok(aheadSizes.size < 6, 'some positions are still due')
  market.restart()
  for (let second = 0; second < 10; second++) {
    market.pass(1_000)
    readPositions()
  }
  assert.deepEqual(
    [...aheadSizes].sort(),
    [0, 1, 2, 3, 4, 5].map(aheadSize => [`o${aheadSize + 1}`, aheadSize]),
  )
})
