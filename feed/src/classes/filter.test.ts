// Which events a subscription includes, and which requests share a class.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEventName, FeedRequest } from '@papertape/protocol'
import { PublishedEvent } from '../log/published-event.ts'
import { createFilter, effectiveHz, filterKey, isConflated } from './filter.ts'

const REQUEST: FeedRequest = {
  symbols: [],
  events: ['trade', 'status', 'news'],
  books: [],
  maxHz: 10,
  snapshot: true,
  last: undefined,
}
const event = (kind: FeedEventName, symbol: string | null, data: object = {}) =>
  new PublishedEvent({ seq: 1, event: kind, symbol, data: JSON.stringify(data) })
const news = (...symbols: string[]) => event('news', null, { symbols })

describe('a filter', () => {
  const all = createFilter(REQUEST)
  const one = createFilter({ ...REQUEST, symbols: ['PPR'] })
  const CASES: readonly [name: string, event: PublishedEvent, byAll: boolean, byOne: boolean][] = [
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
    test(name, () => assert.deepEqual([all.includes(given), one.includes(given)], [byAll, byOne]))
  }

  test('does not include news that was not asked for, whatever symbols it names', () => {
    const quotes = createFilter({ ...REQUEST, events: ['quote'], symbols: ['PPR'] })
    assert.deepEqual([quotes.includes(news()), quotes.includes(news('PPR'))], [false, false])
  })

  test('has symbols and books apart', () => {
    assert.deepEqual(
      [one.includesSymbol('PPR'), one.includesSymbol('TAPE'), all.includesSymbol('TAPE')],
      [true, false, true],
    )
    assert.deepEqual([one.includesBook('PPR'), all.includesBook('PPR')], [false, false])
  })
})

describe('books', () => {
  const asked = { ...REQUEST, events: ['trade', 'book'] as const }
  /** Included of PPR, TAPE and VELTR: trades (t), books (b), the instrument in the snapshot (s), its book there (S). */
  const CASES: readonly [name: string, request: Partial<FeedRequest>, included: readonly string[]][] = [
    ['of all symbols when none is named', {}, ['tbsS', 'tbsS', 'tbsS']],
    ['of those of `symbols` when that names some', { symbols: ['PPR'] }, ['tbsS', '', '']],
    ['of one symbol beside the trades of all', { books: ['TAPE'] }, ['ts', 'tbsS', 'ts']],
    ['of a symbol that is not in `symbols`', { symbols: ['PPR'], books: ['TAPE'] }, ['ts', 'bsS', '']],
    ['not at all when `events` has no book', { events: ['trade'], books: ['TAPE'] }, ['ts', 'ts', 'ts']],
    ['alone', { events: ['book'], symbols: ['PPR'], books: ['PPR'] }, ['bsS', '', '']],
  ]
  for (const [name, request, included] of CASES) {
    test(name, () => {
      const filter = createFilter({ ...asked, ...request })
      const found = ['PPR', 'TAPE', 'VELTR'].map(symbol =>
        [
          filter.includes(event('trade', symbol)) && 't',
          filter.includes(event('book', symbol)) && 'b',
          filter.includesSymbol(symbol) && 's',
          filter.includesBook(symbol) && 'S',
        ]
          .filter(Boolean)
          .join(''),
      )
      assert.deepEqual(found, included)
    })
  }

  test('need another class only when they change what is sent', () => {
    const key = filterKey({ ...asked, symbols: ['PPR'] })
    assert.equal(filterKey({ ...asked, symbols: ['PPR'], books: ['PPR'] }), key)
    assert.notEqual(filterKey({ ...asked, symbols: ['PPR'], books: ['TAPE'] }), key)
    assert.equal(filterKey({ ...REQUEST, books: ['TAPE'] }), filterKey(REQUEST), 'no books are sent')
  })
})

test('two requests share a class when they ask for the same at the same rate, wherever they resume', () => {
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

test('quotes and books are conflated, nothing else is', () => {
  const kinds = ['quote', 'trade', 'book', 'candle', 'status', 'news'] as const
  assert.deepEqual(kinds.filter(isConflated), ['quote', 'book'])
})

describe('the effective rate', () => {
  test('is that of the request for common rates, never above it, and at most a quarter below', () => {
    for (const hz of [0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 50, 60])
      assert.equal(effectiveHz(hz), hz)
    for (let hz = 0.1; hz <= 60; hz += 0.013) {
      const served = effectiveHz(hz)
      assert.ok(served <= hz && served >= 0.75 * hz, `${hz} is served at ${served}`)
    }
  })

  test('lets a thousand readers with different rates share a few dozen classes', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => filterKey({ ...REQUEST, maxHz: 0.1 + (i * 59.9) / 999 }))
    assert.ok(new Set(keys).size < 40, `${new Set(keys).size} classes`)
  })
})
