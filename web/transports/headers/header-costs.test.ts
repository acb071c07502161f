// The costs of a head: the bytes that were sent over HTTP/1.1, whichever version it arrived in, and less with each
// request under HPACK.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestHeadEcho } from '@papertape/protocol'
import { headerCosts, headerTotals, http1HeadBytes, partsOf } from './header-costs.ts'

const ORIGIN = 'https://localhost:8443'
const PATH = '/v1/lab/headers'
const TEXT = `GET ${PATH} HTTP/1.1\r\nHost: localhost:8443\r\nConnection: keep-alive\r\nUser-Agent: Browser/1\r\nAccept: */*\r\n\
Cookie: papertape=0123456789abcdef\r\n\r\n`

const withValue = (name: string, value: string) => ({ name, value, valueBytes: value.length })
const COOKIE = { name: 'Cookie', value: null, valueBytes: 26 }
const HTTP1: RequestHeadEcho = {
  httpVersion: '1.1',
  bytes: TEXT.length,
  fields: [
    withValue('Host', 'localhost:8443'),
    withValue('Connection', 'keep-alive'),
    withValue('User-Agent', 'Browser/1'),
    withValue('Accept', '*/*'),
    COOKIE,
  ],
}
const HTTP2: RequestHeadEcho = {
  httpVersion: '2',
  bytes: null,
  fields: [
    withValue(':method', 'GET'),
    withValue(':authority', 'localhost:8443'),
    withValue(':scheme', 'https'),
    withValue(':path', PATH),
    withValue('user-agent', 'Browser/1'),
    withValue('accept', '*/*'),
    { ...COOKIE, name: 'cookie' },
    withValue('priority', 'u=1, i'),
  ],
}
const sum = (sizes: readonly number[]) => sizes.reduce((total, one) => total + one, 0)

test('the bytes over HTTP/1.1 are those that were sent, also of a head that arrived over HTTP/2', () => {
  for (const head of [HTTP1, HTTP2]) {
    const parts = partsOf(head, ORIGIN, PATH)
    assert.equal(http1HeadBytes(parts), TEXT.length)
    assert.equal(sum(headerCosts(parts).map(({ http1Bytes }) => http1Bytes)), TEXT.length)
  }
})

test('from the second request on a field is one byte; the path, which is not kept, costs the same again', () => {
  const costs = Object.fromEntries(headerCosts(partsOf(HTTP2, ORIGIN, PATH)).map(cost => [cost.name, cost.hpackBytes]))
  assert.deepEqual(costs['user-agent'], [9, 1, 1])
  assert.deepEqual(costs.connection, [0, 0, 0])
  assert.equal(costs.cookie![1], 1)
  const [first, second, tenth] = costs['request line']!
  assert.ok(first === second && second === tenth && first > 3)
})

test('the totals of a page have each path, and the table of one connection', () => {
  const paths = ['/', '/a', '/a']
  const { requests, http1Bytes, hpackBytes } = headerTotals(HTTP1, ORIGIN, paths)
  assert.equal(requests, 3)
  assert.equal(http1Bytes, 3 * (TEXT.length - PATH.length) + sum(paths.map(path => path.length)))
  const block = (path: string, at: number) =>
    sum(headerCosts(partsOf(HTTP1, ORIGIN, path)).map(cost => cost.hpackBytes[at]!))
  assert.equal(hpackBytes, block('/', 0) + 2 * block('/a', 1))
})
