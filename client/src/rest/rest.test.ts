// The REST calls over real sockets: the requests that they send, and every kind of failure as a coded error.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, type RequestHandler, startBadServer } from '../testing/bad-server.ts'
import { RequestError, Rest } from './rest.ts'

test('sends the parameters that are given, and no others', async t => {
  const server = await startBadServer(t, (_, response) => json(response, 200, []))
  const rest = new Rest({ baseUrl: `${server.baseUrl}/` })
  assert.deepEqual(await rest.instruments(), [])
  await rest.instrument('A/B')
  await rest.book('VELTR', { depth: 5 })
  await rest.trades('VELTR', { limit: 10 })
  await rest.candles('VELTR', { interval: '5m', from: 1, to: 2, limit: 3 })
  await rest.candlesOf(['VELTR', 'NIMBR'], { interval: '1m', limit: 60 })
  await rest.candlesOf([])
  await rest.quotes()
  await rest.quotes(['VELTR', 'NIMBR'])
  await rest.news({ before: 9 })
  await rest.logPage('k3f9', 513)
  await rest.orders({ status: 'ended', after: '17' })
  await rest.executions('17', { after: 3 })
  await rest.ledger({ after: '9_-70' })
  await rest.session()
  await rest.forgetAccount('p/1')
  await rest.transport({ realtime: true, bidirectional: false })
  assert.deepEqual(
    server.requests.map(({ pathname, search }) => pathname + search),
    [
      '/v1/instruments',
      '/v1/instruments/A%2FB',
      '/v1/instruments/VELTR/book?depth=5',
      '/v1/instruments/VELTR/trades?limit=10',
      '/v1/instruments/VELTR/candles?interval=5m&from=1&to=2&limit=3',
      '/v1/candles?interval=1m&limit=60&symbols=VELTR%2CNIMBR',
      '/v1/candles',
      '/v1/quotes',
      '/v1/quotes?symbols=VELTR%2CNIMBR',
      '/v1/news?before=9',
      '/v1/log/k3f9/513',
      '/v1/orders?status=ended&after=17',
      '/v1/orders/17/executions?after=3',
      '/v1/account/ledger?after=9_-70',
      '/v1/session',
      '/v1/session/accounts/p%2F1',
      '/v1/transport?realtime=true&bidirectional=false',
    ],
  )
})

test('sends JSON bodies, and the token when there is one', async t => {
  const seen: unknown[] = []
  const server = await startBadServer(t, (_, response) => {
    const { method, headers } = response.req
    response.req.setEncoding('utf8').on('data', body => seen.push([method, headers.authorization, body]))
    response.req.on('end', () => json(response, 200, { accountId: 'a' }))
  })
  assert.equal((await new Rest(server).createAccount({ cash: 500, margin: true })).accountId, 'a')
  const rest = new Rest(server)
  await rest.switchAccount('p1')
  await rest.resetAccount('p1', { cash: 7 })
  await rest.deposit({ clientDepositId: 'd', amount: 9 })
  await new Rest({ baseUrl: server.baseUrl, token: 'x' }).send('PATCH', '/v1/orders/1', { size: 2 })
  assert.deepEqual(seen, [
    ['POST', undefined, '{"cash":500,"margin":true}'],
    ['POST', undefined, '{"accountId":"p1"}'],
    ['POST', undefined, '{"cash":7}'],
    ['POST', undefined, '{"clientDepositId":"d","amount":9}'],
    ['PATCH', 'Bearer x', '{"size":2}'],
  ])
})

test('without a token sends the cookie to the same origin, and to another one with credentials: include', async () => {
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

test('rejects with a coded RequestError after every kind of failure', async t => {
  const cases: [RequestHandler, Partial<RequestError>][] = [
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

test('an abort rejects with AbortError', async t => {
  const server = await startBadServer(t, () => controller.abort())
  const controller = new AbortController()
  await assert.rejects(new Rest(server).quotes([], controller.signal), { name: 'AbortError' })
})
