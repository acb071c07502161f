// Bytes of heads and frames against requests and frames that are written out.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type HeaderField,
  pieceFramingBytes,
  requestHeadBytes,
  responseHeadBytes,
  socketFrameHeadBytes,
  upgradeBytes,
} from './byte-cost.ts'

const FIELDS: readonly HeaderField[] = [
  ['Accept', '*/*'],
  ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/143.0.0.0'],
]
const HEAD = { method: 'GET', target: '/v1/poll?last=k3f9-4216', host: 'localhost:8080', fields: FIELDS }

describe('the cost of a transport in bytes', () => {
  test('of a request over HTTP/1.1 is its text, each time', () => {
    const text =
      'GET /v1/poll?last=k3f9-4216 HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n' +
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/143.0.0.0\r\n\r\n'
    assert.equal(requestHeadBytes('http/1.1', HEAD, false), text.length)
    assert.equal(requestHeadBytes('http/1.1', HEAD, true), text.length)
    assert.equal(
      responseHeadBytes('http/1.1', 200, [['Content-Type', 'application/json']], true),
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n'.length,
    )
  })

  test('of a repeated request over HTTP/2 is its target and an index for each other field', () => {
    const first = requestHeadBytes('h2', HEAD, false)
    const repeated = requestHeadBytes('h2', HEAD, true)
    const target = Math.round(HEAD.target.length * 0.75)
    // Frame head; method, scheme, authority and two fields as indices; the target as a literal.
    assert.equal(repeated, 9 + 5 + 2 + target)
    assert.ok(first > 2 * repeated && first < requestHeadBytes('http/1.1', HEAD, false))
    assert.equal(responseHeadBytes('h2', 200, FIELDS, true), 9 + 3)
  })

  test('of a piece of a stream is the size line and two line ends, or the head of a DATA frame', () => {
    assert.equal(pieceFramingBytes('http/1.1', 0xff), 'ff\r\n\r\n'.length)
    assert.equal(pieceFramingBytes('http/1.1', 0x100), '100\r\n\r\n'.length)
    assert.equal(pieceFramingBytes('h2', 5_000), 9)
  })

  test('of a WebSocket frame grows with the length that it states, and with the mask', () => {
    const heads = [125, 126, 65_535, 65_536].map(bytes => socketFrameHeadBytes(bytes, false))
    assert.deepEqual(heads, [2, 4, 4, 10])
    assert.equal(socketFrameHeadBytes(10, true), 6)
  })

  test('of an upgrade is both heads', () => {
    const request =
      'GET /v1/socket HTTP/1.1\r\nHost: localhost:8080\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: papertape.v1\r\n\r\n`
    const answer =
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: papertape.v1\r\n\r\n'
    assert.equal(upgradeBytes('/v1/socket', 'localhost:8080', [], 'papertape.v1'), request.length + answer.length)
  })
})
