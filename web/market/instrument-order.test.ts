// The order of the watchlist.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrder, nextSorting, type SortColumn, type Sorting } from './instrument-order.ts'
import type { InstrumentSummary } from './selectors.ts'

const LIST = [{ symbol: 'BBB' }, { symbol: 'CCC' }, { symbol: 'AAA' }, { symbol: 'DDD' }]
const LAST: Readonly<Record<string, number | null>> = { AAA: 5, BBB: 7, CCC: null, DDD: 5 }

function symbolsBy(sorting: Sorting | null): string[] {
  const summaryOf = (symbol: string) =>
    ({ symbol, last: LAST[symbol] ?? null, volume: 0 }) as Pick<InstrumentSummary, SortColumn>
  return inOrder(LIST, sorting, summaryOf).map(({ symbol }) => symbol)
}

test('rows are in the order of a column, both ways; without a figure last, equal ones as in the list', () => {
  assert.deepEqual(symbolsBy({ column: 'last', isDescending: true }), ['BBB', 'AAA', 'DDD', 'CCC'])
  assert.deepEqual(symbolsBy({ column: 'last', isDescending: false }), ['AAA', 'DDD', 'BBB', 'CCC'])
  assert.deepEqual(symbolsBy({ column: 'symbol', isDescending: false }), ['AAA', 'BBB', 'CCC', 'DDD'])
  assert.deepEqual(symbolsBy({ column: 'volume', isDescending: true }), ['BBB', 'CCC', 'AAA', 'DDD'])
  assert.deepEqual(symbolsBy(null), ['BBB', 'CCC', 'AAA', 'DDD'])
})

test('three presses of a head: the usual order, its reverse, the own order of the list', () => {
  const first = nextSorting('last', { column: 'symbol', isDescending: true })
  assert.deepEqual(first, { column: 'last', isDescending: true })
  const second = nextSorting('last', first)
  assert.deepEqual(second, { column: 'last', isDescending: false })
  assert.equal(nextSorting('last', second), null)
  assert.deepEqual(nextSorting('symbol', null), { column: 'symbol', isDescending: false })
})
