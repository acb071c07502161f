// The contract suite against the mocks: MSW handlers in this process, at a clock that stands still unless it is
// advanced. While MSW listens it takes every socket of the process, so that no server is started here.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { REQUIREMENTS, runSuite } from '@papertape/conformance'
import { createMarket, handlers } from '@papertape/mocks'
import { setupServer } from 'msw/node'

/** What handlers cannot have, with the reason. */
const NOT_KEPT: Readonly<Record<string, string>> = {
  'cookie-page': 'MSW keeps no cookies: the page that has the market is the one browser of it',
  'cookie-accounts': 'likewise',
}
/** Of the server alone: its documents, disk and workers; and what is not there yet. */
const NOT_OFFERED = ['reset-expired', 'rest-metrics', 'rest-docs', 'simulations']

describe('the mocks', () => {
  it('pass the contract suite', async test => {
    const market = await createMarket({ seed: 7, symbols: 5 })
    const server = setupServer(...handlers(market))
    server.listen({ onUnhandledFrame: 'error' })
    test.after(() => server.close())
    await market.advance('30s')
    const target = { url: 'http://localhost', fetch: fetchOfService, WebSocket, advance: market.advance.bind(market) }
    const results = await runSuite(target, REQUIREMENTS)
    const failed = results.filter(({ verdict }) => verdict.status === 'failed')
    assert.deepEqual(
      failed.map(({ requirement }) => requirement.id),
      Object.keys(NOT_KEPT),
      JSON.stringify(failed.map(({ verdict }) => verdict)),
    )
    const notOffered = results
      .filter(({ verdict }) => verdict.status === 'notOffered')
      .map(({ requirement }) => requirement.id)
    assert.deepEqual(
      notOffered.filter(id => !id.startsWith('raw-')),
      NOT_OFFERED,
    )
  })
})

/** There are no handlers for the server's pages. */
const fetchOfService: typeof fetch = (url, init) =>
  /\/(docs|metrics)$/.test(String(url)) ? Promise.resolve(new Response(null, { status: 501 })) : fetch(url, init)
