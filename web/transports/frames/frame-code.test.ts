// What "copy as" copies: the subscription of a panel, the chosen request, the chosen message.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frameCode } from './frame-code.ts'
import type { LoggedFrame } from './frame-log.ts'
import { frameScope } from './frame-scope.ts'

const BASE = 'http://localhost:8080/desk'
const sent = (event: string, text: string, transport: LoggedFrame['transport'] = 'rest'): LoggedFrame => ({
  number: 1,
  transport,
  direction: 'out',
  event,
  id: '1',
  text,
  bytes: text.length,
  atMs: 0,
})
const curl = (...[scope, chosen]: Parameters<typeof frameCode> extends [infer S, infer C, string] ? [S, C] : never) =>
  frameCode(scope, chosen, BASE)[0]!.code

test('a panel of the feed: its events, of its instrument', () => {
  assert.equal(
    curl(frameScope('depth', 'BRK/A'), undefined),
    "curl -N 'http://localhost:8080/desk/v1/stream?symbols=BRK%2FA&events=book'",
  )
  assert.match(curl(frameScope('ticker', 'AAA'), undefined), /stream\?events=quote,trade'/)
  assert.match(curl(frameScope('feed', 'AAA'), undefined), /stream\?events=quote,trade,book,status,news'/)
})

test('a request: its method, address and body, with a token where it acts for an account', () => {
  const scope = frameScope('requests', '')
  const history = sent('GET', 'GET /desk/v1/instruments/AAA/candles?interval=1m')
  assert.equal(curl(scope, history), "curl 'http://localhost:8080/desk/v1/instruments/AAA/candles?interval=1m'")
  const order = sent('POST', `POST /desk/v1/orders\n\n{"text":"it's\n\none"}`)
  assert.equal(
    curl(scope, order),
    `# TOKEN is the token that POST /v1/accounts answers with.
curl 'http://localhost:8080/desk/v1/orders' \\
  -X POST \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"text":"it'\\''s\n\none"}'`,
  )
})

test('a poll, of whatever panel', () => {
  const poll = sent('GET', 'GET /desk/v1/poll?last=k-1&wait=25', 'longPoll')
  assert.match(curl(frameScope('tape', 'AAA'), poll), /v1\/poll\?last=k-1&wait=25'/)
})

test('a message of the order channel, after a logon; received ones are not sent', () => {
  const scope = frameScope('trading', 'AAA')
  const javaScript = (chosen: LoggedFrame | undefined) => frameCode(scope, chosen, BASE)[1]!.code
  const ping = sent('ping', '{"type":"ping"}', 'websocket')
  assert.match(javaScript(ping), /new WebSocket\("ws:\/\/localhost:8080\/desk\/v1\/socket", 'papertape.v1'\)/)
  assert.match(javaScript(ping), /logon.*\n.*send\("\{\\"type\\":\\"ping\\"\}"\)/)
  assert.equal(javaScript({ ...ping, direction: 'in' }).split('socket.send').length, 2)
  assert.equal(javaScript(undefined).split('socket.send').length, 2)
})

test('every program names the same address in each of the four languages', () => {
  for (const name of ['ticker', 'requests', 'orders'] as const) {
    const samples = frameCode(frameScope(name, 'AAA'), undefined, BASE)
    assert.deepEqual(
      samples.map(({ language }) => language),
      ['curl', 'JavaScript', 'Python', 'Go'],
    )
    for (const { code } of samples) assert.match(code, /localhost:8080\/desk\/v1\/(stream|instruments|socket)/)
  }
})
