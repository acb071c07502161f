// Large responses are compressed when the client accepts it, streams and small ones never; HEAD has the headers of GET.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { ask } from '../testing/test-app.ts'
import { exchange, openTestServer, readRaw, type TestServer } from '../testing/test-server.ts'

const LARGE = '/v1/transport'
const ACCEPTED = { 'accept-encoding': 'gzip, deflate, br' }
describe('a response', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer({ access: { origins: ['https://desk.example'] } })
  })
  after(() => server.close())

  test('a large JSON response is compressed as the client asks', async () => {
    const plain = await ask(server, `GET ${LARGE}`)
    assert.ok(plain.text.length > 1_400)
    assert.deepEqual([plain.headers['content-encoding'], plain.headers.vary], [undefined, 'Origin, Accept-Encoding'])
    for (const [accepted, encoding, unpack] of [
      ['gzip', 'gzip', gunzipSync],
      ['br, gzip', 'br', brotliDecompressSync],
      ['gzip;q=1, br;q=0.1', 'gzip', gunzipSync],
    ] as const) {
      const answer = await ask(server, `GET ${LARGE}`, { headers: { 'accept-encoding': accepted } })
      assert.equal(answer.headers['content-encoding'], encoding)
      assert.equal(unpack(Buffer.from(answer.text, 'latin1')).toString('latin1'), plain.text)
      assert.equal(Number(answer.headers['content-length']), answer.text.length)
      const head = await ask(server, `HEAD ${LARGE}`, { headers: { 'accept-encoding': accepted } })
      assert.deepEqual(
        [head.text, head.headers['content-encoding'], head.headers['content-length'], head.headers.vary],
        ['', encoding, answer.headers['content-length'], answer.headers.vary],
      )
    }
  })

  test('a small response, and one to a client that accepts no encoding, is not compressed', async () => {
    for (const [path, headers] of [
      ['/health', ACCEPTED],
      ['/v1/nothing', ACCEPTED],
      [LARGE, { 'accept-encoding': 'identity' }],
      [LARGE, { 'accept-encoding': 'gzip;q=0' }],
      [LARGE, {}],
    ] as const) {
      const answer = await ask(server, `GET ${path}`, { headers })
      assert.equal(answer.headers['content-encoding'], undefined, path)
      assert.match(answer.headers.vary ?? '', /Accept-Encoding/)
      assert.ok(answer.body !== undefined)
    }
  })

  test('a stream is never compressed', async () => {
    const asked = 'GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n\r\n'
    const { head, body } = readRaw(await exchange(server.port, asked, { until: /event: hello/ }))
    assert.doesNotMatch(head, /content-encoding/i)
    assert.match(head, /cache-control: no-store, no-transform/i)
    assert.match(body, /event: hello/)
  })
})
