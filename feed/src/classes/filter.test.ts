// What a subscription takes, and when two are the same.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEventName, FeedRequest } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { createFilter, effectiveHz, filterKey, isConflated } from './filter.ts'

const REQUEST: FeedRequest = {
  symbols: [],
  events: ['trade', 'status', 'news'],
  books: [],
  maxHz: 10,
  snapshot: true,
  last: undefined,
}
const event = (kind: FeedEventName, symbol: string | null, data: object = {}): EncodedEvent => ({
  seq: 1,
  event: kind,
  symbol,
  data: JSON.stringify(data),
})
const news = (...symbols: string[]) => event('news', null, { symbols })

describe('a filter', () => {
  const all = createFilter(REQUEST)
  const one = createFilter({ ...REQUEST, symbols: ['PPR'] })
  const CASES: readonly [name: string, event: EncodedEvent, byAll: boolean, byOne: boolean][] = [
    ['a trade of its symbol', event('trade', 'PPR'), true, true],
    ['a trade of another', event('trade', 'TAPE'), true, false],
    ['a kind that was not asked for', event('quote', 'PPR'), false, false],
    ['the status of its symbol', event('status', 'PPR'), true, true],
    ['the status of another', event('status', 'TAPE'), true, false],
    ['the status of the whole market', event('status', null), true, true],
    ['news without symbols', news(), true, true],
    ['news of its symbol among others', news('TAPE', 'PPR'), true, true],
    ['news of others', news('TAPE'), true, false],
  ]
  for (const [name, given, byAll, byOne] of CASES) {
    test(name, () => assert.deepEqual([all.takes(given), one.takes(given)], [byAll, byOne]))
  }

  test('news that was not asked for is not taken, whatever it names', () => {
    const quotes = createFilter({ ...REQUEST, events: ['quote'], symbols: ['PPR'] })
    assert.deepEqual([quotes.takes(news()), quotes.takes(news('PPR'))], [false, false])
  })

  test('knows symbols and kinds apart', () => {
    assert.deepEqual([one.takesSymbol('PPR'), one.takesSymbol('TAPE'), all.takesSymbol('TAPE')], [true, false, true])
    assert.deepEqual([one.takesBook('PPR'), all.takesBook('PPR')], [false, false])
  })
})

describe('books', () => {
  const asked = { ...REQUEST, events: ['trade', 'book'] as const }
  /** What is taken of PPR, TAPE and VELTR: a trade, a book, a place in the snapshot, a book in it. */
  const CASES: readonly [name: string, request: Partial<FeedRequest>, takes: readonly string[]][] = [
    ['of all symbols when none is named', {}, ['tbsS', 'tbsS', 'tbsS']],
    ['of those of `symbols` when that names some', { symbols: ['PPR'] }, ['tbsS', '', '']],
    ['of one symbol beside the trades of all', { books: ['TAPE'] }, ['ts', 'tbsS', 'ts']],
    ['of a symbol that `symbols` has not', { symbols: ['PPR'], books: ['TAPE'] }, ['ts', 'bsS', '']],
    ['not at all when `events` has no book', { events: ['trade'], books: ['TAPE'] }, ['ts', 'ts', 'ts']],
    ['alone', { events: ['book'], symbols: ['PPR'], books: ['PPR'] }, ['bsS', '', '']],
  ]
  for (const [name, request, takes] of CASES) {
    test(name, () => {
      const filter = createFilter({ ...asked, ...request })
      const taken = ['PPR', 'TAPE', 'VELTR'].map(symbol =>
        [
          filter.takes(event('trade', symbol)) && 't',
          filter.takes(event('book', symbol)) && 'b',
          filter.takesSymbol(symbol) && 's',
          filter.takesBook(symbol) && 'S',
        ]
          .filter(Boolean)
          .join(''),
      )
      assert.deepEqual(taken, takes)
    })
  }

  test('make a class of their own only when they change what is sent', () => {
    const key = filterKey({ ...asked, symbols: ['PPR'] })
    assert.equal(filterKey({ ...asked, symbols: ['PPR'], books: ['PPR'] }), key)
    assert.notEqual(filterKey({ ...asked, symbols: ['PPR'], books: ['TAPE'] }), key)
    assert.equal(filterKey({ ...REQUEST, books: ['TAPE'] }), filterKey(REQUEST), 'no books are sent')
  })
})

test('two requests share a class when they ask for the same at the same rate, from wherever they come', () => {
  const key = filterKey({ ...REQUEST, symbols: ['PPR', 'TAPE'] })
  const same = { ...REQUEST, symbols: ['PPR', 'TAPE'], snapshot: false, last: 'k3f9-1' }
  assert.equal(filterKey({ ...same, events: ['news', 'trade', 'status'] }), key)
  for (const other of [
    { maxHz: 5 },
    { maxHz: null },
    { symbols: ['PPR'] },
    { symbols: [] },
    { events: ['trade'] as const },
  ]) {
    assert.notEqual(filterKey({ ...same, ...other }), key, JSON.stringify(other))
  }
})

test('quotes and books are folded, nothing else is', () => {
  const kinds = ['quote', 'trade', 'book', 'candle', 'status', 'news'] as const
  assert.deepEqual(kinds.filter(isConflated), ['quote', 'book'])
})

describe('the rate that is served', () => {
  test('is what was asked for where many ask for it, and never above', () => {
    for (const hz of [0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 50, 60])
      assert.equal(effectiveHz(hz), hz)
    for (let hz = 0.1; hz <= 60; hz += 0.013) {
      const served = effectiveHz(hz)
      assert.ok(served <= hz && served >= 0.75 * hz, `${hz} is served at ${served}`)
    }
  })

  test('lets a thousand readers with rates of their own share a few dozen classes', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => filterKey({ ...REQUEST, maxHz: 0.1 + (i * 59.9) / 999 }))
    assert.ok(new Set(keys).size < 40, `${new Set(keys).size} classes`)
  })
})
