// GET /metrics of the real app: its form, what it counts of real connections, and that docs/monitoring.md lists it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { parseMetrics } from '../testing/parse-metrics.ts'
import { ask, OPERATOR_TOKEN, openTestApp } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const GUIDE = new URL('../../../docs/monitoring.md', import.meta.url)
const TABLE = /\| Metric \|[\s\S]*?\n\n/
const WAIT_MAX_MS = 5_000

describe('the metrics', () => {
  let server: TestServer
  let scrapes = 0
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  async function read(series: string): Promise<number> {
    scrapes++
    const families = parseMetrics((await ask(server, 'GET /metrics')).text)
    const key = series.includes('{') ? series : `${series}{}`
    const value = [...families.values()].map(({ samples }) => samples.get(key)).find(found => found !== undefined)
    assert.ok(value !== undefined, series)
    return value
  }

  /** Polls: a connection that ends is noticed a turn later. */
  async function until(series: string, expected: (value: number) => boolean): Promise<void> {
    const endMs = performance.now() + WAIT_MAX_MS
    for (;;) {
      const value = await read(series)
      if (expected(value)) return
      assert.ok(performance.now() < endMs, `${series} is ${value}`)
      await server.pass(20)
    }
  }

  const connections = (endpoint: string, protocol = 'http/1.1') =>
    `papertape_connections{${endpoint},protocol="${protocol}"}`
  const closed = (endpoint: string, code: string) => `papertape_connections_closed_total{${endpoint},code="${code}"}`
  const STREAM = 'transport="sse",endpoint="stream"'
  const SOCKET = 'transport="websocket",endpoint="orderChannel"'
  const POLL = 'transport="longPoll",endpoint="poll"'

  test('follow the format: types, no series twice, buckets that add up; more than thirty, units at the end', async () => {
    const { status, headers, text } = await ask(server, 'GET /metrics')
    assert.deepEqual([status, headers['content-type']], [200, 'text/plain; version=0.0.4; charset=utf-8'])
    const families = parseMetrics(text)
    assert.ok(families.size >= 30, String(families.size))
    for (const [name, { type }] of families) {
      assert.match(name, /^(papertape|process)_[a-z_]+$/)
      assert.equal(name.endsWith('_total'), type === 'counter', name)
      assert.doesNotMatch(name, /_(ms|milliseconds|kilobytes|minutes)(_|$)/)
    }
  })

  test('are in OpenMetrics for those who ask for it', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5'
    const { headers, text } = await ask(server, 'GET /metrics', { headers: { accept } })
    assert.equal(headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    assert.ok(text.endsWith('# EOF\n'))
  })

  test('count streams over HTTP/1.1 and HTTP/2, their bytes, and that they were left, not answered', async () => {
    const ANSWERED = 'papertape_http_requests_total{method="GET",status="200"}'
    const start = { scrapes, answered: await read(ANSWERED) }
    const request = http.get(`${server.url}/v1/stream`, { agent: false })
    const [response] = await once(request, 'response')
    const [greeting] = (await once(response, 'data')) as [Buffer]
    assert.equal(await read(connections(STREAM)), 1)
    assert.ok((await read(`papertape_sent_bytes_total{${STREAM}}`)) >= greeting.length)
    const session = http2.connect(`https://127.0.0.1:${server.tlsPort}`, { rejectUnauthorized: false })
    const stream = session.request({ ':path': '/v1/stream' })
    await once(stream, 'response')
    assert.equal(await read(connections(STREAM, 'http/2')), 1)
    assert.equal(await read('papertape_feed_streams'), 2)
    request.destroy()
    session.destroy()
    await until(closed(STREAM, 'left'), value => value === 2)
    assert.deepEqual([await read(connections(STREAM)), await read(connections(STREAM, 'http/2'))], [0, 0])
    const scraped = scrapes - start.scrapes
    assert.equal((await read(ANSWERED)) - start.answered, scraped)
  })

  test('count WebSockets by the code that the server sent, or the client', async () => {
    const socketOf = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/socket`, 'papertape.v1')
      await once(socket, 'open')
      return socket
    }
    const [binary, leaving, lost, invalid] = await Promise.all([socketOf(), socketOf(), socketOf(), socketOf()])
    assert.equal(await read(connections(SOCKET)), 4)
    binary.send(Buffer.from('x'))
    leaving.close(1000)
    lost.terminate()
    // A text frame that is not UTF-8, masked with zeros.
    ;(invalid as unknown as { readonly _socket: NodeJS.WritableStream })._socket.write(
      Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]),
    )
    for (const code of ['1003', '1000', '1006', '1007']) await until(closed(SOCKET, code), value => value === 1)
    assert.equal(await read(connections(SOCKET)), 0)
    assert.ok((await read(`papertape_sent_bytes_total{${SOCKET}}`)) > 0)
  })

  test('count long polls, and what became of their positions', async () => {
    const { last } = (await ask(server, 'GET /v1/poll')).body
    await ask(server, `GET /v1/poll?last=${last}&wait=0`)
    await ask(server, 'GET /v1/poll?last=nonsense')
    assert.equal(await read(closed(POLL, 'answered')), 3)
    for (const outcome of ['resumed', 'bad-id'])
      assert.equal(await read(`papertape_feed_resumes_total{reader="poll",outcome="${outcome}"}`), 1)
  })

  test('count orders by what happened, and requests by status', async () => {
    const { token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const headers = { authorization: `Bearer ${token}` }
    const body = { clientOrderId: 'a', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }
    await ask(server, 'POST /v1/orders', { headers, body })
    await ask(server, 'POST /v1/orders', { headers, body: { ...body, clientOrderId: 'b', size: 100_000_000 } })
    assert.equal(await read('papertape_executions_total{exec_type="new"}'), 1)
    assert.equal(await read('papertape_executions_total{exec_type="rejected"}'), 1)
    assert.equal(await read('papertape_http_requests_total{method="POST",status="201"}'), 2)
    assert.equal(await read('papertape_http_requests_total{method="POST",status="422"}'), 1)
    assert.ok((await read('papertape_http_request_duration_seconds_count')) >= 3)
  })

  test('have no token, account or address in them', async () => {
    const { accountId, token } = (await ask(server, 'POST /v1/accounts', { body: {} })).body
    const { text } = await ask(server, 'GET /metrics', { headers: { authorization: `Bearer ${token}` } })
    for (const secret of [accountId, token, OPERATOR_TOKEN, '127.0.0.1']) assert.ok(!text.includes(secret))
  })
})

test('docs/monitoring.md lists each metric', async () => {
  const app = await openTestApp()
  // A metric of requests has labels when there was one.
  await ask(app, 'GET /health')
  const { text } = await ask(app, 'GET /metrics')
  await app.close()
  const labels = new Map<string, Set<string>>()
  const families = parseMetrics(text)
  for (const [name, { samples }] of families) {
    labels.set(
      name,
      new Set([...samples.keys()].flatMap(key => [...key.matchAll(/(\w+)="/g)].map(([, label]) => label!))),
    )
  }
  const rows = [...families].map(([name, { type, help }]) => {
    const named = [...labels.get(name)!].filter(label => label !== 'le').map(label => `\`${label}\``)
    return `| \`${name}\` | ${type} | ${named.join(', ')} | ${help} |`
  })
  const table = `${['| Metric | Type | Labels | Meaning |', '|---|---|---|---|', ...rows].join('\n')}\n\n`
  const guide = readFileSync(GUIDE, 'utf8')
  if (process.env.UPDATE_DOCS === '1')
    writeFileSync(
      GUIDE,
      guide.replace(TABLE, () => table),
    )
  else assert.equal(TABLE.exec(guide)?.[0], table, 'UPDATE_DOCS=1 npm test -w server writes it')
})
