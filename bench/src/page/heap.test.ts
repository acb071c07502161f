// What a series of heap sizes says: its distance from the mean, and its growth.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeHeap } from './heap.ts'

test('a heap that stays the same does not deviate and does not grow', () => {
  const { minutes, deviationPercent, growthPercentPerMinute } = describeHeap([8, 8, 8, 8, 8], 15_000)
  assert.deepEqual([minutes, deviationPercent, growthPercentPerMinute], [1, 0, 0])
})

test('a heap that grows says how much a minute', () => {
  const { meanBytes, deviationPercent, growthPercentPerMinute } = describeHeap([90, 100, 110], 30_000)
  assert.deepEqual([meanBytes, deviationPercent, growthPercentPerMinute], [100, 10, 20])
})

test('a heap that goes up and down deviates without growth', () => {
  const { deviationPercent, growthPercentPerMinute } = describeHeap([80, 120, 80, 120, 80], 15_000)
  assert.deepEqual([deviationPercent, growthPercentPerMinute], [25, 0])
})
