// The tournament tree against a linear search: always the earliest wake, and of equal ones the lowest agent.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seedRandom } from './random/random.ts'
import { createWakeOrder } from './wake-order.ts'

const SEED = Number(process.env.TEST_SEED ?? 1)

test('the earliest wake is first, of equal ones the lowest agent', () => {
  const random = seedRandom(SEED, 'wake-order')
  for (const count of [1, 2, 3, 7, 8, 9, 100]) {
    const times = Array.from({ length: count }, () => random.below(20))
    const order = createWakeOrder(times)
    for (let change = 0; change < 500; change++) {
      const earliest = times.indexOf(Math.min(...times))
      assert.equal(order.first, earliest, `repeat: TEST_SEED=${SEED} npm test --workspace simulators`)
      assert.equal(order.timeOf(earliest), times[earliest])
      const agent = random.below(count)
      times[agent] = times[earliest]! + random.below(20)
      order.set(agent, times[agent]!)
    }
  }
})
