// The reader of binary messages against the example of docs/binary.md, byte by byte, and what it refuses.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { BinaryReader } from './binary-reader.ts'

const GUIDE = readFileSync(new URL('../../../docs/binary.md', import.meta.url), 'utf8')
const EXAMPLE = bytesOf(/```hex\n([^`]+)```/.exec(GUIDE)![1]!)
const TABLE = { epoch: 'k3f9', instruments: [{ symbol: 'VELTR', tickUnits: 100, lotSize: 1 }] }

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s/g, ''), 'hex')
}

/** A reader that has had the table of the example. */
function reader(): BinaryReader {
  const text = Buffer.from(JSON.stringify(TABLE))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const opened = new BinaryReader()
  assert.deepEqual(read(Buffer.concat([bytesOf('01 04 74 61 70 65 01'), length, text]), opened), [])
  return opened
}

function read(bytes: Buffer, opened = reader()) {
  return opened.read(new Uint8Array(bytes).buffer)
}

describe('BinaryReader', () => {
  it('reads the example of the guide as its rows say', () => {
    const stamp = { time: 1_767_605_400_250, ts: 1_767_605_400_250_000, symbol: 'VELTR' }
    const trade = { seq: 4211, ...stamp, tradeId: 903, price: 184.33, size: 120, aggressor: 'buy' }
    const quote = { seq: 4213, ...stamp, bid: 184.33, ask: 184.34, bidSize: 18, askSize: 200, folded: 3 }
    const changes = [
      ['bid', 184.33, 18],
      ['ask', 184.34, 0],
    ]
    const book = { seq: 4212, ...stamp, checksum: 3_998_153_953, prevSeq: 4209, changes, folded: 2 }
    assert.deepEqual(read(EXAMPLE), [
      { subscription: 'tape', id: 'k3f9-4211', event: 'trade', data: trade },
      { subscription: 'tape', event: 'quote', data: quote },
      { subscription: 'tape', event: 'book', data: book },
    ])
  })

  it('refuses another version, an unknown kind, a symbol without a table, and a message that is cut off', () => {
    assert.throws(() => read(Buffer.from([2, ...EXAMPLE.subarray(1)])), /version 2/)
    assert.throws(() => read(bytesOf('01 01 61 09')), /unknown kind/)
    assert.throws(() => read(EXAMPLE, new BinaryReader()), /instrument 0, which no table has/)
    assert.throws(() => read(EXAMPLE.subarray(0, -1)), RangeError)
    assert.throws(() => read(bytesOf('01 01 61 02 05 00 00 00 7b')), RangeError)
  })
})
