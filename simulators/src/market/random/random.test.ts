// The generator and its streams: published values, save and restore, independence by name.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restoreRandom, seedRandom } from './random.ts'

test('the generator is xoshiro128**: the published first outputs of state 1, 2, 3, 4', () => {
  const random = restoreRandom('1.2.3.4')
  assert.deepEqual([random.next(), random.next(), random.next(), random.next()], [11520, 0, 5927040, 70819200])
})

test('a restored stream continues where it was saved', () => {
  const random = seedRandom(7, 'VELTR', 'taker')
  for (let i = 0; i < 100; i++) random.next()
  const copy = restoreRandom(random.save())
  for (let i = 0; i < 100; i++) assert.equal(copy.next(), random.next())
})

test('each name and each seed has its own stream', () => {
  const starts = new Set<string>()
  for (const seed of [0, 1, 2, 2 ** 32, 2 ** 53 - 1]) {
    for (const symbol of ['A', 'B', 'AB'])
      for (const agent of ['maker', 'taker', 'B']) starts.add(seedRandom(seed, symbol, agent).save())
  }
  assert.equal(starts.size, 45)
})

test('unit() is uniform over (0, 1), and below() stays below its bound', () => {
  const random = seedRandom(1)
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, String(count))
  assert.ok(random.unit() > 0 && random.unit() < 1)
})
