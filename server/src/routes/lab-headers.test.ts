// The echo of a request's head over real sockets: the bytes that were sent, and no secret.

import assert from 'node:assert/strict'
import http2 from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

describe('GET /v1/lab/headers', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  test('counts the bytes of the head as sent over HTTP/1.1, and withholds values of cookies and tokens', async () => {
    const head =
      'GET /v1/lab/headers HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nCookie: papertape=secret\r\n' +
      'Authorization: Bearer secret\r\nX-Forwarded-For: 192.0.2.1\r\nSec-Fetch-Site: same-origin\r\n\r\n'
    const answer = readRaw(await exchange(server.port, head, { until: /\}$/ }))
    assert.equal(answer.status, 200)
    assert.doesNotMatch(answer.body, /secret|192\.0/)
    const { httpVersion, bytes, fields } = JSON.parse(answer.body)
    assert.deepEqual([httpVersion, bytes], ['1.1', head.length])
    assert.deepEqual(fields, [
      { name: 'Host', value: 'localhost', valueBytes: 9 },
      { name: 'Accept', value: '*/*', valueBytes: 3 },
      { name: 'Cookie', value: null, valueBytes: 16 },
      { name: 'Authorization', value: null, valueBytes: 13 },
      { name: 'X-Forwarded-For', value: null, valueBytes: 9 },
      { name: 'Sec-Fetch-Site', value: 'same-origin', valueBytes: 11 },
    ])
  })

  test('has the pseudo-header fields of HTTP/2 and no size of the compressed head', async t => {
    const session = http2.connect(`https://localhost:${server.tlsPort}`, { rejectUnauthorized: false })
    t.after(() => session.destroy())
    const stream = session.request({ ':path': '/v1/lab/headers', accept: '*/*', cookie: 'a=secret' })
    let body = ''
    for await (const chunk of stream.setEncoding('utf8')) body += chunk
    const { httpVersion, bytes, fields } = JSON.parse(body)
    assert.deepEqual([httpVersion, bytes], ['2', null])
    const values = Object.fromEntries(fields.map((field: { name: string; value: string }) => [field.name, field.value]))
    assert.deepEqual(values, {
      ':method': 'GET',
      ':authority': `localhost:${server.tlsPort}`,
      ':scheme': 'https',
      ':path': '/v1/lab/headers',
      accept: '*/*',
      cookie: null,
    })
  })

  test('is for pages of this origin and for programs, not for other pages', async () => {
    const answer = await ask(server, 'GET /v1/lab/headers', { headers: { origin: 'https://elsewhere.example' } })
    assert.equal(answer.status, 403)
  })
})
