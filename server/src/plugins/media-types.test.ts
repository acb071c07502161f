// Bodies: JSON without a content encoding, 415 for anything else.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

describe('an error', () => {
  let server: TestServer
  let token: string
  before(async () => {
    server = await openTestServer()
    token = (await ask(server, 'POST /v1/accounts')).body.token
  })
  after(() => server.close())
  const bearer = () => ({ authorization: `Bearer ${token}` })

  for (const [what, headers] of [
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['something like JSON', { 'content-type': 'application/jsonx' }],
    ['nothing that it says', { 'content-type': '' }],
    ['compressed JSON', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ] as const) {
    test(`of a body that is ${what} is a 415`, async () => {
      for (const route of ['POST /v1/orders', 'POST /v1/accounts', 'PATCH /v1/orders/1', 'POST /v1/operator']) {
        const answer = await ask(server, route, { headers: { ...bearer(), ...headers }, body: '{"cash":1}' })
        assert.deepEqual([answer.status, answer.body.code], [415, 'unsupported-media-type'], route)
        assert.equal(answer.headers.accept, 'application/json')
      }
    })
  }

  test('of a body without a media type is a 415, chunked too; JSON with a parameter is read', async () => {
    const { port } = server
    for (const framing of ['Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n']) {
      const text = `POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\n${framing}`
      assert.equal(readRaw(await exchange(port, text, { until: /\}$/ })).status, 415, framing)
    }
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    assert.equal((await ask(server, 'POST /v1/accounts', { headers, body: '{}' })).status, 201)
  })

  test('of a body that is nested too deeply is a 400 that says so', async () => {
    const body = `{"cash":${'['.repeat(30_000)}`
    const answer = await ask(server, 'POST /v1/accounts', { headers: { 'content-type': 'application/json' }, body })
    assert.deepEqual([answer.status, answer.body.code], [400, 'too-deep'])
  })

  test('is none for want of a body, where the media type of one is named', async () => {
    const headers = { ...bearer(), 'content-type': 'application/json' }
    for (const [route, status] of [
      ['DELETE /v1/orders', 200],
      ['DELETE /v1/orders/999', 404],
      ['POST /v1/accounts', 201],
      ['POST /v1/orders', 400],
    ] as const) {
      for (const length of [{}, { 'content-length': '0' }, { 'transfer-encoding': 'chunked' }]) {
        const answer = await ask(server, route, { headers: { ...headers, ...length } })
        assert.equal(answer.status, status, `${route} ${JSON.stringify(length)} ${answer.text}`)
      }
    }
  })
})
