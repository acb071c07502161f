// traceparent: which one is valid, that it is in every kind of answer, and in the log of the request; and that the log
// has no secret of a real request.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { ask, OPERATOR_TOKEN } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'
import { traceparentOf } from './trace-context.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const VALID = `00-${TRACE_ID}-00f067aa0ba902b7-01`

test('a traceparent is valid by its form; of a later version the known part counts', () => {
  for (const valid of [VALID, VALID.replace(/1$/, '0'), VALID.replace(/^00/, 'cc')])
    assert.equal(traceparentOf({ traceparent: valid }), valid)
  const later = VALID.replace(/^00/, '01')
  assert.equal(traceparentOf({ traceparent: `${later}-what-comes` }), later)
  const invalid = [
    '',
    'x',
    VALID.toUpperCase(),
    `${VALID}-more`,
    `${later}more`,
    VALID.replace(/^00/, 'ff'),
    VALID.replace(TRACE_ID, '0'.repeat(32)),
    VALID.replace('00f067aa0ba902b7', '0'.repeat(16)),
    VALID.slice(0, -1),
    `${VALID}, ${VALID}`,
  ]
  for (const traceparent of [...invalid, undefined])
    assert.equal(traceparentOf({ traceparent }), undefined, `${traceparent}`)
})

describe('a request', () => {
  const logLines: string[] = []
  let server: TestServer
  before(async () => {
    server = await openTestServer({ logLines, logLevel: 'info' })
  })
  after(() => server.close())

  test('gets its traceparent back, with errors too; an invalid one is ignored', async () => {
    const headers = { traceparent: VALID }
    for (const [route, status] of [
      ['GET /v1/instruments', 200],
      ['GET /v1/nothing', 404],
      ['GET /metrics', 200],
      ['POST /v1/orders', 400],
      ['GET /binance/api/v3/ping', 200],
    ] as const) {
      const answer = await ask(server, route, { headers })
      assert.deepEqual([answer.status, answer.headers.traceparent], [status, VALID], route)
    }
    const invalid = await ask(server, 'GET /v1/instruments', { headers: { traceparent: 'x' } })
    assert.deepEqual([invalid.status, invalid.headers.traceparent], [200, undefined])
  })

  test('of what shared caches may store gets none back, and has it in the log', async () => {
    while (server.feed.log.head < 512) await server.pass(10_000)
    logLines.length = 0
    const { status, headers } = await ask(server, `GET /v1/log/${server.epoch}/1`, { headers: { traceparent: VALID } })
    assert.deepEqual([status, headers.traceparent], [200, undefined])
    assert.match(String(headers['cache-control']), /public/)
    assert.equal(logLines.filter(line => line.includes(VALID)).length, 2)
  })

  test('of a stream or a WebSocket gets it back, too', async () => {
    const headers = { traceparent: VALID }
    const stream = http.get(`${server.url}/v1/stream`, { headers, agent: false })
    const [response] = await once(stream, 'response')
    assert.equal(response.headers.traceparent, VALID)
    stream.destroy()
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/socket`, 'papertape.v1', { headers })
    const [upgrade] = await once(socket, 'upgrade')
    assert.equal(upgrade.headers.traceparent, VALID)
    socket.terminate()
  })

  test('is found in the log by it, from its arrival to its answer', async () => {
    logLines.length = 0
    await ask(server, 'GET /v1/instruments', { headers: { traceparent: VALID } })
    await ask(server, 'GET /v1/instruments', { headers: { traceparent: 'x' } })
    const lines = logLines.map(line => JSON.parse(line) as { readonly msg: string; readonly traceparent?: string })
    assert.deepEqual(
      lines.map(({ msg, traceparent }) => [msg, traceparent]),
      [
        ['incoming request', VALID],
        ['request completed', VALID],
        ['incoming request', undefined],
        ['request completed', undefined],
      ],
    )
  })

  test('leaves no token, cookie or secret parameter in the log', async () => {
    const page = { origin: server.url, host: new URL(server.url).host, 'sec-fetch-site': 'same-origin' }
    const { token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const opened = await ask(server, 'POST /v1/accounts', { headers: page, body: {} })
    const [cookie] = opened.headers['set-cookie']![0]!.split(';') as [string]
    logLines.length = 0
    const bearer = { authorization: `Bearer ${token}` }
    await ask(server, 'GET /v1/account', { headers: bearer })
    await ask(server, 'GET /v1/account', { headers: { ...page, cookie } })
    await ask(server, `GET /v1/account?token=${token}`, { headers: bearer })
    await ask(server, `GET /v1/account?token=${token.replace('_', '%5F')}`)
    await ask(server, 'GET /v1/account?access_token=hush-hush&signature=hush-hush')
    await ask(server, 'POST /v1/operator', { headers: page, body: { token: OPERATOR_TOKEN } })
    await ask(server, 'POST /v1/orders', { headers: bearer, body: `{"token":"${token}"` })
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/socket`, 'papertape.v1', { headers: bearer })
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'logon', requestId: 'a', token }))
    await once(socket, 'message')
    socket.terminate()
    const text = logLines.join('')
    assert.ok(logLines.length >= 14, String(logLines.length))
    const secrets = [token, token.slice(3), cookie, cookie.split('=')[1]!, OPERATOR_TOKEN, 'hush-hush', 'authorization']
    for (const secret of secrets) assert.ok(!text.includes(secret), secret)
  })
})
