// The delay queue: each item at its time, never out of order.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import { createDelayQueue } from './delay-queue.ts'

describe('a delay queue', () => {
  it('delivers no item before its time, nor before an item ahead of it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const delivered: { readonly item: string; readonly atMs: number }[] = []
    const queue = createDelayQueue((item: string) => {
      delivered.push({ item, atMs: performance.now() })
      if (delivered.length === 3) resolve()
    })
    const startMs = performance.now()
    queue.push('a', startMs + 40)
    queue.push('b', startMs + 5)
    queue.push('c', startMs + 60)
    await within(promise, 'three items')
    assert.deepEqual(
      delivered.map(({ item }) => item),
      ['a', 'b', 'c'],
    )
    assert.ok(delivered[0]!.atMs - startMs >= 39)
    assert.ok(delivered[2]!.atMs - startMs >= 59)
  })

  it('delivers nothing once it is cleared', async () => {
    const delivered: string[] = []
    const queue = createDelayQueue((item: string) => delivered.push(item))
    queue.push('a', performance.now() + 10)
    queue.clear()
    await delay(30)
    assert.deepEqual(delivered, [])
  })
})
