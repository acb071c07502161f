// What a frame is read as, above all what is hostile: a request is answered under the name that it was given, or under
// none.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CodedError } from '../errors/coded-error.ts'
import { parseMessage } from './parse-message.ts'

const codeOf = (text: string) => {
  const { content } = parseMessage(text)
  return content instanceof CodedError ? content.code : content.type
}

describe('a requestId', () => {
  for (const [given, expected] of [
    ['"r1"', 'r1'],
    ['""', ''],
    ['"\\ud800"', '\ud800'],
    ['"__proto__"', '__proto__'],
    ['0', 0],
    ['-7', -7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['1.0', 1],
    ['1e3', 1_000],
  ] as const) {
    test(`of ${given} comes back as it is`, () => {
      const { requestId, content } = parseMessage(`{"type":"ping","requestId":${given}}`)
      assert.equal(requestId, expected)
      assert.ok(!(content instanceof CodedError))
      assert.deepEqual(JSON.parse(JSON.stringify({ requestId })).requestId, JSON.parse(given))
    })
  }

  for (const given of [
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '-1e400',
    '1e308',
    '1.5',
    '1e-400',
    '-0.0e-5000',
    '0.99999999999999999999',
    '7.00000000000000000001',
    'true',
    'null',
    '{}',
    '["r1"]',
    '{"toString":1}',
    '[[[[[[[[]]]]]]]]',
  ]) {
    test(`of ${given} is refused, and not sent back`, () => {
      const text = `{"type":"ping","requestId":${given}}`
      assert.deepEqual([parseMessage(text).requestId, codeOf(text)], [undefined, 'bad-request'])
    })
  }

  test('that is too long is refused, under its own name', () => {
    const requestId = 'x'.repeat(65)
    const frame = parseMessage(JSON.stringify({ type: 'ping', requestId }))
    assert.deepEqual([frame.requestId, codeOf(JSON.stringify({ type: 'ping', requestId }))], [requestId, 'bad-request'])
  })
})

describe('a frame', () => {
  const order = {
    type: 'order.place',
    clientOrderId: 'a',
    symbol: 'VELTR',
    side: 'buy',
    orderType: 'limit',
    size: 1,
    price: 1,
  }
  const withField = (name: string, json: string) =>
    `${JSON.stringify({ ...order, [name]: undefined }).slice(0, -1)},"${name}":${json}}`

  test('of an order is read', () => assert.equal(codeOf(JSON.stringify(order)), 'order.place'))

  for (const [name, json] of [
    ['size', '9007199254740993'],
    ['size', '1e400'],
    ['size', '1.5'],
    ['size', '-1'],
    ['size', '"1"'],
    ['price', '1e400'],
    ['price', '-0'],
    ['price', '0'],
    ['price', 'null'],
    ['postOnly', '1'],
    ['__proto__', '{"size":5}'],
    ['constructor', '{}'],
    ['toString', '"x"'],
    ['requestID', '1'],
  ] as const) {
    test(`of an order with ${name} ${json} is a bad request`, () => {
      assert.equal(codeOf(withField(name, json)), 'bad-request')
    })
  }

  for (const text of [
    '',
    '{',
    '{"type":"ping"',
    'NaN',
    '{"type":"ping","requestId":NaN}',
    '{"type":"ping","requestId":Infinity}',
    '{"type":"ping","requestId":0x10}',
    "{'type':'ping'}",
    '\u0000',
    '{"type":"ping"}{"type":"ping"}',
  ]) {
    test(`${JSON.stringify(text)} is no JSON`, () => assert.equal(codeOf(text), 'bad-json'))
  }

  for (const text of [
    'null',
    '1',
    '"ping"',
    '[]',
    '[{"type":"ping"}]',
    '{}',
    '{"type":1}',
    '{"type":"__proto__"}',
    '{"type":"constructor"}',
    '{"type":"hasOwnProperty"}',
    '{"__proto__":{"type":"ping"}}',
    `{"type":"resend","from":9007199254740993}`,
    `{"type":"logon","nextSeq":1e400}`,
    `{"type":"subscribe","subscription":"s","symbols":[${'"",'.repeat(2_000)}""]}`,
    `{"type":"subscribe","subscription":"s","maxHz":1e400}`,
  ]) {
    test(`${text.slice(0, 60)} is a bad request that says why in a line`, () => {
      const { content } = parseMessage(text)
      assert.ok(content instanceof CodedError && content.code === 'bad-request')
      assert.match(content.message, /^[^\n]{5,300}$/)
    })
  }

  test('that is nested too deeply is refused as such, also where its numbers would be read a second time', () => {
    const nested = `${'['.repeat(4_000)}${']'.repeat(4_000)}`
    for (const text of [nested, `${'{"a":'.repeat(1_300)}1${'}'.repeat(1_300)}`, `{"requestId":1e0,"x":${nested}}`]) {
      assert.equal(codeOf(text), 'too-deep')
    }
  })

  test('of duplicate keys is read by the last, and answered under it', () => {
    assert.equal(parseMessage('{"type":"ping","requestId":1,"requestId":2}').requestId, 2)
    assert.equal(codeOf('{"type":"ping","type":"nothing"}'), 'bad-request')
  })
})
