// What the engine benchmark takes for granted about its order flow and its figures.

import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { median } from './measure.ts'
import { generateOperations, OPERATION, PROFILES } from './operations.ts'
import { NodejsOrderBookPlayer, PapertapePlayer } from './players.ts'

for (const profile of PROFILES) {
  test(`${profile.name}: both books make the same trades, again and again`, () => {
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

test('a median is the middle, or the mean of the two in the middle', () => {
  deepEqual([median([3, 1, 2]), median([4, 1, 3, 2])], [2, 2.5])
  equal(median([7]), 7)
})
