// Readers that join and leave at any moment of a sweep: each has every chunk from its first on once, in order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { type LiveReader, LiveReaders } from './live-readers.ts'

const PROGRESS = { sentUpTo: 0, unconflatedUpTo: 0, conflatedCount: 0 }
const chunkOf = (number: number) => ({ number, chunk: number, before: PROGRESS, after: PROGRESS })

class TestReader implements LiveReader<number> {
  readonly firstChunk: number
  readonly chunks: number[] = []
  hasLeft = false

  constructor(firstChunk: number) {
    this.firstChunk = firstChunk
  }

  write(chunk: number): void {
    assert.ok(!this.hasLeft, 'written to after it has left')
    this.chunks.push(chunk)
  }
}

test('each reader is written each chunk from its first on once, in order, whoever joins and leaves', () => {
  const anyStep = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('write'), value: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('join'), value: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('leave'), value: fc.nat(20) }) },
  )
  holds(
    import.meta.filename,
    fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), steps => {
      const readers = new LiveReaders<number>()
      const all: TestReader[] = []
      let chunk = 0
      const write = (writesMax: number) => {
        const isWritten = readers.writeSome(chunkOf(chunk), writesMax)
        if (isWritten) chunk++
        return isWritten
      }
      for (const { type, value } of steps) {
        const present = all.filter(({ hasLeft }) => !hasLeft)
        if (type === 'write') write(value)
        else if (type === 'join') {
          // As a reader that joins while `value` chunks wait: its first is the one that is made next.
          const reader = new TestReader(chunk + 1 + value)
          readers.add(reader, reader.firstChunk)
          all.push(reader)
        } else if (present.length > 0) {
          const reader = present[value % present.length]!
          readers.delete(reader)
          reader.hasLeft = true
        }
      }
      for (let rest = 0; rest < 5; ) if (write(3)) rest++
      const present = all.filter(({ hasLeft }) => !hasLeft)
      assert.equal(readers.size, present.length)
      for (const { chunks, firstChunk } of present) {
        const expected = Array.from({ length: Math.max(0, chunk - firstChunk) }, (_, i) => firstChunk + i)
        assert.deepEqual(chunks, expected)
      }
      for (const { chunks, firstChunk } of all) {
        for (const [i, number] of chunks.entries()) assert.equal(number, firstChunk + i)
      }
    }),
  )
})

test('none of many readers is always among the last', () => {
  const readers = new LiveReaders<number>()
  const order: number[] = []
  for (let n = 0; n < 100; n++) readers.add({ write: () => order.push(n) }, 0)
  const last = new Set<number>()
  for (let number = 0; number < 8; number++) {
    while (!readers.writeSome(chunkOf(number), 32)) {}
    last.add(order.at(-1)!)
  }
  assert.equal(order.length, 800)
  assert.ok(last.size >= 4, `last were ${[...last].join()}`)
})
