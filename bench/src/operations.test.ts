// The assumptions of the engine benchmark about its order flow and its statistics.

import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { medianOf, percentile } from './measure.ts'
import { ALL_ORDER_TYPES, generateOperations, OPERATION, PROFILES } from './operations.ts'
import { AllOrderTypesPlayer, NodejsOrderBookPlayer, PapertapePlayer } from './players.ts'
import { isMet } from './thresholds.ts'

for (const profile of PROFILES) {
  test(`${profile.name}: both books make the same trades, repeatedly`, () => {
    const small = { ...profile, restingOrders: 200 }
    const operations = generateOperations(small, 5_001, 7)
    const ours = new PapertapePlayer(operations, 1)
    const peer = new NodejsOrderBookPlayer(operations, operations.count)
    for (let stream = 0; stream < 2; stream++) {
      ours.run(0, operations.count)
      peer.run(0, operations.count)
      deepEqual([ours.digest, ours.trades], [peer.digest, peer.trades])
    }
    ok(ours.trades > 0)
  })
}

test('realistic is half adds, half cancels, and one order in twenty is marketable', () => {
  const { kinds, count } = generateOperations(PROFILES[0]!, 200_000, 7)
  const share = (kind: number) => kinds.reduce((sum, other) => sum + (other === kind ? 1 : 0), 0) / count
  ok(Math.abs(share(OPERATION.marketable) - 0.05) < 0.01, `${share(OPERATION.marketable)} marketable`)
  ok(Math.abs(share(OPERATION.add) - 0.5) < 0.1, `${share(OPERATION.add)} adds`)
})

test('all order types occur, and a stream can be repeated', () => {
  const operations = generateOperations({ ...ALL_ORDER_TYPES, restingOrders: 500 }, 200_000, 7)
  const counts = (column: Uint8Array) => new Set(column).size
  const { kinds, instructions, selfTrades, displayLots } = operations
  deepEqual([kinds, instructions, selfTrades, displayLots].map(counts), [4, 5, 5, 2])
  const player = new AllOrderTypesPlayer(operations, 1)
  player.run(0, operations.count)
  const once = player.trades
  player.run(0, operations.count)
  equal(player.trades, once * 2)
})

test('a percentile is the value that its share does not exceed', () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => 1000 - index)
  deepEqual([percentile(values, 0.5), percentile(values, 0.999), percentile(values, 1)], [500, 999, 1000])
})

test('a threshold is met at its value, and on one side of it', () => {
  const bar = { name: 'any', value: 3, decimals: 0 }
  deepEqual([isMet({ ...bar, atLeast: 3 }), isMet({ ...bar, atLeast: 4 })], [true, false])
  deepEqual([isMet({ ...bar, atMost: 3 }), isMet({ ...bar, atMost: 2 })], [true, false])
})

test('a median is the middle value, or the mean of the two middle values', () => {
  deepEqual([medianOf([3, 1, 2]), medianOf([4, 1, 3, 2])], [2, 2.5])
  equal(medianOf([7]), 7)
})
