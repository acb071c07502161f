// Quotes and books of a slow reader: no more at once than it takes, those first that wait longest, each at its rate.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MergedBooks } from '../classes/merged-books.ts'
import { PublishedEvent } from '../log/published-event.ts'
import { RatedUpdates } from './rated-updates.ts'

function open(rates = { quoteHz: 10, bookHz: 10 }) {
  let seq = 0
  const updates = new RatedUpdates(new MergedBooks(), rates, 0)
  const add = (event: 'quote' | 'book', symbol: string) => {
    const data = { seq: ++seq, ts: 0, symbol, prevSeq: 0, changes: [], checksum: 0 }
    updates.add(new PublishedEvent({ seq, event, symbol, data: JSON.stringify(data) }))
  }
  const flush = (nowMs?: number, bytesMax?: number) =>
    updates.flushDue(nowMs, bytesMax).map(({ event, data }) => `${event} ${JSON.parse(data).symbol}`)
  return { updates, add, flush }
}

describe('the updates of a slow reader', () => {
  test('leave at their rate, by symbol, books at another', () => {
    const { updates, add, flush } = open()
    updates.setRates({ quoteHz: 10, bookHz: 1 })
    for (const symbol of ['A', 'B']) add('quote', symbol)
    add('book', 'A')
    assert.deepEqual([updates.hasDue(99), flush(99)], [false, []])
    assert.deepEqual([updates.hasDue(100), flush(100)], [true, ['quote A', 'quote B']])
    assert.deepEqual([updates.hasDue(999), flush(1_000)], [false, ['book A']])
  })

  test('leave in parts, those first that wait longest, and one at least', () => {
    const { updates, add, flush } = open()
    for (const symbol of ['A', 'B', 'C']) add('quote', symbol)
    assert.equal(updates.firstSeq, 1)
    assert.deepEqual(flush(100, -5), ['quote A'])
    add('quote', 'A')
    assert.deepEqual([flush(200, 1), updates.firstSeq], [['quote B'], 3])
    assert.deepEqual([flush(), updates.firstSeq], [['quote C', 'quote A'], undefined])
  })
})
