// Merges of books: their effect, and that each is made once for all classes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Book } from '@papertape/protocol'
import { MergedBooks, mergeBooks } from './merged-books.ts'

const book = (seq: number, prevSeq = seq - 1, symbol = 'PPR'): Book => ({
  seq,
  ts: 1,
  time: 1,
  symbol,
  prevSeq,
  changes: [['bid', 1 + (seq % 2), seq]],
  checksum: seq,
})

test('a merge follows what the first book followed, ends with the last, and has each level once', () => {
  assert.deepEqual(mergeBooks([book(3), book(4), book(5)]), {
    ...book(5, 2),
    changes: [
      ['bid', 2, 5],
      ['bid', 1, 4],
    ],
  })
})

test('the merge of one book is that book', () => assert.deepEqual(mergeBooks([book(5)]), book(5)))

test('the same books are merged and encoded once, other symbols and other books on their own', t => {
  const stringify = t.mock.method(JSON, 'stringify')
  const merged = new MergedBooks()
  const data = merged.encode([book(3), book(4)])
  assert.equal(merged.encode([book(3), book(4)]), data)
  // A class may have merged some of them before.
  assert.equal(merged.encode([mergeBooks([book(3), book(4)])]), data)
  assert.equal(stringify.mock.callCount(), 1)
  for (const books of [[book(3)], [book(4)], [book(3), book(4), book(5)], [book(3, 2, 'TAPE'), book(4, 3, 'TAPE')]]) {
    assert.deepEqual(JSON.parse(merged.encode(books)), mergeBooks(books))
  }
  assert.equal(stringify.mock.callCount(), 5)
})

test('merges that are long past are dropped', t => {
  const stringify = t.mock.method(JSON, 'stringify')
  const merged = new MergedBooks()
  for (let seq = 1; seq <= 300; seq++) merged.encode([book(seq)])
  merged.encode([book(300)])
  assert.equal(stringify.mock.callCount(), 300)
  merged.encode([book(1)])
  assert.equal(stringify.mock.callCount(), 301)
})
