// Parameters of streams that are all different.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distinctQueries } from './distinct-queries.ts'

const SYMBOLS = Array.from({ length: 20 }, (_, index) => `S${index}`)

test('a thousand streams have a thousand choices of instruments, and rates that the feed takes', () => {
  const queries = distinctQueries(SYMBOLS, 1_000).map(query => new URLSearchParams(query))
  assert.equal(new Set(queries.map(query => query.get('symbols'))).size, 1_000)
  for (const query of queries) {
    assert.equal(new Set(query.get('symbols')!.split(',')).size, 3)
    assert.ok(Number(query.get('maxHz')) >= 1 && Number(query.get('maxHz')) <= 60)
  }
  assert.deepEqual(new Set(queries.flatMap(query => query.get('symbols')!.split(','))), new Set(SYMBOLS))
})

test('more than there are choices are refused', () => {
  assert.throws(() => distinctQueries(SYMBOLS.slice(0, 4), 5))
})
