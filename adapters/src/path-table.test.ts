// Which handler a request finds: by method and path, with parameters, and none.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PathTable } from './path-table.ts'

const table = new PathTable({
  'GET /v2/stocks/snapshots': 'all',
  'GET /v2/stocks/:symbol': 'one',
  'DELETE /v2/stocks/:symbol': 'delete',
  'GET /v2/stocks/:symbol/bars/:which': 'bars',
})

describe('a route', () => {
  test('is found by method and path, a literal one before a pattern', () => {
    assert.deepEqual(table.find('GET', '/v2/stocks/snapshots'), { handler: 'all', params: {} })
    assert.deepEqual(table.find('GET', '/v2/stocks/PPR'), { handler: 'one', params: { symbol: 'PPR' } })
    assert.deepEqual(table.find('DELETE', '/v2/stocks/PPR')?.handler, 'delete')
    const params = { symbol: 'A B', which: 'latest' }
    assert.deepEqual(table.find('GET', '/v2/stocks/A%20B/bars/latest'), { handler: 'bars', params })
  })

  test('is missing for another path or method, an empty parameter, and one that is no text', () => {
    const cases = ['GET /v2', 'POST /v2/stocks/PPR', 'GET /v2/stocks/', 'GET /v2/stocks/%ff', 'GET /v2/stocks/PPR/']
    for (const one of cases) {
      const [method, path] = one.split(' ') as [string, string]
      assert.equal(table.find(method, path), undefined, one)
    }
  })
})
