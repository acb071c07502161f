// The orders of a recorded day, matched again, make the trades of that day.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMatchingEngine } from '@papertape/engine'
import { FLOW, simulateDay } from '@papertape/simulators'
import { flowOperations } from './flow-operations.ts'
import { instructionOfKind, OPERATION } from './operations.ts'

test('the orders of a simulated day make the same trades in a matching engine alone', () => {
  const { flow } = simulateDay({ preset: 'small-tick', seed: 7, durationMs: 300_000 })
  const operations = flowOperations(flow)
  const engine = createMatchingEngine({ symbols: [{ priceTicksMax: 1 << 18 }], ordersMax: 4096 })
  const traded: string[] = []
  for (let at = 0; at < operations.count; at++) {
    const kind = operations.kinds[at]!
    const id = operations.ids[at]!
    if (kind === OPERATION.cancel) assert.ok(engine.cancel(id) > 0, `operation ${at} cancels an order that rests`)
    else {
      const [side, priceTicks, lots] = [operations.sides[at]!, operations.priceTicks[at]!, operations.sizeLots[at]!]
      engine.place(
        0,
        kind === OPERATION.marketable ? 2 ** 31 - 1 : id,
        0,
        side,
        priceTicks,
        lots,
        instructionOfKind(kind),
      )
    }
    for (let i = 0; i < engine.events.count; i++)
      traded.push(`${engine.events.makerId(i)} ${engine.events.sizeLots(i)}`)
  }
  const recorded: string[] = []
  for (let row = 0; row < flow.count; row++) {
    if (flow.kinds[row] === FLOW.execute) recorded.push(`${flow.orderIds[row]} ${flow.lots[row]}`)
  }
  assert.ok(recorded.length > 100)
  assert.deepEqual(traded, recorded)
})
