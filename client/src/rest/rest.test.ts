// The REST wrapper over real sockets: what it asks for, and every way an answer can be wrong as a coded error.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, json, startBadServer } from '../testing/bad-server.ts'
import { retryAfterMs } from './problem.ts'
import { RequestError, Rest } from './rest.ts'

test('asks for what it was asked for, and leaves out what was not', async t => {
  const server = await startBadServer(t, (_, response) => json(response, 200, []))
  const rest = new Rest({ baseUrl: `${server.baseUrl}/` })
  assert.deepEqual(await rest.instruments(), [])
  await rest.instrument('A/B')
  await rest.book('PPR', { depth: 5 })
  await rest.trades('PPR', { limit: 10 })
  await rest.candles('PPR', { interval: '5m', from: 1 })
  await rest.quotes()
  await rest.quotes(['PPR', 'TAPE'])
  await rest.transport({ realtime: true, bidirectional: false })
  assert.deepEqual(
    server.requests.map(({ pathname, search }) => pathname + search),
    [
      '/v1/instruments',
      '/v1/instruments/A%2FB',
      '/v1/instruments/PPR/book?depth=5',
      '/v1/instruments/PPR/trades?limit=10',
      '/v1/instruments/PPR/candles?interval=5m&from=1',
      '/v1/quotes',
      '/v1/quotes?symbols=PPR%2CTAPE',
      '/v1/transport?realtime=true&bidirectional=false',
    ],
  )
})

test('writes JSON, with the token where there is one', async t => {
  const seen: unknown[] = []
  const server = await startBadServer(t, (_, response) => {
    const { method, headers } = response.req
    response.req.setEncoding('utf8').on('data', body => seen.push([method, headers.authorization, body]))
    response.req.on('end', () => json(response, 200, { accountId: 'a' }))
  })
  assert.equal((await new Rest(server).createAccount(500)).accountId, 'a')
  await new Rest({ baseUrl: server.baseUrl, token: 'x' }).send('PATCH', '/v1/orders/1', { size: 2 })
  assert.deepEqual(seen, [
    ['POST', undefined, '{"cash":500}'],
    ['PATCH', 'Bearer x', '{"size":2}'],
  ])
})

test('without a token the cookie says who it is: of the same origin, or of a listed one by wish', async () => {
  const seen: unknown[] = []
  const fetch = async (url: string, { credentials, headers }: RequestInit) => {
    seen.push([url, credentials, (headers as Record<string, string>).authorization])
    return Response.json({})
  }
  await new Rest({ environment: { fetch } }).get('/v1/account')
  await new Rest({ baseUrl: '/papertape/', environment: { fetch } }).get('/v1/account')
  await new Rest({ baseUrl: 'https://x.example', credentials: 'include', environment: { fetch } }).get('/v1/account')
  assert.deepEqual(seen, [
    ['/v1/account', 'same-origin', undefined],
    ['/papertape/v1/account', 'same-origin', undefined],
    ['https://x.example/v1/account', 'include', undefined],
  ])
})

test('every wrong answer is a RequestError with a code', async t => {
  const cases: [Answer, Partial<RequestError>][] = [
    [
      (_, r) => json(r, 400, { code: 'unknown-symbol', detail: 'no' }),
      { code: 'unknown-symbol', status: 400, detail: 'no' },
    ],
    [
      (_, r) => json(r, 429, { code: 'rate-limited' }, { 'retry-after': '3' }),
      { code: 'rate-limited', retryMs: 3_000 },
    ],
    [(_, r) => json(r, 503, { code: 'busy', retryMs: 250 }), { code: 'busy', retryMs: 250 }],
    [(_, r) => r.writeHead(502, { 'content-type': 'text/html' }).end('<h1>'), { code: 'http-502', status: 502 }],
    [(_, r) => r.writeHead(500, { 'content-type': 'application/json' }).end('{'), { code: 'http-500', status: 500 }],
    [(_, r) => r.writeHead(200).end('<h1>'), { code: 'bad-answer', status: 200 }],
    [(_, r) => void r.destroy(), { code: 'network', status: 0 }],
  ]
  for (const [answer, expected] of cases) {
    const server = await startBadServer(t, answer)
    await assert.rejects(new Rest(server).quotes(), error => {
      assert.ok(error instanceof RequestError)
      for (const [key, value] of Object.entries(expected)) assert.equal(error[key as keyof RequestError], value)
      return true
    })
  }
})

test('an abort is the caller’s own', async t => {
  const server = await startBadServer(t, () => controller.abort())
  const controller = new AbortController()
  await assert.rejects(new Rest(server).quotes([], controller.signal), { name: 'AbortError' })
})

test('Retry-After is seconds or a date', () => {
  assert.equal(retryAfterMs('120', 0), 120_000)
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 10_000), 20_000)
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 40_000), 0)
  assert.equal(retryAfterMs('soon', 0), undefined)
  assert.equal(retryAfterMs(null, 0), undefined)
})
