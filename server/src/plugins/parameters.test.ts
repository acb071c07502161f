// Query parameters: unknown ones are refused with the nearest known name, numbers are decimal digits.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('a refusal', () => {
  let server: TestApp
  let token: string
  before(async () => {
    server = await openTestApp()
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())
  const bearer = () => ({ authorization: `Bearer ${token}` })

  describe('of an unknown parameter', () => {
    for (const [route, words] of [
      ['GET /v1/stream?symbol=VELTR', /unknown parameter symbol; did you mean symbols\?/],
      ['GET /v1/stream?event=trade', /did you mean events\?/],
      ['GET /v1/stream?maxhz=1', /did you mean maxHz\?/],
      ['GET /v1/stream?last-event-id=x', /did you mean lastEventId\?/],
      ['GET /v1/poll?timeout=5', /did you mean wait\?/],
      ['GET /v1/quotes?symbol=VELTR', /did you mean symbols\?/],
      ['GET /v1/instruments?limit=5', /unknown parameter limit; none is taken/],
      ['GET /v1/instruments/VELTR/book?levels=5', /did you mean depth\?/],
      ['GET /v1/instruments/VELTR/trades?Limit=5', /did you mean limit\?/],
      ['GET /v1/instruments/VELTR/candles?resolution=1m', /did you mean interval\?/],
      ['GET /v1/transport?realTime=true', /did you mean realtime\?/],
      ['GET /v1/fills?since=5', /did you mean after\?/],
      ['DELETE /v1/orders?symbols=VELTR', /did you mean symbol\?/],
      ['GET /v1/market?__proto__=x', /unknown parameter __proto__/],
      ['GET /health?verbose', /unknown parameter verbose/],
      ['HEAD /v1/stream?symbol=VELTR', /^$/],
      ['GET /v1/quotes?zzzzzzzzzz=1', /unknown parameter zzzzzzzzzz; it takes symbols/],
    ] as const) {
      test(`names the nearest known one: ${route}`, async () => {
        const { status, body, text } = await ask(server, route, { headers: bearer() })
        assert.equal(status, 400)
        assert.match(body?.detail ?? text, words)
        if (text !== '') assert.equal(body.code, 'bad-parameter')
      })
    }

    for (const path of ['/v1/quotes?', '/v1/quotes?&', '/v1/quotes?symbols=', '/v1/quotes?sym%62ols=VELTR&']) {
      test(`finds none in ${path}`, async () => assert.equal((await ask(server, `GET ${path}`)).status, 200))
    }

    test('or of one that is given twice says so; a list may be', async () => {
      for (const route of ['GET /v1/stream?maxHz=1&maxHz=2', 'GET /v1/instruments/VELTR/trades?limit=1&limit=1']) {
        const { status, body } = await ask(server, route)
        assert.deepEqual([status, body.code], [400, 'bad-parameter'])
        assert.match(body.detail, /2 times/)
      }
      assert.equal((await ask(server, 'GET /v1/quotes?symbols=VELTR&symbols=NIMBR')).body.quotes.length, 2)
    })
  })

  for (const route of [
    'GET /v1/instruments/VELTR/book?depth=1.5',
    'GET /v1/instruments/VELTR/trades?limit=true',
    'GET /v1/instruments/VELTR/trades?before=0x10',
    'GET /v1/instruments/VELTR/candles?from=1e3',
    'GET /v1/orders?limit=%205',
    'GET /v1/fills?after=1.5',
    'GET /v1/poll?wait=0x1',
  ]) {
    test(`of a parameter that is no number in decimal digits: ${route}`, async () => {
      const { status, body } = await ask(server, route, { headers: bearer() })
      assert.deepEqual([status, body.code], [400, 'bad-parameter'])
      assert.match(body.detail, /number/)
    })
  }
})
