// Messages of a stream in both encodings: written, joined and read by the library that Alpaca's own client uses.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decode, encode } from '@msgpack/msgpack'
import { codecOf } from './stream-codec.ts'

const json = codecOf({})
const msgpack = codecOf({ 'content-type': 'application/msgpack' })

describe('a list of encoded messages', () => {
  test('in MessagePack is read as the list, of any length', () => {
    for (const length of [0, 1, 15, 16, 300, 70_000]) {
      const messages = Array.from({ length }, (_, index) => ({ T: 't', i: index }))
      const joined = msgpack.join(messages.map(message => msgpack.encode(message)))
      assert.deepEqual(decode(joined as Uint8Array), messages)
    }
  })

  test('in JSON is text', () => {
    assert.equal(json.join([json.encode({ T: 't' }), json.encode({ T: 'q' })]), '[{"T":"t"},{"T":"q"}]')
  })
})

test('a time is a timestamp in MessagePack and text in JSON', () => {
  const ms = Date.UTC(2026, 0, 5, 9, 30, 0, 250)
  assert.deepEqual(decode(msgpack.encode({ t: msgpack.writeTime(ms) }) as Uint8Array), { t: new Date(ms) })
  assert.equal(json.writeTime(ms), '2026-01-05T09:30:00.250000Z')
})

describe('a request', () => {
  test('is read in its encoding, JSON also as bytes or in place of MessagePack', () => {
    const request = { action: 'auth', key: 'a', secret: 'b' }
    const text = JSON.stringify(request)
    assert.deepEqual(json.decode(text), request)
    assert.deepEqual(json.decode(new TextEncoder().encode(text)), request)
    assert.deepEqual(msgpack.decode(encode(request)), request)
    assert.deepEqual(msgpack.decode(text), request)
  })

  test('that is no object is refused', () => {
    for (const data of [
      '',
      '[]',
      '{',
      '1',
      encode([1]),
      Uint8Array.of(0xc1),
      Uint8Array.of(0xdf, 255, 255, 255, 255),
    ]) {
      for (const codec of [json, msgpack]) {
        assert.throws(() => codec.decode(data), { code: 'bad-json' })
      }
    }
    assert.throws(() => json.decode(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`), { code: 'too-deep' })
  })
})
