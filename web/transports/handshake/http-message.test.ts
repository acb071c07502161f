// HTTP messages taken apart.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerValue, parseHttpMessage, statusOf } from './http-message.ts'

test('an answer has a status, headers whatever their case, and a body with its own line ends', () => {
  const answer = parseHttpMessage(
    'HTTP/1.1 426 Upgrade Required\r\nsec-websocket-version: 13\r\nA: b:c\r\n\r\n{\r\n\r\n}',
  )
  assert.equal(statusOf(answer), 426)
  assert.equal(headerValue(answer, 'Sec-WebSocket-Version'), '13')
  assert.equal(headerValue(answer, 'a'), 'b:c')
  assert.equal(headerValue(answer, 'Upgrade'), undefined)
  assert.equal(answer.body, '{\r\n\r\n}')
})

test('an answer without a body has an empty one', () => {
  assert.equal(parseHttpMessage('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n').body, '')
})
